import { describe, expect, it } from '@jest/globals'
import { type Arrival, Ledger, mark, markOf } from '../src/world/ledger.ts'

describe('the ledger', () => {
  it('knows a message again by the mark in its text', () => {
    expect(markOf(`{"text":"Good afternoon ${mark(4711)} "}`)).toBe(4711)
    expect(markOf('{"text":"no mark # 12"}')).toBeUndefined()
  })

  it('tells arrivals with the time since they were meant to be sent, and what is missing', () => {
    const ledger = new Ledger()
    const seen: Arrival[] = []
    ledger.listen(arrival => seen.push(arrival))
    const first = ledger.expect(performance.now() - 500, 3)
    ledger.expect(performance.now(), 4)

    ledger.arrived(first)

    expect(seen).toEqual([{ number: first, latency: expect.any(Number), tenant: 3 }])
    expect(seen[0]?.latency).toBeGreaterThanOrEqual(500)
    expect(ledger.missing).toBe(1)
    expect(ledger.doubled).toBe(0)
  })

  it('counts a second arrival as doubled', () => {
    const ledger = new Ledger()
    const number = ledger.expect(performance.now(), 0)

    ledger.arrived(number)
    ledger.arrived(number)

    expect(ledger.doubled).toBe(1)
  })

  it('does not call late what it has given up, the first time', () => {
    const ledger = new Ledger()
    const number = ledger.expect(performance.now(), 0)

    const lost = ledger.giveUp()
    ledger.arrived(number)
    const doubledOnce = ledger.doubled
    ledger.arrived(number)

    expect({ lost, doubledOnce, doubledTwice: ledger.doubled }).toEqual({ lost: 1, doubledOnce: 0, doubledTwice: 1 })
  })
})
