import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { jpeg } from '../images.ts'
import { eventually, Receiver } from '../receiver.ts'
import { client, inbound, integrations, logIn, message, webhookToken, withToken } from './client.ts'

let lab: Lab
let receiver: Receiver
let api: Awaited<ReturnType<typeof client>>
let integration: string

beforeAll(async () => {
  lab = await startLab({ timeScale: 0.01, genesys: { requestsPerMinute: 100_000, receiptsForGuests: 'none', integrationSetupMs: 0 } })
  receiver = await Receiver.open()
  api = await client(lab)
  integration = await api.integration('UM-ACME', receiver.url)
})
afterAll(async () => {
  await lab.close()
  await receiver.close()
})
beforeEach(() => {
  lab.reset()
  receiver.requests.length = 0
})

describe('login', () => {
  it('takes the Basic header of the vectors and gives a bearer token', async () => {
    const answer = await fetch(`${lab.genesys.url}/oauth/token`, {
      method: 'POST',
      headers: { Authorization: 'Basic NGYxYzJkM2UtMGExYi00YzJkLThlM2YtMTEyMjMzNDQ1NTY2OnMzY3IzdC1PZi10aGUtY2xpZW50' },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })

    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ access_token: expect.stringMatching(/^[\w-]{40,}$/), token_type: 'bearer', expires_in: 86400 })
  })

  it('refuses another secret of a registered client', async () => {
    const id = randomUUID()
    lab.genesys.addClient(id, 'right')

    expect(await logIn(lab, id, 'right')).toMatchObject({ status: 200 })
    expect(await logIn(lab, id, 'wrong')).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('refuses another grant', async () => {
    expect(await logIn(lab, randomUUID(), 'x', 'password')).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })

  it('tells apart no token, a wrong one, a revoked one and an expired one', async () => {
    let now = Date.parse('2026-03-04T05:06:07Z')
    const aged = await startLab({ now: () => new Date(now), genesys: { tokenSeconds: 300 } })
    const early = await client(aged)
    const revoked = await client(aged)
    const path = '/api/v2/flows'

    const none = await fetch(`${aged.genesys.url}${path}`)
    const wrong = await withToken(aged, 'nonsense').call('GET', path)
    now += 299_000
    const inTime = await early.call('GET', path)
    now += 1000
    const late = await early.call('GET', path)
    const fresh = await client(aged)
    aged.genesys.revokeTokens()
    const after = await revoked.call('GET', path)
    const afterFresh = await fresh.call('GET', path)
    await aged.close()

    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([401, 'authentication.required'])
    expect(wrong).toMatchObject({ status: 401, body: { code: 'bad.credentials', status: 401, details: [], errors: [], messageParams: {} } })
    expect(inTime.status).toBe(200)
    expect(late).toMatchObject({ status: 401, body: { code: 'credentials.expired' } })
    expect([after.body.code, afterFresh.body.code]).toEqual(['bad.credentials', 'bad.credentials'])
  })
})

describe('rate limit', () => {
  it('is 300 a minute for each token, told with Retry-After and the documented body', async () => {
    let now = Date.parse('2026-03-04T05:06:07Z')
    const strict = await startLab({ now: () => new Date(now) })
    const one = await client(strict)
    const other = await client(strict)
    const path = '/api/v2/flows'
    const statuses = new Set<number>()
    for (let count = 0; count < 300; count += 1) statuses.add((await one.call('GET', path)).status)

    now += 20_000
    const over = await one.call('GET', path)
    const elsewhere = await other.call('GET', path)
    now += 40_000
    const later = await one.call('GET', path)
    await strict.close()

    expect([...statuses]).toEqual([200])
    expect(over).toMatchObject({
      status: 429,
      body: {
        message: 'Rate limit exceeded the maximum [300] requests within [60] seconds',
        code: 'too.many.requests',
        status: 429,
        messageWithParams: 'Rate limit exceeded the maximum [{limit}] requests within [{seconds}] seconds',
        messageParams: { limit: '300', seconds: '60' },
      },
    })
    expect(over.headers.get('retry-after')).toBe('40')
    expect([elsewhere.status, later.status]).toEqual([200, 200])
  })
})

