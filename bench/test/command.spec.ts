import { describe, expect, it } from '@jest/globals'
import { readOptions } from '../src/options.ts'
import { withTables } from '../src/report/render.ts'
import { table } from '../src/report/table.ts'

describe('the command line', () => {
  it('is read into numbers', () => {
    expect(readOptions(['memory', '--minutes', '30', '--rate', '200', '--services', 'api,aws-provider'])).toMatchObject({
      what: 'memory',
      quick: false,
      numbers: { minutes: 30, rate: 200 },
      services: ['api', 'aws-provider'],
    })
  })

  it('that says nothing asks for help', () => {
    expect(readOptions([])).toBe('help')
  })

  it('is refused with the reason', () => {
    expect(() => readOptions(['relai'])).toThrow('say one of relay, memory')
    expect(() => readOptions(['relay', '--rate', 'fast'])).toThrow('--rate "fast" is not a number')
    expect(() => readOptions(['guide', '--page-cache', 'mine'])).toThrow('own or shared')
  })
})

describe('the tables', () => {
  it('have columns as wide as their widest cell', () => {
    expect(table(['load', 'p50'], [['closed', '1.0']])).toBe('| load   | p50 |\n| ------ | --: |\n| closed | 1.0 |')
  })

  it('leave everything outside of their marks alone, and what has no result', () => {
    const document = 'before\n<!-- bench:relay -->\nold\n<!-- /bench -->\nbetween\n<!-- bench:guide -->\nkept\n<!-- /bench -->\nafter\n'
    const unknown = withTables(document, () => undefined)
    const known = withTables(document, name =>
      name === 'relay'
        ? {
            what: 'relay',
            machine: { cpu: 'x', cores: 2, memoryGiB: 8, kernel: '6', node: 'v24', revision: 'abc', at: '2026-01-02T00:00:00Z', loadBefore: 0 },
            options: { rounds: 1, seconds: 1, tenants: 1, guestsPerTenant: 1, inFlight: 1, rate: 100, memoryMiB: 256 },
            loads: {},
            halfRate: 1,
            peaks: {},
          }
        : undefined,
    )

    expect(unknown).toBe(document)
    expect(known).toContain('before\n<!-- bench:relay -->\n\n2026-01-02, revision abc')
    expect(known).not.toContain('old')
    expect(known).toContain('<!-- bench:guide -->\nkept\n<!-- /bench -->\nafter\n')
  })
})
