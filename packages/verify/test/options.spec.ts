import { describe, expect, it } from '@jest/globals'
import { chaosKinds } from '../src/chaos/kinds.ts'
import { readOptions, UsageError, type VerifyOptions } from '../src/options.ts'

const read = (...args: string[]): VerifyOptions => {
  const options = readOptions(args, () => 99)
  if (options === 'help') throw new Error('help was not asked for')
  return options
}

describe('the options', () => {
  it('have defaults that belong together', () => {
    expect(read()).toEqual({
      messages: 1000,
      conversations: 60,
      tenants: 6,
      replicas: 3,
      rate: 40,
      seed: 99,
      chaos: [],
      everySeconds: 3,
      media: 0.02,
      patienceSeconds: 120,
    })
    expect(read('--messages', '20000')).toMatchObject({ messages: 20_000, conversations: 500, tenants: 15, rate: 100 })
  })

  it('take what is said instead, also behind the -- of pnpm', () => {
    expect(read('--', '--messages', '50', '--conversations', '5', '--tenants', '2', '--rate', '7.5', '--seed', '0', '--media', '1')).toMatchObject({
      messages: 50,
      conversations: 5,
      tenants: 2,
      rate: 7.5,
      seed: 0,
      media: 1,
    })
  })

  it('make a soak out of minutes', () => {
    expect(read('--minutes', '30', '--rate', '200')).toMatchObject({ messages: 360_000, rate: 200, conversations: 500 })
  })

  it('have no more conversations than messages', () => {
    expect(read('--messages', '3').conversations).toBe(3)
  })

  it('break everything, or what is named once', () => {
    expect(read('--chaos').chaos).toEqual(chaosKinds)
    expect(read('--chaos', '--every', '5')).toMatchObject({ chaos: [...chaosKinds], everySeconds: 5 })
    expect(read('--chaos', 'kill,cut,kill').chaos).toEqual(['kill', 'cut'])
  })

  it('break only what the Lab can, in a fleet that runs already', () => {
    const running = ['--gateway', 'https://www.acme.org/', '--lab', 'http://lab:8090']

    expect(read(...running, '--chaos')).toMatchObject({
      chaos: ['platform', 'duplicates', 'reorder'],
      running: { gatewayUrl: 'https://www.acme.org', labUrl: 'http://lab:8090' },
    })
    expect(() => read(...running, '--chaos', 'kill')).toThrow(UsageError)
  })

  it('ask for help', () => {
    expect(readOptions(['-h'], () => 0)).toBe('help')
  })

  it.each([
    ['--messages', '0'],
    ['--messages', '1.5'],
    ['--messages', ''],
    ['--messages', 'many'],
    ['--media', '1.1'],
    ['--replicas', '9'],
    ['--chaos', 'fire'],
    ['--chaos', 'kill,'],
    ['--gateway', 'http://here'],
    ['--gateway', 'here', '--lab', 'http://there'],
    ['--gateway', 'http://here', '--lab', 'http://there', '--replicas', '2'],
    ['--gateway', 'http://here', '--lab', 'http://there', '--user', 'admin'],
    ['--colour'],
    ['something'],
  ])('refuse %s %s', (...args) => {
    expect(() => read(...args)).toThrow(UsageError)
  })
})
