import { describe, expect, it } from '@jest/globals'
import { BrokerAway } from '@um/shared/amqp'
import { defineConnector } from '@um/shared/contract'
import type { Hop } from '@um/shared/journal'
import { readContent } from '@um/shared/model'
import type { Tenant } from '@um/shared/settings'
import { z } from 'zod'
import type { AuditEntry } from '../src/audit/trail.ts'
import { contentOf, IvrMessage, MessagesRequest, mediaKind } from '../src/messages/body.ts'
import { idempotencyKey } from '../src/messages/idempotency.ts'
import { assertShowable, sendMessages } from '../src/messages/send.ts'
import type { AcceptedMessage } from '../src/messages/states.ts'
import { tenantAccess } from '../src/messages/tenant-access.ts'

const tenantId = '259bb4e2-f7e5-4b06-9a51-c528f412404b'
const issues = (value: unknown) => MessagesRequest.safeParse(value).error?.issues.map(({ path }) => `/${path.join('/')}`)

describe('MessagesRequest', () => {
  it("takes the guide's requests", () => {
    expect(issues({ tenant: 'Tenant with Social Media X and Genesys Cloud CX', userId: '123456789abcd', message: 'Hello from the IVR!' })).toBeUndefined()
    expect(
      issues({ tenantId, userId: '123456789abcd', messages: ['Hello from the IVR!', { type: 'sticker', stickerId: '123345', packageId: '456' }] }),
    ).toBeUndefined()
  })

  it.each([
    [{ userId: 'u', message: 'x' }, ['/tenantId']],
    [{ tenantId, tenant: 'x', userId: 'u', message: 'x' }, ['/tenantId']],
    [{ tenantId, message: 'x' }, ['/userId']],
    [{ tenantId, userId: ' ', message: 'x' }, ['/userId']],
    [{ tenantId, userId: 'u' }, ['/message']],
    [{ tenantId, userId: 'u', message: 'x', messages: ['y'] }, ['/message']],
    [{ tenantId, userId: 'u', messages: [] }, ['/messages']],
    [{ tenantId, userId: 'u', messages: Array(21).fill('x') }, ['/messages']],
    [{ tenantId, userId: 'u', messages: ['x', { type: 'sticker' }] }, ['/messages/1/stickerId']],
    [{ tenantId, userId: 'u', message: { type: 'fax', number: '1' } }, ['/message/type']],
    [{ tenantId, userId: 'u', message: '' }, ['/message/text']],
    [{ tenantId, userId: 'u', message: { type: 'attachment', url: 'file:///etc/passwd' } }, ['/message/url']],
    [{ tenantId, userId: 'u', message: { type: 'text', text: 'x', more: 1 } }, ['/message']],
    [{ tenantId, userId: 'u', message: 3 }, ['/message']],
  ])('refuses %j', (request, expected) => {
    expect(issues(request)).toEqual(expected)
  })
})

describe('contentOf', () => {
  it.each([
    ['Hello', { kind: 'text', text: 'Hello' }],
    [
      { type: 'text', text: 'Hello' },
      { kind: 'text', text: 'Hello' },
    ],
    [
      { type: 'sticker', stickerId: 52002734, packageId: '11537' },
      { kind: 'sticker', stickerId: '52002734', packageId: '11537' },
    ],
    [
      { type: 'attachment', url: 'https://a.example/x.PNG?y=1' },
      { kind: 'attachment', media: 'image', source: { url: 'https://a.example/x.PNG?y=1' } },
    ],
    [
      { type: 'video', url: 'https://a.example/x', mime: 'video/mp4', name: 'x.mp4', caption: 'c' },
      { kind: 'attachment', media: 'video', source: { url: 'https://a.example/x', mime: 'video/mp4', name: 'x.mp4' }, caption: 'c' },
    ],
    [
      { type: 'location', latitude: 35.6, longitude: 139.7, title: 'Tokyo' },
      { kind: 'location', latitude: 35.6, longitude: 139.7, title: 'Tokyo' },
    ],
    [
      { type: 'contact', name: 'A', phones: ['+81'] },
      { kind: 'contact', name: 'A', phones: ['+81'] },
    ],
    [
      { type: 'structured', template: 'quickReplies', text: 'Which?', items: [{ title: 'One', payload: '1' }] },
      { kind: 'structured', template: 'quickReplies', text: 'Which?', items: [{ title: 'One', payload: '1' }] },
    ],
  ])('%j becomes content that travels', (message, content) => {
    const made = contentOf(IvrMessage.parse(message))

    expect(made).toEqual(content)
    expect(readContent(JSON.parse(JSON.stringify(made)))).toEqual(content)
  })
})

