import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { CallFailed } from '../../src/contract/index.ts'
import { Intake } from '../../src/engine/intake.ts'
import { NoStorage } from '../../src/engine/media.ts'
import type { Connector } from '../../src/engine/tenants.ts'
import { messageIdOf } from '../../src/engine/webhooks.ts'
import { Slots } from '../../src/flow/index.ts'
import { type AnyEnvelope, envelope } from '../../src/model/index.ts'

type Parts = ConstructorParameters<typeof Intake>[0]
const tenantId = '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30'

/** Takes in a message that came `ago` milliseconds ago. `sent`: the platform ids of our own; `keep`: what the storage does. */
async function take(
  event: object,
  { ago = 60_000, sent = [], keep, busy = false }: { ago?: number; sent?: string[]; keep?: () => Promise<{ url: string }>; busy?: boolean } = {},
) {
  const told: AnyEnvelope[] = []
  const opened: unknown[] = []
  const marked: string[] = []
  const discarded: unknown[] = []
  const transfers = new Slots({ total: 1 })
  if (busy) await transfers.take('another tenant')
  const media = {
    open: async (source: unknown) => {
      opened.push(source)
      return { body: Readable.from([]) }
    },
    keep: keep ?? (async () => ({ url: 'https://storage.example/1' })),
  }
  const intake = new Intake({
    service: 'pigeon-connector',
    connector: { definition: { id: 'pigeon', role: 'messaging' }, implementation: {} },
    tenants: { active: () => ({ tenant: { id: tenantId }, view: { settings: {} } }), counterpart: () => 'agents' },
    guests: {
      readWithMark: async () => ({ guest: { address: {}, profile: {}, profileAt: 0, optedOut: false }, mark: undefined, offers: [] }),
      findSent: async (_tenant: string, id: string) => (sent.includes(id) ? { id: 'm-1', guest: 'guest' } : undefined),
      mark: async (id: string) => void marked.push(id),
      handled: async () => undefined,
    },
    attempts: { forget: async () => undefined, count: async () => 99 },
    broker: { publish: async (_exchange: string, _key: string, message: AnyEnvelope) => void told.push(message) },
    journal: { tell: () => undefined },
    log: { warn: () => undefined },
    discard: async (_view: unknown, guest: string, sourceId: string) => void discarded.push({ guest, sourceId }),
    transfers,
    contextOf: () => ({ media }),
  } as unknown as Parts)
  const about = { id: 'e-1', source: '/pigeon-connector', subject: `${tenantId}/guest`, time: new Date(Date.now() - ago) }
  const whole = { id: 'e-1', at: about.time.toISOString(), guest: 'guest', type: 'message', ...event }
  const step = await intake.handle(Buffer.from(JSON.stringify(envelope('um.event.v1', about, { tenantId, guest: 'guest', connector: 'pigeon', event: whole }))))
  return { step, contents: told.map(({ data }) => (data as { content: unknown }).content), opened, marked, discarded }
}

describe('the echo of a message', () => {
  const echo = { content: { kind: 'system', text: 'by hand' }, echoOf: 'p-1' }

  it('that went through here is not passed on', async () => {
    expect(await take(echo, { sent: ['p-1'] })).toMatchObject({ step: { kind: 'done' }, contents: [], marked: ['e-1'] })
  })

  it('that somebody else has sent is passed on, once that is sure', async () => {
    expect(await take(echo, { sent: ['p-2'], ago: 1000 })).toMatchObject({ step: { kind: 'later' }, contents: [] })
    expect(await take(echo, { sent: ['p-2'] })).toMatchObject({ step: { kind: 'done' }, contents: [{ kind: 'system', text: 'by hand' }] })
  })
})

describe('an attachment', () => {
  const attached = (more: object) => ({ content: { kind: 'attachment', media: 'image', source: { url: 'https://platform.example/1', ...more } } })
  const isAt = (url: string) => [{ kind: 'attachment', media: 'image', source: expect.objectContaining({ url }) }]

  it('whose address ends is copied to the storage', async () => {
    expect(await take(attached({ expires: true }))).toMatchObject({
      contents: isAt('https://storage.example/1'),
      opened: [{ url: 'https://platform.example/1' }],
    })
  })

  it('whose address ends keeps it where there is no storage', async () => {
    const keep = async () => {
      throw new NoStorage('none')
    }

    expect((await take(attached({ expires: true }), { keep })).contents).toEqual(isAt('https://platform.example/1'))
  })

  it('that could not be copied is told of, as its address will not work for long', async () => {
    const keep = async () => {
      throw new CallFailed({ kind: 'content', why: 'too large' })
    }

    expect((await take(attached({ expires: true }), { keep })).contents).toMatchObject([{ kind: 'unsupported', reason: 'too large' }])
  })

  it('is set aside while too many files are on their way, and that is no attempt', async () => {
    expect(await take(attached({ expires: true }), { busy: true })).toMatchObject({ step: { kind: 'later', milliseconds: 2000 }, contents: [], opened: [] })
  })

  it('whose address stays is left where it is', async () => {
    expect(await take(attached({}))).toMatchObject({ contents: isAt('https://platform.example/1'), opened: [] })
  })
})

describe('a message that the guest takes back', () => {
  it('is told of, and what was stored of it is removed', async () => {
    const photo = { id: 'e-0', messageId: 'm-7', guest: 'guest', type: 'message', content: { kind: 'text', text: '' } } as const
    const storedAs = messageIdOf(photo, tenantId, { definition: { id: 'pigeon', role: 'messaging' } } as Connector)

    const { contents, discarded } = await take({ content: { kind: 'withdrawn', of: 'm-7' } })

    expect(contents).toEqual([{ kind: 'withdrawn', of: 'm-7' }])
    expect(discarded).toEqual([{ guest: 'guest', sourceId: storedAs }])
  })

  it('leaves what was stored of others', async () => {
    expect((await take({ content: { kind: 'text', text: 'm-7' } })).discarded).toEqual([])
  })
})