describe('integrations', () => {
  const wanted = (more: object = {}) => ({
    name: `I-${randomUUID()}`,
    outboundNotificationWebhookUrl: receiver.url,
    outboundNotificationWebhookSignatureSecretToken: webhookToken,
    ...more,
  })

  it('are made, completed after a while, changed, listed page by page, and deleted', async () => {
    const own = await startLab({ genesys: { integrationSetupMs: 50 } })
    const { call } = await client(own)
    const created = await call('POST', integrations, wanted({ name: 'One' }))
    await call('POST', integrations, wanted({ name: 'Two' }))
    const path = `${integrations}/${created.body.id}`

    const completed = await (async () => {
      for (;;) {
        const { body } = await call('GET', path)
        if (body.createStatus === 'Completed') return body
      }
    })()
    const changed = await call('PATCH', path, { name: 'Uno', supportedContent: { id: 'profile-7' } })
    const page = await call('GET', `${integrations}?pageSize=1&pageNumber=2`)
    const deleted = await call('DELETE', path)
    const gone = await call('GET', path)
    await own.close()

    expect(created.body).toMatchObject({ name: 'One', createStatus: 'Initiated', recipient: { id: created.body.id } })
    expect(JSON.stringify(created.body)).not.toContain(webhookToken)
    expect(completed.createStatus).toBe('Completed')
    expect(changed.body).toMatchObject({ name: 'Uno', supportedContent: { id: 'profile-7' }, outboundNotificationWebhookUrl: receiver.url })
    expect(page.body).toMatchObject({ entities: [{ name: 'Two' }], pageSize: 1, pageNumber: 2, total: 2, pageCount: 2 })
    expect([deleted.status, gone.status, gone.body.code]).toEqual([204, 404, 'not.found'])
  })

  it.each([
    ['without a name', { name: undefined }, 400],
    ['with a token of 15 characters', { outboundNotificationWebhookSignatureSecretToken: 'x'.repeat(15) }, 400],
    ['with a token of 16 characters', { outboundNotificationWebhookSignatureSecretToken: 'x'.repeat(16) }, 200],
    ['with an address that is none', { outboundNotificationWebhookUrl: 'nowhere' }, 400],
    ['with a header that belongs to the platform', { webhookHeaders: { 'X-Hub-Signature-256': 'x' } }, 400],
    ['with a header of its own', { webhookHeaders: { 'X-Acme': 'x' } }, 200],
    ['with a name that is taken', { name: 'UM-ACME' }, 409],
  ])('%s are answered as the platform does', async (_what, more, status) => {
    expect((await api.call('POST', integrations, wanted(more))).status).toBe(status)
  })

  it('are joined to a flow, cleared of it, and not deleted in between', async () => {
    const id = await api.integration(`R-${randomUUID()}`, receiver.url)
    const flows = await api.call('GET', '/api/v2/flows?type=inboundshortmessage&pageSize=100')
    const recipient = `/api/v2/routing/message/recipients/${id}`
    const before = await api.call('GET', recipient)

    const joined = await api.call('PUT', recipient, { ...before.body, flow: flows.body.entities[0] })
    const refused = await api.call('DELETE', `${integrations}/${id}`)
    const { flow: _flow, ...without } = joined.body
    const cleared = await api.call('PUT', recipient, without)
    const deleted = await api.call('DELETE', `${integrations}/${id}`)

    expect(joined.body.flow.id).toBe(flows.body.entities[0].id)
    expect(refused.status).toBe(409)
    expect(cleared.body.flow).toBeUndefined()
    expect(deleted.status).toBe(204)
  })
})

