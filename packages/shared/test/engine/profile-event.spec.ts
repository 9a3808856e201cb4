import { describe, expect, it } from '@jest/globals'
import type { Profile } from '../../src/contract/index.ts'
import { Intake } from '../../src/engine/intake.ts'
import { type AnyEnvelope, envelope } from '../../src/model/index.ts'

type Parts = ConstructorParameters<typeof Intake>[0]
const tenantId = '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30'

/** Takes in an event of a guest of whom something is known since a moment ago. */
async function learn(event: object) {
  const told: AnyEnvelope[] = []
  const remembered: object[] = []
  const asked: string[] = []
  const known: Profile = { displayName: 'Lena', participantData: { city: 'Wien' } }
  const profile = async (guest: string): Promise<Profile> => {
    asked.push(guest)
    return { displayName: 'Lena R.' }
  }
  const intake = new Intake({
    service: 'pigeon-connector',
    connector: { definition: { id: 'pigeon', role: 'messaging' }, implementation: { profile } },
    tenants: { active: () => ({ tenant: { id: tenantId }, view: { settings: {} } }), counterpart: () => 'agents' },
    guests: {
      readWithMark: async () => ({ guest: { address: {}, profile: known, profileAt: Date.now(), optedOut: false }, mark: undefined, offers: [] }),
      remember: async (_conversation: string, news: object) => void remembered.push(news),
      handled: async (_conversation: string, _id: string, news: object) => void remembered.push(news),
    },
    attempts: { forget: async () => undefined },
    broker: { publish: async (_exchange: string, _key: string, message: AnyEnvelope) => void told.push(message) },
    journal: { tell: () => undefined },
    contextOf: () => ({}),
  } as unknown as Parts)
  const about = { id: 'e-1', source: '/pigeon-connector', subject: `${tenantId}/guest`, time: new Date() }
  const whole = { id: 'e-1', at: about.time.toISOString(), guest: 'guest', type: 'profile', ...event }
  const step = await intake.handle(Buffer.from(JSON.stringify(envelope('um.event.v1', about, { tenantId, guest: 'guest', connector: 'pigeon', event: whole }))))
  return { step, told, asked, remembered: Object.assign({}, ...remembered) as object }
}

describe('an event that tells of the guest', () => {
  it('is remembered beside what was known, and nobody hears of it', async () => {
    const { step, told, asked, remembered } = await learn({ from: { participantData: { latitude: '48.2' } } })

    expect({ step, told, asked }).toEqual({ step: { kind: 'done' }, told: [], asked: [] })
    expect(remembered).toEqual({ profile: { displayName: 'Lena', participantData: { city: 'Wien', latitude: '48.2' } } })
  })
  it('may make what was known void: it is asked for anew', async () => {
    const { told, asked, remembered } = await learn({ forget: true, from: { participantData: { qrScene: '7' } } })

    expect({ told, asked }).toEqual({ told: [], asked: ['guest'] })
    expect(remembered).toMatchObject({ profile: { displayName: 'Lena R.', participantData: { qrScene: '7' } } })
    expect(JSON.stringify(remembered)).not.toContain('Wien')
  })
})
