import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Intake } from '../../src/engine/intake.ts'
import { type AnyEnvelope, envelope } from '../../src/model/index.ts'

type Parts = ConstructorParameters<typeof Intake>[0]
const tenantId = '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30'
const now = Date.parse('2026-02-03T04:05:06Z')
beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(now)
})
afterEach(() => {
  jest.restoreAllMocks()
})

/** Takes in a report about `p-1`, stamped so many milliseconds ago by the replica that got the webhook. `sent`: the answer to our call has been taken in. */
async function report({ ago, sent }: { ago: number; sent: boolean }) {
  const told: AnyEnvelope[] = []
  const connector = { definition: { id: 'pigeon', role: 'messaging' }, implementation: {} }
  const intake = new Intake({
    service: 'pigeon-connector',
    connector,
    tenants: { active: () => ({ tenant: { id: tenantId }, view: { settings: {} } }), counterpart: () => 'agents' },
    guests: {
      readWithMark: async () => ({ guest: { address: {}, profile: {}, profileAt: 0, optedOut: false }, mark: undefined, offers: [] }),
      findSent: async () => (sent ? { id: 'm-1', guest: 'guest' } : undefined),
      handled: async () => undefined,
    },
    attempts: { forget: async () => undefined },
    broker: { publish: async (_exchange: string, _key: string, message: AnyEnvelope) => void told.push(message) },
    journal: { tell: () => undefined },
    contextOf: () => ({}),
  } as unknown as Parts)
  const about = { id: 'e-1', source: '/pigeon-connector', subject: `${tenantId}/guest`, time: new Date(now - ago) }
  const event = { id: 'e-1', at: about.time.toISOString(), guest: 'guest', type: 'receipt', of: 'p-1', state: 'delivered' }
  const step = await intake.handle(Buffer.from(JSON.stringify(envelope('um.event.v1', about, { tenantId, guest: 'guest', connector: 'pigeon', event }))))
  return { step, told: told.map(({ type }) => type) }
}

describe('a report about a message that is not known to be sent', () => {
  it.each([
    ['has just come', 0],
    ['came a moment ago', 4900],
    ['has just come to a replica whose clock is a little ahead', -40],
  ])('is looked at again when it %s', async (_name, ago) => {
    expect(await report({ ago, sent: false })).toEqual({ step: { kind: 'later', milliseconds: 300, passable: true }, told: [] })
  })

  it.each([
    ['came a while ago', 5000],
    ['came to a replica whose clock is an hour ahead', -3_600_000],
  ])('is done with when it %s', async (_name, ago) => {
    expect(await report({ ago, sent: false })).toEqual({ step: { kind: 'done' }, told: [] })
  })
})

describe('a report about a message that was sent', () => {
  it.each([0, 4900, 5000, -40, -3_600_000])('is passed on at once when it was stamped %d ms ago', async ago => {
    expect(await report({ ago, sent: true })).toEqual({ step: { kind: 'done' }, told: ['um.receipt.v1'] })
  })
})