describe('mediaKind', () => {
  it.each([
    ['image/png', 'https://a/x.mp4', 'image'],
    ['application/pdf', 'https://a/x.png', 'file'],
    [undefined, 'https://a/x.ogg', 'audio'],
    [undefined, 'https://a/x.mov?a=.png', 'video'],
    [undefined, 'https://a/x', 'file'],
  ])('%s at %s is %s', (mime, url, kind) => {
    expect(mediaKind(mime, url)).toBe(kind)
  })
})

describe('tenantAccess', () => {
  const failed: string[] = []
  const recorded: AuditEntry[] = []
  let isLocking = false
  const admit = tenantAccess({
    authenticate: async header => {
      if (header !== 'Bearer good') throw Object.assign(new Error('no'), { code: 'unauthenticated' })
      return { user: 'admin', tokenId: '', tokenExpiresAt: new Date() }
    },
    attempts: {
      assertFree: async () => undefined,
      failed: async subjects => {
        failed.push(...subjects.map(({ name }) => name))
        return subjects.filter(() => isLocking)
      },
      succeeded: async () => undefined,
    },
    audit: { record: async entry => void recorded.push(entry) },
  })
  const basic = { id: tenantId, authentication: { type: 'basic', username: 'ivr', password: 'pä:ss' } } as Tenant
  const open = { id: tenantId, authentication: { type: 'none' } } as Tenant
  const header = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it.each([header('ivr:pä:ss'), header('ivr:pä:ss').replace('Basic', 'bAsIc'), 'Bearer good'])('lets in %s', async authorization => {
    await expect(admit(basic, authorization, 'a')).resolves.toBeUndefined()
  })

  it.each([undefined, header('ivr:pä:sS'), header('ivr'), header('ivr:'), header(':pä:ss'), 'Basic', 'Basic !!!', 'Bearer bad', 'Digest x'])(
    'refuses %s',
    async authorization => {
      await expect(admit(basic, authorization, 'a')).rejects.toMatchObject({ code: 'unauthenticated' })
    },
  )

  it('lets anybody in where the tenant asks for nothing', async () => {
    await expect(admit(open, undefined, 'a')).resolves.toBeUndefined()
  })

  it('writes a lock-out into the audit trail', async () => {
    isLocking = true

    await admit(basic, header('ivr:wrong'), 'b').catch(() => undefined)
    isLocking = false

    expect(recorded).toEqual([{ who: 'ivr', address: 'b', action: 'lockedOut', target: { collection: 'tenants', id: tenantId } }])
  })

  it('counts failures by tenant and address, and none without credentials', async () => {
    failed.length = 0

    await admit(basic, undefined, 'a').catch(() => undefined)
    await admit(basic, header('ivr:wrong'), 'b').catch(() => undefined)

    expect(failed).toEqual([`ivr:${tenantId}:b`])
  })
})

describe('assertShowable', () => {
  it('refuses what the platform rejects, with its place', () => {
    const platform = defineConnector({
      id: 'p',
      role: 'messaging',
      label: 'Pigeon',
      media: 'P',
      settings: z.strictObject({}),
      capabilities: { sticker: { level: 'reject' }, text: { level: 'native' } },
    })

    expect(() =>
      assertShowable(
        [
          { kind: 'text', text: 'x' },
          { kind: 'sticker', stickerId: '1' },
        ],
        platform,
        index => `/messages/${index}`,
      ),
    ).toThrow(expect.objectContaining({ code: 'invalid', fields: [{ pointer: '/messages/1', detail: 'Pigeon takes no sticker' }] }))
    expect(() => assertShowable([{ kind: 'location', latitude: 1, longitude: 2 }], platform, String)).not.toThrow()
  })
})

