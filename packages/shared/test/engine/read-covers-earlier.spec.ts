import { describe, expect, it } from '@jest/globals'
import { Intake } from '../../src/engine/intake.ts'
import { type AnyEnvelope, envelope } from '../../src/model/index.ts'

type Parts = ConstructorParameters<typeof Intake>[0]
const tenantId = '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30'

/** Takes in a receipt about `p-3`; `p-1` and `p-2` were sent before it, the latter as a part of the same message. */
async function report(state: string, readCoversEarlier?: () => boolean) {
  const done: string[] = []
  const sent: Record<string, { id: string; guest: string }> = {
    'p-1': { id: 'm-1', guest: 'g' },
    'p-2': { id: 'm-2', guest: 'g' },
    'p-3': { id: 'm-2', guest: 'g' },
  }
  const intake = new Intake({
    service: 'pigeon-connector',
    connector: { definition: { id: 'pigeon', role: 'messaging' }, implementation: { ...(readCoversEarlier ? { readCoversEarlier } : {}) } },
    tenants: { active: () => ({ tenant: { id: tenantId }, view: { settings: {} } }), counterpart: () => 'agents' },
    guests: {
      readWithMark: async () => ({ guest: { address: {}, profile: {}, profileAt: 0, optedOut: false }, mark: undefined, offers: [] }),
      findSent: async (_tenant: string, id: string) => sent[id],
      unreadBefore: async () => ['p-1', 'p-2', 'p-gone'],
      forgetUnread: async (_conversation: string, id: string) => void done.push(`forgets ${id}`),
      handled: async () => undefined,
    },
    attempts: { forget: async () => undefined },
    broker: {
      publish: async (_exchange: string, _key: string, message: AnyEnvelope) =>
        void done.push(`${(message.data as { of: string }).of} ${(message.data as { state: string }).state}`),
    },
    journal: { tell: () => undefined },
    contextOf: () => ({}),
  } as unknown as Parts)
  const about = { id: 'e-1', source: '/pigeon', subject: `${tenantId}/g`, time: new Date() }
  const event = { id: 'e-1', at: about.time.toISOString(), guest: 'g', type: 'receipt', of: 'p-3', state }
  await intake.handle(Buffer.from(JSON.stringify(envelope('um.event.v1', about, { tenantId, guest: 'g', connector: 'pigeon', event }))))
  return done
}

describe('a receipt "read"', () => {
  it('is about all that was sent before, oldest first, each message once; only then it is forgotten', async () => {
    expect(await report('read', () => true)).toEqual(['m-1 read', 'm-2 read', 'forgets p-3'])
  })
  it('is about its own message only where the platform reports each, or the tenant wants that', async () => {
    expect(await report('read')).toEqual(['m-2 read', 'forgets p-3'])
    expect(await report('read', () => false)).toEqual(['m-2 read', 'forgets p-3'])
  })
})

it('covers nothing when it is another receipt', async () => {
  expect(await report('delivered', () => true)).toEqual(['m-2 delivered'])
})