describe('messages of guests', () => {
  it('open a conversation, named in the answer only when it is asked for', async () => {
    const asked = await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message())
    const silent = await api.call('POST', inbound(integration), message({ text: 'Hello?' }, { messageId: 'line-488123-0002' }))

    expect(asked.status).toBe(200)
    expect(asked.body).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      conversationId: expect.any(String),
      direction: 'Inbound',
      text: 'Where is my parcel?',
    })
    expect(silent.body.conversationId).toBeUndefined()
    const [conversation] = lab.genesys.conversations(10, 'open').items
    expect(conversation).toMatchObject({
      id: asked.body.conversationId,
      guest: { id: 'U-77', name: 'Haru', firstName: 'Haru' },
      participantData: { media: 'LINE', locale: 'ja-JP' },
      entries: 2,
      preview: 'Hello?',
    })
  })

  it('are one message however often the same messageId comes, and are counted', async () => {
    const first = await api.call('POST', inbound(integration), message())
    const again = await api.call('POST', inbound(integration), message())
    const other = await api.call('POST', inbound(integration), message({}, { messageId: 'line-488123-0009' }))

    expect(again.body.id).toBe(first.body.id)
    expect(other.body.id).not.toBe(first.body.id)
    expect(lab.genesys.conversationWith(integration, 'U-77')?.entries).toBe(2)
    expect(lab.genesys.received({ guest: 'U-77' }).map(({ times }) => times)).toEqual([1, 2, 1])
    expect(lab.genesys.audit().repeated).toEqual([{ id: `${integration} line-488123-0001`, times: 2 }])
  })

  const attachment = { contentType: 'Attachment', attachment: { id: 'm-1', mediaType: 'Image', url: 'https://files.example.com/p.jpg', mime: 'image/jpeg' } }
  it.each([
    ['neither text nor content', { text: undefined }, {}, /should have required property 'content'.*should have required property '\.text'/],
    ['an empty text', { text: '' }, {}, /should have required property 'content'/],
    ['two attachments', { content: [attachment, attachment] }, {}, /[Oo]nly one attachment/],
    ['an attachment without mime', { content: [{ ...attachment, attachment: { ...attachment.attachment, mime: undefined } }] }, {}, /attachment\.mime/],
    ['an attachment without mediaType', { content: [{ ...attachment, attachment: { ...attachment.attachment, mediaType: undefined } }] }, {}, /mediaType/],
    ['a location', { content: [{ contentType: 'Location', location: {} }] }, {}, /contentType/],
    ['no channel', { channel: undefined }, {}, /'channel'/],
    ['no guest', {}, { from: undefined }, /channel\.from/],
    ['no idType', {}, { from: { id: 'U-77' } }, /channel\.from\.idType/],
    ['a wrong idType', {}, { from: { id: 'U-77', idType: 'Nickname' } }, /idType/],
    ['no time', {}, { time: undefined }, /channel\.time/],
    ['a time in seconds', {}, { time: '1767225600' }, /channel\.time/],
    ['an object in metadata', { metadata: { a: { b: 'c' } } }, {}, /metadata\.a/],
    ['a number among the custom attributes', {}, { metadata: { customAttributes: { age: 5 } } }, /customAttributes\.age/],
  ])('are refused with %s', async (_what, more, channel, complaint) => {
    const answer = await api.call('POST', inbound(integration), 'channel' in more ? { text: 'x' } : message(more, channel))

    expect(answer.status).toBe(400)
    expect(['bad.request', 'invalid.value']).toContain(answer.body.code)
    expect(answer.body.message).toMatch(complaint)
    expect(lab.genesys.received()).toEqual([])
  })

  it('are refused when the body is not JSON, has another type, or the integration is unknown', async () => {
    const malformed = await api.call('POST', inbound(integration), '{"channel":')
    const unknown = await api.call('POST', inbound(randomUUID()), message())
    const form = await fetch(`${lab.genesys.url}${inbound(integration)}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${api.token}` },
      body: new URLSearchParams({ a: 'b' }),
    })

    expect([malformed.status, unknown.status, form.status]).toEqual([400, 404, 415])
  })

  it('take text and one attachment, which is fetched for the desk', async () => {
    const stored = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'photo.jpg' })
    const url = `${lab.url}/lab/api/media/${stored.id}/photo.jpg`

    await api.call(
      'POST',
      inbound(integration),
      message({ content: [{ ...attachment, attachment: { ...attachment.attachment, url, filename: 'photo.jpg' } }] }),
    )
    const conversation = lab.genesys.conversationWith(integration, 'U-77')?.id ?? ''
    const body = await eventually(() => {
      const entry = lab.genesys.deskTimeline(conversation, 10).entries[0]
      return entry?.body.kind === 'parts' && entry.body.parts[1]?.kind === 'photo' ? entry.body : undefined
    })

    expect(body.parts).toMatchObject([
      { kind: 'text', text: 'Where is my parcel?' },
      { kind: 'photo', media: { size: jpeg.length, width: 320, name: 'photo.jpg' } },
    ])
  })

  it('have their failed attachment told by a receipt', async () => {
    const url = `${lab.url}/lab/api/media/nothing/photo.jpg`
    const { body } = await api.call('POST', inbound(integration), message({ content: [{ ...attachment, attachment: { ...attachment.attachment, url } }] }))

    const [request] = await receiver.until(1)

    expect(request?.json).toMatchObject({
      type: 'Receipt',
      id: body.id,
      status: 'Failed',
      direction: 'Inbound',
      isFinalReceipt: true,
      reasons: [{ code: 'GeneralError' }],
    })
  })

  it('are told as published, where that is on', async () => {
    const own = await startLab({ genesys: { integrationSetupMs: 0 } })
    const caller = await client(own)
    const id = await caller.integration('I', receiver.url)
    const { body } = await caller.call('POST', inbound(id), message())

    const [request] = await receiver.until(1)
    await own.close()

    expect(request?.json).toMatchObject({ type: 'Receipt', id: body.id, status: 'Published', direction: 'Inbound', channel: { to: { id: 'U-77' } } })
  })

  it('come by the legacy end point too, which wants more', async () => {
    const path = '/api/v2/conversations/messages/inbound/open'
    const legacy = message({ type: 'Text', direction: 'Inbound' }, { to: { id: integration } })

    const taken = await api.call('POST', path, legacy)
    const withoutDirection = await api.call('POST', path, { ...legacy, direction: undefined })
    const withoutTarget = await api.call('POST', path, message({ type: 'Text', direction: 'Inbound' }))

    expect(taken.status).toBe(200)
    expect([withoutDirection.status, withoutTarget.status]).toEqual([400, 400])
    expect(lab.genesys.received().map(({ kind }) => kind)).toEqual(['legacy'])
  })

  it('show typing, and only typing', async () => {
    await api.call('POST', inbound(integration), message())
    const event = (eventType: string) => ({ channel: { from: { id: 'U-77', idType: 'Opaque' }, time: '2026-03-04T05:06:01.250Z' }, events: [{ eventType }] })

    const typing = await api.call('POST', inbound(integration, 'event'), event('Typing'))
    const presence = await api.call('POST', inbound(integration, 'event'), event('Presence'))

    expect([typing.status, presence.status]).toEqual([200, 400])
    expect(lab.genesys.conversationWith(integration, 'U-77')?.typingUntil).toBeDefined()
  })

  it('carry a choice, which must say what it answers', async () => {
    const choice = {
      channel: { from: { id: 'U-77', idType: 'Opaque' }, messageId: 'line-488124-0002', time: '2026-03-04T05:07:00.000Z' },
      buttonResponse: { type: 'QuickReply', text: 'Yes', payload: 'yes' },
      originatingMessageId: '5d0c8a4e1f7b42c69e3d7a1b90f2c4d8',
    }

    const taken = await api.call('POST', inbound(integration, 'structured/response'), choice)
    const without = await api.call('POST', inbound(integration, 'structured/response'), { ...choice, originatingMessageId: undefined })

    expect(taken.status).toBe(200)
    expect(without).toMatchObject({ status: 400, body: { message: expect.stringContaining('originatingMessageId') } })
    const id = lab.genesys.conversationWith(integration, 'U-77')?.id ?? ''
    expect(lab.genesys.deskTimeline(id, 1).entries[0]?.body).toEqual({ kind: 'choice', title: 'Yes', payload: 'yes', of: choice.originatingMessageId })
  })
})