describe('sendMessages', () => {
  const platform = defineConnector({
    id: 'pigeon',
    role: 'messaging',
    label: 'Pigeon',
    media: 'P',
    settings: z.strictObject({}),
    capabilities: { text: { level: 'native' } },
  })
  const tenant = { id: tenantId, messaging: { type: 'pigeon' } } as Tenant
  const request = {
    tenant,
    platform,
    userId: 'guest',
    contents: [{ kind: 'text', text: 'a' } as const, { kind: 'sticker', stickerId: '1' } as const],
    key: undefined as string | undefined,
  }
  function parts(failAt = Number.POSITIVE_INFINITY) {
    const published: { key: string; message: { id: string; data: unknown }; headers: unknown }[] = []
    const hops: Hop[] = []
    const known = new Map<string, AcceptedMessage>()
    const broker = {
      publish: async (_exchange: string, key: string, message: { id: string; data: unknown }, options: { headers: unknown }) => {
        if (published.length >= failAt) throw new BrokerAway('away')
        published.push({ key, message, headers: options.headers })
      },
    }
    const states = {
      accept: async (messages: readonly AcceptedMessage[]) => {
        const fresh = messages.filter(({ id }) => !known.has(id))
        for (const message of fresh) known.set(message.id, message)
        return fresh
      },
      forget: async (ids: readonly string[]) => {
        for (const id of ids) known.delete(id)
      },
      find: async () => undefined,
      record: async () => undefined,
    }
    return {
      published,
      hops,
      known,
      parts: { broker: broker as never, states, journal: { tell: (hop: Hop) => void hops.push(hop) }, now: () => new Date('2026-02-03T04:05:06Z') },
    }
  }

  it('publishes in order to the lane of the conversation, as the IVR', async () => {
    const { published, parts: given } = parts()

    const sent = await sendMessages(given, request)

    expect(published.map(({ message }) => message.id)).toEqual(sent.map(({ id }) => id))
    expect(published[0]?.key).toMatch(/^outbound\.pigeon\.\d\d$/)
    expect(published[0]?.headers).toEqual({ 'x-conversation': `${tenantId}/guest` })
    expect(published[0]?.message.data).toEqual({
      tenantId,
      guest: 'guest',
      from: 'api',
      to: 'pigeon',
      author: 'ivr',
      content: { kind: 'text', text: 'a' },
      origin: { service: 'api', id: sent[0]?.id },
      at: '2026-02-03T04:05:06.000Z',
    })
    expect(sent.map(({ kind, shown }) => [kind, shown])).toEqual([
      ['text', 'asIs'],
      ['sticker', 'degraded'],
    ])
  })

  it('tells the journal of each message, without its words', async () => {
    const { hops, parts: given } = parts()

    const sent = await sendMessages(given, request)

    expect(hops.map(({ hop, message }) => [hop, message])).toEqual(sent.flatMap(({ id }) => ['received', 'published'].map(hop => [hop, id])))
    expect(hops[1]).toEqual({
      tenantId,
      guest: 'guest',
      message: sent[0]?.id,
      hop: 'published',
      direction: 'toGuest',
      kind: 'text',
      detail: { to: 'pigeon-connector' },
    })
  })

  it('names the idempotency key in the journey', async () => {
    const { hops, parts: given } = parts()

    await sendMessages(given, { ...request, key: 'call-4711' })

    expect(hops.filter(({ hop }) => hop === 'received').map(({ key }) => key)).toEqual(['call-4711', 'call-4711'])
  })

  it('gives the same ids for the same key, and others for another', async () => {
    const ids = async (key: string) => (await sendMessages(parts().parts, { ...request, key })).map(({ id }) => id)

    expect(await ids('k')).toEqual(await ids('k'))
    expect(new Set([...(await ids('k')), ...(await ids('l'))]).size).toBe(4)
  })

  it('says what has been sent when the broker goes away in the middle, and forgets the rest', async () => {
    const { known, hops, parts: given } = parts(1)

    const failure = await sendMessages(given, request).catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'unavailable', members: { messages: [{ kind: 'text' }] } })
    expect(known.size).toBe(1)
    expect(hops.map(({ hop }) => hop)).toEqual(['received', 'published', 'received', 'waiting'])
    expect(hops[3]?.detail?.why).toContain('answered with 503')
  })
})

describe('idempotencyKey', () => {
  it.each([
    [undefined, undefined],
    [' a ', 'a'],
  ])('%p is %p', (header, key) => {
    expect(idempotencyKey(header)).toBe(key)
  })

  it.each(['', '  ', 'x'.repeat(256)])('refuses %p', header => {
    expect(() => idempotencyKey(header)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })
})
