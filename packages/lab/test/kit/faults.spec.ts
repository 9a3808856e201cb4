import { describe, expect, it } from '@jest/globals'
import { FaultBoard } from '../../src/kit/faults/board.ts'
import { downKind, requestKinds, webhookKinds } from '../../src/kit/faults/kinds.ts'
import { planOf } from '../../src/kit/faults/plan.ts'
import type { NewFault } from '../../src/protocol.ts'

function board() {
  const changes: number[] = []
  const faults = new FaultBoard({
    simulator: 'demo',
    label: 'Demo',
    kinds: [...requestKinds, ...webhookKinds, downKind],
    operations: ['send'],
    changed: () => changes.push(1),
    now: () => new Date('2026-03-04T05:06:07Z'),
  })
  const add = (kind: string, more: Partial<NewFault> = {}) => faults.add({ simulator: 'demo', kind, params: {}, where: {}, ...more })
  const struck = (count: number, operation = 'send') => Array.from({ length: count }, () => faults.strike('requests', { operation }).length > 0)
  return { faults, add, struck, changes }
}

describe('FaultBoard', () => {
  it('strikes nothing while nothing is switched on', () => {
    expect(board().struck(2)).toEqual([false, false])
  })

  it('fills in defaults', async () => {
    const { add } = board()

    expect((await add('serverError')).params).toEqual({ status: 500, when: 'before' })
  })

  it('passes over the first ones, and ends after so many', async () => {
    const { add, struck, faults } = board()
    await add('reset', { skip: 2, times: 2 })

    expect(struck(6)).toEqual([false, false, true, true, false, false])
    expect(faults.list()).toEqual([])
  })

  it('strikes with the probability given, the same way for the same seed', async () => {
    const run = async (seed: number) => {
      const { add, struck } = board()
      await add('reset', { probability: 0.3, seed })
      return struck(1000)
    }
    const first = await run(7)

    expect(await run(7)).toEqual(first)
    expect(await run(8)).not.toEqual(first)
    const hits = first.filter(Boolean).length
    expect(hits).toBeGreaterThan(250)
    expect(hits).toBeLessThan(350)
  })

  it('counts what it concerned and what it struck', async () => {
    const { add, struck, faults } = board()
    await add('reset', { skip: 1, where: { operation: 'SEND' } })
    struck(3)
    struck(5, 'other')

    expect(faults.list()).toMatchObject([{ matched: 3, hits: 2, lastHitAt: '2026-03-04T05:06:07.000Z' }])
  })

  it('tells requests and webhooks apart', async () => {
    const { add, faults } = board()
    await add('duplicate')

    expect(faults.strike('requests', { operation: 'send' })).toEqual([])
    expect(faults.strike('webhooks', { operation: 'message' })).toMatchObject([{ kind: 'duplicate', params: { copies: 1, newId: false, afterMs: 0 } }])
  })

  it('ends by itself after its time', async () => {
    const { add, faults, changes } = board()
    await add('reset', { forSeconds: 0.01 })
    const before = changes.length
    await new Promise(resolve => setTimeout(resolve, 30))

    expect(faults.list()).toEqual([])
    expect(changes.length).toBe(before + 1)
  })

  it('takes the service down with the first such fault and raises it with the last', async () => {
    const { add, faults } = board()
    const told: boolean[] = []
    faults.onDown = async isDown => {
      told.push(isDown)
    }
    const first = await add('down')
    const second = await add('down')
    await faults.remove(first.id)
    const between = [...told]
    await faults.remove(second.id)

    expect(between).toEqual([true])
    expect(told).toEqual([true, false])
  })

  it.each([
    ['an unknown kind', 'flood', {}, '/kind'],
    ['an unknown parameter', 'slow', { params: { minutes: 1 } }, '/params/minutes'],
    ['a parameter of another type', 'slow', { params: { ms: 'long' } }, '/params/ms'],
    ['a parameter out of range', 'serverError', { params: { status: 404 } }, '/params/status'],
    ['a choice that is not offered', 'reset', { params: { when: 'never' } }, '/params/when'],
    ['a place that makes no sense', 'down', { where: { guest: 'x' } }, '/where/guest'],
  ])('refuses %s', async (_what, kind, more, pointer) => {
    await expect(board().add(kind, more as Partial<NewFault>)).rejects.toMatchObject({ code: 'invalid', fields: [{ pointer }] })
  })
})

describe('planOf', () => {
  const hit = (kind: string, params: Record<string, number | string> = {}) => ({ fault: kind, kind, params })

  it('adds delays and takes the oldest refusal of each moment', () => {
    const plan = planOf([hit('slow', { ms: 20 }), hit('slow', { ms: 30 }), hit('reset', { when: 'after' }), hit('rateLimit'), hit('hang', { when: 'before' })])

    expect(plan).toMatchObject({ delayMs: 50, fault: 'slow', before: { kind: 'rateLimit' }, after: { kind: 'reset' } })
  })
})
