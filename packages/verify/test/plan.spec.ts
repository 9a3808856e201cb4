import { describe, expect, it } from '@jest/globals'
import { genesysFaults } from '@um/lab/simulators/genesys/fault-kinds'
import { telegramFaults } from '@um/lab/simulators/telegram/fault-kinds'
import { type Action, type Breakage, describe as words } from '../src/chaos/actions.ts'
import { chaosKinds } from '../src/chaos/kinds.ts'
import { breakages, type PlanShape } from '../src/chaos/plan.ts'

const shape: PlanShape = { seed: 5, kinds: chaosKinds, services: ['telegram-connector', 'api'], replicas: 3 }
const first = (count: number, overrides: Partial<PlanShape> = {}): Breakage[] => {
  const found: Breakage[] = []
  for (const breakage of breakages({ ...shape, ...overrides })) {
    if (found.length === count) break
    found.push(breakage)
  }
  return found
}
type Of<D extends Action['do']> = Extract<Action, { do: D }>
const actions = <D extends Action['do']>(found: readonly Breakage[], wanted: D): Of<D>[] =>
  found.map(({ action }) => action).filter((action): action is Of<D> => action.do === wanted)

describe('the plan of breakages', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(first(200)).toEqual(first(200))
    expect(first(200)).not.toEqual(first(200, { seed: 6 }))
  })

  it('has every kind once before any comes again', () => {
    const found = first(chaosKinds.length * 3).map(({ kind }) => kind)

    for (let round = 0; round < 3; round += 1) {
      expect(new Set(found.slice(round * chaosKinds.length, (round + 1) * chaosKinds.length)).size).toBe(chaosKinds.length)
    }
  })

  it('has the wanted kinds only, and is empty without any', () => {
    expect(new Set(first(50, { kinds: ['cut', 'kill'] }).map(({ kind }) => kind))).toEqual(new Set(['cut', 'kill']))
    expect(first(1, { kinds: [] })).toEqual([])
  })

  it('kills each replica and each Redis before any of them again, and RabbitMQ as often as all Redis together', () => {
    const killed = first(10, { kinds: ['kill'] }).map(({ action, forMs }) => words({ action, forMs }).split(', back')[0])

    expect(killed.toSorted()).toEqual([
      'kill -9 RabbitMQ',
      'kill -9 RabbitMQ',
      'kill -9 Redis of api',
      'kill -9 Redis of telegram-connector',
      'kill -9 api (replica 1)',
      'kill -9 api (replica 2)',
      'kill -9 api (replica 3)',
      'kill -9 telegram-connector (replica 1)',
      'kill -9 telegram-connector (replica 2)',
      'kill -9 telegram-connector (replica 3)',
    ])
  })

  it('cuts every wire in every way', () => {
    const cuts = actions(first(12, { kinds: ['cut'] }), 'cut').map(({ service, to, how }) => `${service} ${to} ${how}`)

    expect(new Set(cuts).size).toBe(12)
  })

  it('asks the simulators for nothing that they do not offer', () => {
    const offered = { telegram: telegramFaults, genesys: genesysFaults }

    const faults = actions(first(300, { kinds: ['platform', 'duplicates', 'reorder'] }), 'fault').map(({ fault }) => fault)

    expect(faults).toHaveLength(300)
    for (const { simulator, kind, params = {} } of faults) {
      const known = offered[simulator as keyof typeof offered].find(each => each.kind === kind)
      expect(known?.params.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(params)))
    }
  })

  it('never lets Telegram carry out a call and deny it: a 5xx but 504 says that nothing was sent', () => {
    const errors = actions(first(300, { kinds: ['platform'] }), 'fault').filter(({ fault }) => fault.kind === 'serverError')

    expect(errors.length).toBeGreaterThan(20)
    for (const { fault } of errors) if (fault.params?.when === 'after') expect(fault.params.status).toBe(504)
  })

  it('never gives a repeated webhook of Genesys Cloud a new id: that would be a new message', () => {
    const copies = actions(first(100, { kinds: ['duplicates'] }), 'fault').map(({ fault }) => fault)

    expect(copies.filter(({ simulator, params }) => simulator === 'genesys' && params?.newId === true)).toEqual([])
    expect(copies.some(({ simulator, params }) => simulator === 'telegram' && params?.newId === true)).toBe(true)
  })

  it('mends everything within ten seconds', () => {
    for (const { forMs } of first(400)) {
      expect(forMs).toBeGreaterThan(0)
      expect(forMs).toBeLessThanOrEqual(10_000)
    }
  })
})