describe('conversations', () => {
  it('are connected until the agent leaves, and the next message opens another', async () => {
    const first = (await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message())).body.conversationId
    lab.genesys.agent(first, { do: 'text', text: 'Hi' })
    const during = await api.call('GET', `/api/v2/conversations/messages/${first}`)
    lab.genesys.agent(first, { do: 'disconnect' })
    const after = await api.call('GET', `/api/v2/conversations/messages/${first}`)
    const second = (await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message({}, { messageId: 'next' }))).body.conversationId

    const states = (body: { participants: { purpose: string; state: string }[] }) => body.participants.map(({ purpose, state }) => [purpose, state])
    expect(states(during.body)).toEqual([
      ['customer', 'connected'],
      ['agent', 'connected'],
    ])
    expect(states(after.body)).toEqual([
      ['customer', 'disconnected'],
      ['agent', 'disconnected'],
    ])
    expect(second).not.toBe(first)
    expect((await api.call('GET', `/api/v2/conversations/messages/${randomUUID()}`)).status).toBe(404)
  })

  it('can be ended by the API', async () => {
    const { body } = await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message())

    expect((await api.call('POST', `/api/v2/conversations/${body.conversationId}/disconnect`)).status).toBe(202)
    expect(lab.genesys.conversations(10, 'ended').items.map(({ id }) => id)).toEqual([body.conversationId])
  })

  it('are begun by an agentless message, which comes back through the webhook without an author', async () => {
    const wanted = {
      fromAddress: integration,
      toAddress: 'U-99',
      toAddressMessengerType: 'open',
      textBody: 'Your parcel is here',
      useExistingActiveConversation: true,
    }
    const { status, body } = await api.call('POST', '/api/v2/conversations/messages/agentless', wanted)
    const tooLong = await api.call('POST', '/api/v2/conversations/messages/agentless', { ...wanted, textBody: 'x'.repeat(2001) })

    const [request] = await receiver.until(1)

    expect(status).toBe(202)
    expect(tooLong.status).toBe(400)
    expect(request?.json).toMatchObject({
      id: body.id,
      type: 'Text',
      text: 'Your parcel is here',
      conversationId: body.conversationId,
      channel: { to: { id: 'U-99' } },
    })
    expect(request?.json.originatingEntity).toBeUndefined()
  })
})

