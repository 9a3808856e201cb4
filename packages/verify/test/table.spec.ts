import { describe, expect, it } from '@jest/globals'
import { audit } from '../src/audit/audit.ts'
import { percentiles } from '../src/audit/percentiles.ts'
import { duration, table } from '../src/audit/table.ts'
import { arrived, mark, nothingBroke, sighting, written } from './records.ts'

describe('percentiles', () => {
  it('are values that occurred, by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)

    expect(percentiles(values)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 })
  })

  it('of one value are that value, and of none nothing', () => {
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 })
    expect(percentiles([])).toBeUndefined()
  })
})

describe('the table', () => {
  it('has one line per direction, with aligned columns', () => {
    const lines = table(audit(arrived([1, 2], 'toAgent'), nothingBroke)).split('\n')

    expect(lines).toHaveLength(3)
    expect(new Set(lines.map(line => line.length)).size).toBe(1)
    expect(lines[0]?.trim().split(/ {2,}/)).toEqual(['sent', 'delivered', 'lost', 'doubled', 'inverted', 'in doubt', 'p50', 'p95', 'p99', 'max'])
    expect(lines[1]?.trim().split(/ {2,}/)).toEqual(['guest → agent', '2', '2', '0', '0', '0', '0', '8.1 s', '9.0 s', '9.0 s', '9.0 s'])
    expect(lines[2]?.trim().split(/ {2,}/)).toEqual(['agent → guest', '0', '0', '0', '0', '0', '0', '-', '-', '-', '-'])
  })

  it('lists each message that is not simply delivered', () => {
    const ledger = written(2, 'toAgent')
    ledger.saw(mark('toAgent', 1), sighting(1100))

    expect(table(audit(ledger, nothingBroke)).split('\n').slice(3)).toEqual(['lost      #c0g2  12:00:02.000  never arrived, and nobody was told'])
  })
})

describe('durations', () => {
  it('are milliseconds up to a second, then seconds', () => {
    expect([0, 999, 1000, 12_345].map(duration)).toEqual(['0 ms', '999 ms', '1.0 s', '12.3 s'])
    expect(duration(undefined)).toBe('-')
  })
})
