import { describe, expect, it } from '@jest/globals'
import { inOrder, isIncomplete, silenceMilliseconds, stateOf, type Told } from '../../src/journal/index.ts'
import { atAgent, hop, noon, toAgent } from './hops.ts'

const at = (seconds: number) => noon + seconds * 1000
const state = (hops: readonly Told[], seconds = 10) => stateOf(hops, at(seconds))

describe('stateOf', () => {
  it.each<[string, readonly Told[], string]>([
    ['on its way', toAgent, 'underway'],
    ['taken by the other platform', [...atAgent, hop('sent', 0.4)], 'done'],
    ['known to be sent by its receipt only', [...toAgent, hop('receipt', 2, 'gcloudcx-connector', { state: 'sent' })], 'done'],
    ['reported as delivered, the sending was not heard of', [hop('reported', 2, 'telegram-connector', { state: 'delivered' })], 'done'],
    ['waiting for a budget', [...atAgent, hop('waiting', 1)], 'stuck'],
    ['waiting for its next try', [...atAgent, hop('retry', 1)], 'stuck'],
    ['parked', [...atAgent, hop('parked', 1)], 'stuck'],
    ['spooled', [hop('received', 0), hop('verified', 0), hop('spooled', 0.1)], 'stuck'],
    ['spooled and taken up again', [hop('received', 0), hop('spooled', 0.1), hop('consumed', 3)], 'underway'],
    ['waiting, while a note is told of it', [...atAgent, hop('retry', 1), hop('duplicate', 2)], 'stuck'],
    ['retried and sent', [...atAgent, hop('retry', 1), hop('sent', 3)], 'done'],
    ['refused', [...atAgent, hop('failed', 1)], 'failed'],
    ['given up', [...atAgent, hop('retry', 1), hop('dead', 9)], 'failed'],
    ['given up, and its failed receipt told', [...atAgent, hop('dead', 1), hop('receipt', 2, 'telegram-connector', { state: 'failed' })], 'failed'],
    ['sent, then reported as failed', [...atAgent, hop('sent', 1), hop('reported', 2, 'telegram-connector', { state: 'failed' })], 'failed'],
    ['given up, replayed, under way', [...atAgent, hop('dead', 1), hop('replayed', 5, 'api')], 'underway'],
    ['given up, replayed, sent', [...atAgent, hop('dead', 1), hop('replayed', 5, 'api'), hop('sent', 6)], 'done'],
    ['given up, replayed, given up again', [...atAgent, hop('dead', 1), hop('replayed', 5, 'api'), hop('dead', 6)], 'failed'],
    ['given up and discarded', [...atAgent, hop('dead', 1), hop('discarded', 5, 'api')], 'failed'],
    ['a repeat of one that is not known any more', [hop('duplicate', 1), hop('duplicate', 2)], 'done'],
    ['its attachment lost, the rest under way', [...toAgent, hop('unstored', 0.5)], 'underway'],
    ['at a station of a newer version', [...toAgent, hop('translated', 0.5)], 'underway'],
  ])('takes a message that is %s', (_what, hops, expected) => {
    expect(state(hops)).toBe(expected)
  })

  it('takes what was sent for done, although another machine’s clock puts a wait behind it', () => {
    const hops = inOrder([...atAgent, hop('sent', 4), hop('retry', 5)])

    expect(state(hops)).toBe('done')
  })

  it('takes silence for stuck, but not a moment too early', () => {
    const last = toAgent.at(-1)?.at ?? 0

    expect(stateOf(toAgent, last + silenceMilliseconds)).toBe('underway')
    expect(stateOf(toAgent, last + silenceMilliseconds + 1)).toBe('stuck')
  })

  it('does not take silence after the end for stuck', () => {
    expect(state([...atAgent, hop('sent', 1)], 86_400)).toBe('done')
    expect(state([...atAgent, hop('failed', 1)], 86_400)).toBe('failed')
  })

  it('measures silence from the last station, whatever notes come later', () => {
    expect(state([...toAgent, hop('stored', 50)], 61)).toBe('stuck')
  })
})

describe('inOrder', () => {
  it('orders by time, and leaves hops of one moment as they came', () => {
    const [c, a, b] = [hop('sent', 2), hop('received', 1), hop('verified', 1)]

    expect(inOrder([c, a, b])).toEqual([a, b, c])
  })
})

describe('isIncomplete', () => {
  it.each<[readonly Told[], boolean]>([
    [[...atAgent, hop('sent', 1)], false],
    [toAgent, false],
    [toAgent.slice(1), true],
    [[...toAgent, hop('sent', 1)], true],
    [[...atAgent, hop('receipt', 1)], true],
    [[hop('received', 0), ...atAgent.slice(4), hop('sent', 1)], true],
  ])('of case %#', (hops, expected) => {
    expect(isIncomplete(hops, state(hops))).toBe(expected)
  })
})