describe('receipts of agents’ messages', () => {
  const receipt = (id: string, more: object = {}) => ({
    id,
    channel: { to: { id: 'U-77', idType: 'Opaque' }, time: '2026-03-04T05:06:09.000Z' },
    status: 'Failed',
    isFinalReceipt: true,
    direction: 'Outbound',
    reasons: [{ code: 'RecipientOptedOut', message: 'guest blocked the account' }],
    ...more,
  })

  it('stand beside their message; one after the final one is noticed', async () => {
    const { body } = await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message())
    const id = lab.genesys.agent(body.conversationId, { do: 'text', text: 'Hi' }).entries[0]?.id ?? ''

    const statuses = [
      (await api.call('POST', inbound(integration, 'receipt'), receipt(id))).status,
      (await api.call('POST', inbound(integration, 'receipt'), receipt(id, { status: 'Delivered', reasons: undefined }))).status,
    ]

    expect(statuses).toEqual([200, 200])
    expect(lab.genesys.deskTimeline(body.conversationId, 1).entries[0]?.receipts?.[0]).toMatchObject({
      status: 'Failed',
      final: true,
      reasons: [{ code: 'RecipientOptedOut' }],
    })
    expect(lab.genesys.receipts(id).map(({ status, afterFinal }) => [status, afterFinal])).toEqual([
      ['Failed', false],
      ['Delivered', true],
    ])
  })

  it.each([
    ['the state Read', { status: 'Read' }, 400],
    ['an unknown reason', { reasons: [{ code: 'BadMood' }] }, 400],
    ['an unknown message', { id: 'ffffffffffffffffffffffffffffffff' }, 404],
  ])('are refused with %s', async (_what, more, status) => {
    const { body } = await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message())
    const id = lab.genesys.agent(body.conversationId, { do: 'text', text: 'Hi' }).entries[0]?.id ?? ''

    expect((await api.call('POST', inbound(integration, 'receipt'), receipt(id, more))).status).toBe(status)
  })

  it('know who wrote the message', async () => {
    const { body } = await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message())
    const human = lab.genesys.agent(body.conversationId, { do: 'text', text: 'Hi' }).entries[0]?.id
    const bot = lab.genesys.agent(body.conversationId, { do: 'text', text: 'Beep', bot: true }).entries[0]?.id

    const details = async (id: string | undefined) => (await api.call('GET', `/api/v2/conversations/messages/${id}/details`)).body
    expect((await details(human)).createdBy.name).toBe('Aiko Lange')
    expect((await details(bot)).createdBy).toBeUndefined()
  })
})
