import { describe, expect, it } from '@jest/globals'
import { conversationKey, derivedId, laneCount, laneName, laneOf } from '../../src/model/index.ts'

const tenant = '259bb4e2-f7e5-4b06-9a51-c528f412404b'

describe('derivedId', () => {
  it('is a UUID of version 5 and of the RFC’s variant', () => {
    for (let number = 0; number < 500; number += 1)
      expect(derivedId('x', String(number))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('is the same for the same event, always', () => {
    // uuid.uuid5(UUID('6f2b7c1e-90d8-4f0e-a4b3-d1f7c25e8a94'), '36:259bb4e2-f7e5-4b06-9a51-c528f412404b13:événement-1')
    expect(derivedId(tenant, 'événement-1')).toBe('a05d0d5a-91af-5cdd-8cea-8cb69c50c7d7')
    // uuid.uuid5(UUID('6f2b7c1e-90d8-4f0e-a4b3-d1f7c25e8a94'), '')
    expect(derivedId()).toBe('fa691664-7bdb-5687-b932-418bbb439df5')
  })

  it('tells parts apart, whatever is in them', () => {
    const ids = [
      derivedId('ab', 'c'),
      derivedId('a', 'bc'),
      derivedId('abc'),
      derivedId('a', 'b', 'c'),
      derivedId('1:a1', 'b'),
      derivedId('1:a', '1:b'),
      derivedId('a', '', 'bc'),
    ]

    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('laneOf', () => {
  it('is the same lane in every service, always', () => {
    // sha1(f'{tenant}/{guest}')[0] % 16
    const lanes = ['U4af4980629', 'guest/1', '😀', '5550001111'].map(guest => laneOf(tenant, guest))

    expect(lanes).toEqual(['04', '15', '12', '06'])
  })

  it('spreads conversations over all lanes', () => {
    const counts = new Map<string, number>()
    for (let guest = 0; guest < 1600; guest += 1) counts.set(laneOf(tenant, `guest-${guest}`), (counts.get(laneOf(tenant, `guest-${guest}`)) ?? 0) + 1)

    expect([...counts.keys()].sort()).toEqual(Array.from({ length: laneCount }, (_, lane) => laneName(lane)))
    for (const count of counts.values()) {
      expect(count).toBeGreaterThan(60)
      expect(count).toBeLessThan(140)
    }
  })

  it('has two digits', () => {
    expect([laneName(0), laneName(7), laneName(15)]).toEqual(['00', '07', '15'])
  })
})

describe('conversationKey', () => {
  it('names tenant and guest', () => {
    expect(conversationKey(tenant, 'U1')).toBe(`${tenant}/U1`)
  })
})
