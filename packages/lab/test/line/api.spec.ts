import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { Receiver, received } from '../receiver.ts'
import { type Answer, ask, type Webhook } from './channel.ts'

/** J1 of the vectors, and the public half of its key */
const modulus =
  '4f064rO8lbj_c3qH5dc6CKL_sTH6vpepqWTRNr78PQZyyll1MIYOWyapYPvk7qEKgdRYf3mAjJHLCAaT7juHuhUC_4C4lTNWPZMnK0tZNSiWrQCeDbbDhQqTIyev5wZ6Rt6qYaM5Seduj-jKfAhs2eKNqWYRvZcNCg0ZXUw8YCTipHbj_tIo0x14AsNJjBJEgRPXGEXIWgr81FFdHfYBmAlqIP9NXpQUAwW72SluQLj0Fx3eZsMcpFQi-6mQnxuKEb4MRtFsrcxCzbWBEuQbpwhgtuh7cpDQxJoPdHhj7MViXjoLD-Kicyk-O1U-Gy4hOk4aZ7twrCeKrIPcsoeXoQ'
const j1 =
  'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InVtLWtleS0yMDI2LTAxIn0.eyJpc3MiOiIyMDA3NjU0MzIxIiwic3ViIjoiMjAwNzY1NDMyMSIsImF1ZCI6Imh0dHBzOi8vYXBpLmxpbmUubWUvIiwiZXhwIjoxNzY3MjI3NDAwLCJ0b2tlbl9leHAiOjI1OTIwMDB9.nfN4sA4NGxZgLJmGT9QogGO1wY_v0T9iHIjFq3hO9hdxC3vj1IVqQw5shXs6MVK1hdxTi8rJztkxmzkGKq8lHzpN-9ROGFppWQm0viUXrHi_Lhb785S4UV-hFcZt-tjkfVFV32BAOrapa7ZNgsuK6-Q5Yach_HXtEobMkrpZHkPBMKiPowpTaQht3jZP6FTM9qFIvEz7UzyvF4c4Rd6Wx2pTI-gRsHgSgzLiaMFCRy5S8fZ-SWjZKAAh5l4UVkfvH5iO88bjKHWB6JcyLMN4TgsYMxMgPtOIVEO09VU-X8NeUYHEnmXQyZ0KlApAql1crVB4EHMeh3jjMMsfeP0GJw'
let lab: Lab
let now = Date.parse('2026-01-01T00:00:00Z')
let channel: { botUserId: string; channelId: string; channelSecret: string; token: string }
let lena: { id: string; phone: string }
beforeAll(async () => {
  lab = await startLab({ only: ['line'], now: () => new Date(now) })
})
afterAll(async () => lab.close())
beforeEach(() => {
  channel = lab.side('line').addChannel({ switcherSecret: 'sw-7f0b41c2d9e84a6fb3a5' })
  const { phone } = lab.side('line').openPhone(channel.botUserId, { name: 'Lena', language: 'ja' })
  lena = { id: phone.guest.id, phone: phone.id }
})
afterEach(() => lab.side('line').faults.clear())

const call = (method: string, path: string, json?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(lab, method, path, { token: channel.token, headers, ...(json === undefined ? {} : { json }) })
const hello = [{ type: 'text', text: 'Hello' }]
const push = (messages: unknown = hello, more: { to?: string; key?: string } = {}): Promise<Answer> =>
  call('POST', '/v2/bot/message/push', { to: more.to ?? lena.id, messages }, more.key === undefined ? {} : { 'X-Line-Retry-Key': more.key })
const eventsOf = (request: Parameters<typeof received>[0]) => (received(request).json as unknown as Webhook).events
const bodies = () =>
  lab
    .side('line')
    .timeline(lena.phone, 50)
    .entries.map(({ body }) => body)

describe('push', () => {
  it('shows the messages and names them in order', async () => {
    const { status, json } = await push([...hello, { type: 'location', title: 'T', address: 'A', latitude: 1, longitude: 2 }])

    expect(status).toBe(200)
    expect((json.sentMessages as { id: string }[]).map(({ id }) => id)).toEqual(
      lab
        .side('line')
        .timeline(lena.phone, 50)
        .entries.map(({ refs }) => refs[0]),
    )
    expect(bodies()).toMatchObject([
      { kind: 'text', text: 'Hello' },
      { kind: 'location', title: 'T' },
    ])
  })
  const key = '123e4567-e89b-12d3-a456-426614174000'
  it('knows a retry key for a day', async () => {
    const first = await push(hello, { key })
    const again = await push(hello, { key })
    expect(again).toMatchObject({ status: 409, json: { message: 'The retry key is already accepted', ...first.json } })
    expect(again.headers.get('x-line-accepted-request-id')).toBeTruthy()
    expect(bodies()).toHaveLength(1)

    now += 24 * 3600_000 + 1
    expect((await push(hello, { key })).status).toBe(200)
    expect((await push(hello, { key: key.replace('4174000', '4174001') })).status).toBe(200)
    expect((await push(hello, { key: 'no-uuid' })).status).toBe(400)
  })
  it('answers 200 for a guest who has blocked the account, and shows nothing', async () => {
    await lab.side('line').guest(channel.botUserId, lena.id).do({ do: 'block' })

    expect((await push()).status).toBe(200)
    expect(lab.side('line').timeline(lena.phone, 50).entries).toMatchObject([{ state: 'refused' }])
    expect(lab.side('line').sent({ guest: lena.id })).toEqual([])
  })
  it.each([
    ['nobody', 'Uffffffffffffffffffffffffffffffff', 'Failed to send messages'],
    ['a name', 'Lena', "The property, 'to', in the request body is invalid (line: -, column: -)"],
  ])('refuses %s', async (_what, to, message) => {
    expect(await push(hello, { to })).toMatchObject({ status: 400, json: { message } })
  })
  it('ends with the monthly limit, replies do not', async () => {
    lab.side('line').channel(channel.botUserId).quota = 1
    await push()

    expect(await push()).toMatchObject({ status: 429, json: { message: 'You have reached your monthly limit.' } })
    expect((await call('GET', '/v2/bot/message/quota')).json).toEqual({ type: 'limited', value: 1 })
    expect((await call('GET', '/v2/bot/message/quota/consumption')).json).toEqual({ totalUsage: 1 })
  })
  it('is limited per second as LINE says', async () => {
    const strict = await startLab({ only: ['line'], now: () => new Date(now), platforms: { line: { limits: { messagesPerSecond: 2, loadingPerSecond: 1 } } } })
    const { botUserId, token } = strict.side('line').addChannel()
    const { phone } = strict.side('line').openPhone(botUserId, {})
    const send = () => ask(strict, 'POST', '/v2/bot/message/push', { token, json: { to: phone.guest.id, messages: hello } })

    const statuses = [await send(), await send(), await send()].map(({ status }) => status)
    await strict.close()
    expect(statuses).toEqual([200, 200, 429])
  })
})

describe('messages', () => {
  const action = { type: 'postback', label: 'Small', data: 'size=S' }
  it.each<[string, unknown, string]>([
    ['six', Array.from({ length: 6 }, () => hello[0]), 'messages'],
    ['none', [], 'messages'],
    ['an empty text', [{ type: 'text', text: '' }], 'messages[0].text'],
    ['a text that is too long', [{ type: 'text', text: 'x'.repeat(5001) }], 'messages[0].text'],
    ['a picture without a preview', [{ type: 'image', originalContentUrl: 'https://f.example.com/p.png' }], 'messages[0].previewImageUrl'],
    ['a sound without its length', [{ type: 'audio', originalContentUrl: 'https://f.example.com/a.m4a' }], 'messages[0].duration'],
    ['a place without address', [{ type: 'location', title: 'T', latitude: 1, longitude: 2 }], 'messages[0].address'],
    ['a sticker that is not for sending', [{ type: 'sticker', packageId: '30563', stickerId: '651698630' }], 'messages[0].packageId'],
    [
      'fourteen quick replies',
      [{ type: 'text', text: 'x', quickReply: { items: Array.from({ length: 14 }, () => ({ type: 'action', action })) } }],
      'messages[0].quickReply.items',
    ],
    [
      'a label that is too long',
      [{ type: 'text', text: 'x', quickReply: { items: [{ type: 'action', action: { ...action, label: 'x'.repeat(21) } }] } }],
      'messages[0].quickReply.items[0].action.label',
    ],
    [
      'five buttons',
      [{ type: 'template', altText: 'a', template: { type: 'buttons', text: 't', actions: [action, action, action, action, action] } }],
      'messages[0].template.actions',
    ],
    [
      'data that is too long',
      [{ type: 'template', altText: 'a', template: { type: 'buttons', text: 't', actions: [{ ...action, data: 'x'.repeat(301) }] } }],
      'messages[0].template.actions[0].data',
    ],
    [
      'three answers to confirm',
      [{ type: 'template', altText: 'a', template: { type: 'confirm', text: 't', actions: [action, action, action] } }],
      'messages[0].template.actions',
    ],
    [
      'thirteen bubbles',
      [{ type: 'flex', altText: 'a', contents: { type: 'carousel', contents: Array.from({ length: 13 }, () => ({ type: 'bubble' })) } }],
      'messages[0].contents.contents',
    ],
    ['a sender with a long name', [{ type: 'text', text: 'x', sender: { name: 'x'.repeat(21) } }], 'messages[0].sender.name'],
  ])('refuses %s, and names it', async (_what, messages, property) => {
    const { status, json } = await push(messages)

    expect(status).toBe(400)
    expect(json.message).toMatch(/^The request body has \d+ error\(s\)$/)
    expect(json.details).toEqual(expect.arrayContaining([expect.objectContaining({ property })]))
    expect(bodies()).toEqual([])
  })
  it('counts labels in characters as people see them', async () => {
    const family = '👨‍👩‍👧‍👦'.repeat(20)
    expect((await push([{ type: 'text', text: 'x', quickReply: { items: [{ type: 'action', action: { ...action, label: family } }] } }])).status).toBe(200)
  })
  it('refuses a bubble that is too large, a label in flex that is too long', async () => {
    const bubble = (text: string, label: string) => ({
      type: 'bubble',
      body: {
        type: 'box',
        layout: 'vertical',
        contents: [
          { type: 'text', text },
          { type: 'button', action: { ...action, label } },
        ],
      },
    })
    const flex = (text: string, label = 'Small') => push([{ type: 'flex', altText: 'a', contents: bubble(text, label) }])

    expect((await flex('x'.repeat(31_000))).status).toBe(400)
    expect((await flex('x', 'x'.repeat(41))).status).toBe(400)
    expect((await flex('x'.repeat(29_000), 'x'.repeat(40))).status).toBe(200)
  })
  it('want TLS when told to', async () => {
    const strict = await startLab({ only: ['line'], platforms: { line: { requireHttps: true } } })
    const { token } = strict.side('line').addChannel()
    const validate = (url: string) =>
      ask(strict, 'POST', '/v2/bot/message/validate/push', { token, json: { messages: [{ type: 'image', originalContentUrl: url, previewImageUrl: url }] } })

    const statuses = [await validate('http://f.example.com/p.png'), await validate('https://f.example.com/p.png')].map(({ status }) => status)
    await strict.close()
    expect(statuses).toEqual([400, 200])
  })
})

describe('reply', () => {
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await Receiver.open()
    await call('PUT', '/v2/bot/channel/webhook/endpoint', { endpoint: receiver.url })
  })
  afterEach(() => receiver.close())
  const tokenOf = async (): Promise<string> => {
    await lab.side('line').guest(channel.botUserId, lena.id).do({ do: 'text', text: 'hi' })
    const [request] = await receiver.until(1)
    return eventsOf(request)[0]?.replyToken ?? ''
  }
  const reply = (replyToken: string, headers: Record<string, string> = {}) => call('POST', '/v2/bot/message/reply', { replyToken, messages: hello }, headers)

  it('takes a token once', async () => {
    const token = await tokenOf()

    expect((await reply(token)).status).toBe(200)
    expect(await reply(token)).toMatchObject({ status: 400, json: { message: 'Invalid reply token' } })
    expect(bodies()).toMatchObject([{}, { kind: 'text', text: 'Hello' }])
  })
  it('takes it for a minute', async () => {
    const token = await tokenOf()
    now += 60_001
    expect((await reply(token)).status).toBe(400)
  })
  it('refuses a retry key, and does not use the token up', async () => {
    const token = await tokenOf()

    expect((await reply(token, { 'X-Line-Retry-Key': '123e4567-e89b-12d3-a456-426614174000' })).status).toBe(400)
    expect((await reply(token)).status).toBe(200)
  })
  it('costs nothing', async () => {
    lab.side('line').channel(channel.botUserId).quota = 0
    expect((await reply(await tokenOf())).status).toBe(200)
  })
})

describe('presses', () => {
  it('come back as the data of the button', async () => {
    const receiver = await Receiver.open()
    await call('PUT', '/v2/bot/channel/webhook/endpoint', { endpoint: receiver.url })
    await push([
      {
        type: 'text',
        text: 'Which size?',
        quickReply: { items: [{ type: 'action', action: { type: 'postback', label: 'Small', data: 'size=S', displayText: 'Small, please' } }] },
      },
    ])
    const [entry] = lab.side('line').timeline(lena.phone, 50).entries
    expect(entry?.body).toMatchObject({ kind: 'quickReplies', text: 'Which size?', buttons: [{ id: '0', title: 'Small' }] })

    await lab.side('line').guest(channel.botUserId, lena.id).do({ do: 'press', entry: entry?.id, button: '0' })
    const [request] = await receiver.until(1)
    await receiver.close()

    expect(eventsOf(request)).toMatchObject([{ type: 'postback', postback: { data: 'size=S' } }])
    expect(bodies().at(-1)).toMatchObject({ kind: 'choice', title: 'Small, please', payload: 'size=S' })
    await expect(lab.side('line').guest(channel.botUserId, lena.id).do({ do: 'press', entry: entry?.id, button: '1' })).rejects.toMatchObject({
      code: 'notFound',
    })
  })
})

describe('content', () => {
  const sent = async (): Promise<string> => {
    const upload = lab.media.put({ bytes: Buffer.from('film'), mime: 'video/mp4', name: 'v.mp4' }).id
    const { entries } = await lab.side('line').guest(channel.botUserId, lena.id).do({ do: 'video', upload })
    return entries[0]?.refs[0] ?? ''
  }
  const content = (id: string, more = '') => call('GET', `/v2/bot/message/${id}/content${more}`)
  it('is what the guest sent, until it is unsent', async () => {
    const id = await sent()
    const { bytes, headers } = await content(id)
    expect([bytes.toString(), headers.get('content-type')]).toEqual(['film', 'video/mp4'])
    expect((await content(id, '/transcoding')).json).toEqual({ status: 'succeeded' })

    const entry = lab.side('line').timeline(lena.phone, 50).entries.at(-1)
    await lab
      .side('line')
      .guest(channel.botUserId, lena.id)
      .do({ do: 'delete', entry: entry?.id ?? '' })
    expect((await content(id)).status).toBe(410)
    expect((await content('590000000000000001')).status).toBe(404)
  })
  it('is being prepared for a while on demand', async () => {
    await lab.side('line').faults.add({ simulator: 'line', kind: 'preparing', params: {}, where: {}, times: 2 })
    const id = await sent()

    expect((await content(id, '/transcoding')).json).toEqual({ status: 'processing' })
    expect((await content(id)).status).toBe(202)
    expect((await content(id)).status).toBe(200)
  })
})

describe('the rest of the API', () => {
  it('wants a good token', async () => {
    const { status, json } = await ask(lab, 'GET', '/v2/bot/info', { token: `${channel.token}x` })
    expect(status).toBe(401)
    expect(json.message).toMatch(/^Authentication failed due to the following reason:/)
    expect((await ask(lab, 'GET', '/v2/bot/info')).status).toBe(401)
    expect((await call('GET', '/v2/bot/info')).json).toMatchObject({ userId: channel.botUserId })
  })
  it('knows friends only, while they are', async () => {
    expect((await call('GET', `/v2/bot/profile/${lena.id}`)).json).toEqual({ userId: lena.id, displayName: 'Lena', language: 'ja' })
    await lab.side('line').guest(channel.botUserId, lena.id).do({ do: 'block' })
    expect((await call('GET', `/v2/bot/profile/${lena.id}`)).status).toBe(404)
  })
  it.each([
    [20, 202],
    [21, 400],
    [0, 400],
    [65, 400],
  ])('shows typing for %d seconds: %d', async (loadingSeconds, status) => {
    expect((await call('POST', '/v2/bot/chat/loading/start', { chatId: lena.id, loadingSeconds })).status).toBe(status)
    expect(lab.side('line').timeline(lena.phone, 1).phone.typingUntil !== undefined).toBe(status === 202)
  })
  it('says 404 to what it does not have', async () => {
    expect((await call('GET', '/v2/bot/holograms')).status).toBe(404)
  })
  it('switches guests with the right secret', async () => {
    const to = (secret: string) => call('POST', '/v2/bot/admin/switcher/switch', { destinationId: 'd-2', userId: lena.id }, { 'X-Line-SwitcherSecret': secret })

    expect((await to('sw-7f0b41c2d9e84a6fb3a6')).status).toBe(403)
    expect((await to('sw-7f0b41c2d9e84a6fb3a5')).status).toBe(200)
    expect(bodies()).toEqual([{ kind: 'event', what: 'switched', text: 'Switched to d-2' }])
  })
})

describe('Phone Number Push', () => {
  const digest = (): string =>
    createHash('sha256')
      .update(lab.side('line').phoneNumber(channel.botUserId, lena.id) ?? '')
      .digest('hex')
  it('finds the guest by the digest of the number, and tells of the arrival by the tag', async () => {
    const receiver = await Receiver.open()
    await call('PUT', '/v2/bot/channel/webhook/endpoint', { endpoint: receiver.url })
    expect(await call('POST', '/bot/pnp/push', { to: digest(), messages: hello }, { 'X-Line-Delivery-Tag': 'tag-0123456789ab' })).toMatchObject({
      status: 200,
      json: {},
    })
    const [request] = await receiver.until(1)
    await receiver.close()

    expect(eventsOf(request)).toMatchObject([{ type: 'delivery', delivery: { data: 'tag-0123456789ab' } }])
    expect(bodies()).toEqual([{ kind: 'text', text: 'Hello' }])
  })
  it.each([
    ['a number that nobody has', createHash('sha256').update('+819099999999').digest('hex'), hello, 422],
    ['a number that is not hashed', '+819011112222', hello, 400],
    ['pictures', undefined, [{ type: 'image', originalContentUrl: 'https://f.example.com/p.png', previewImageUrl: 'https://f.example.com/p.png' }], 400],
  ])('refuses %s', async (_what, to, messages, status) => {
    expect((await call('POST', '/bot/pnp/push', { to: to ?? digest(), messages })).status).toBe(status)
    expect(bodies()).toEqual([])
  })
  it('needs a contract', async () => {
    lab.side('line').channel(channel.botUserId).pnp = false
    expect((await call('POST', '/bot/pnp/push', { to: digest(), messages: hello })).status).toBe(403)
  })
})

describe('tokens', () => {
  const grant = (path: string, form: Record<string, string>) => ask(lab, 'POST', path, { form: { grant_type: 'client_credentials', ...form } })
  const works = async (token: unknown): Promise<boolean> => (await ask(lab, 'GET', '/v2/bot/info', { token: String(token) })).status === 200
  it('without state live for a quarter of an hour', async () => {
    const { json } = await grant('/oauth2/v3/token', { client_id: channel.channelId, client_secret: channel.channelSecret })
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 900 })

    now += 899_000
    expect(await works(json.access_token)).toBe(true)
    now += 1000
    expect(await works(json.access_token)).toBe(false)
  })
  it('want the right secret', async () => {
    expect(await grant('/oauth2/v3/token', { client_id: channel.channelId, client_secret: `${channel.channelSecret.slice(1)}0` })).toMatchObject({
      status: 400,
      json: { error: 'invalid_client' },
    })
  })

  const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwt = (claims: object = {}, kid = 'um-key-2026-01'): string => {
    const seconds = Math.floor(now / 1000)
    const payload = { iss: channel.channelId, sub: channel.channelId, aud: 'https://api.line.me/', exp: seconds + 1800, token_exp: 86_400, ...claims }
    const signed = [{ alg: 'RS256', typ: 'JWT', kid }, payload].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
  }
  const byJwt = (client_assertion: string) =>
    grant('/oauth2/v2.1/token', { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion })
  beforeEach(() => {
    lab
      .side('line')
      .channel(channel.botUserId)
      .publicKeys.set('um-key-2026-01', publicKey.export({ format: 'jwk' }))
  })
  it('v2.1 come for an assertion, can be checked and taken back', async () => {
    const { json } = await byJwt(jwt())
    const token = String(json.access_token)
    expect(json).toMatchObject({ expires_in: 86_400, key_id: 'um-key-2026-01' })
    expect((await ask(lab, 'GET', `/oauth2/v2.1/verify?access_token=${token}`)).json).toMatchObject({ client_id: channel.channelId })
    expect(await works(token)).toBe(true)

    await ask(lab, 'POST', '/oauth2/v2.1/revoke', { form: { client_id: channel.channelId, client_secret: channel.channelSecret, access_token: token } })
    expect(await works(token)).toBe(false)
  })
  it.each([
    ['an end too far away', () => jwt({ exp: Math.floor(now / 1000) + 1810 })],
    ['an end that is over', () => jwt({ exp: Math.floor(now / 1000) })],
    ['a token that would live too long', () => jwt({ token_exp: 2_592_001 })],
    ['another audience', () => jwt({ aud: 'https://api.line.me' })],
    ['another channel', () => jwt({ sub: '2000000009' })],
    ['an unknown key', () => jwt({}, 'another-key')],
    [
      'a payload that was changed',
      () => jwt().replace(/\.(.+)\./, (_all, payload: string) => `.${payload.slice(0, -2)}${payload.at(-2) === 'A' ? 'B' : 'A'}${payload.at(-1)}.`),
    ],
  ])('v2.1 do not come for an assertion with %s', async (_what, make) => {
    expect((await byJwt(make())).status).toBe(400)
  })
  it('v2.1 come for the assertion of another program, at its time', async () => {
    const known = lab.side('line').addChannel({ channelId: '2007654321' })
    lab.side('line').channel(known.botUserId).publicKeys.set('um-key-2026-01', { kty: 'RSA', e: 'AQAB', n: modulus })
    now = 1767225600_000
    expect((await byJwt(j1)).status).toBe(200)
    expect((await byJwt(j1.replace('MDB9.', 'MDB8.'))).status).toBe(400)
    now += 1800_000
    expect((await byJwt(j1)).status).toBe(400)
  })
  it('v2.1 are thirty at a time', async () => {
    for (let count = 0; count < 30; count += 1) await byJwt(jwt())

    expect(await byJwt(jwt())).toMatchObject({ status: 400, json: { error_description: 'The maximum number of access tokens has already been issued' } })
  })
  it('of the console are refused once they are issued again', async () => {
    const fresh = lab.side('line').reissueToken(channel.botUserId)

    expect([await works(channel.token), await works(fresh)]).toEqual([false, true])
  })
})

describe('faults', () => {
  it.each([
    ['badToken', 401],
    ['monthlyLimit', 429],
    ['noContract', 403],
    ['unknownGuest', 400],
    ['rateLimit', 429],
    ['serverError', 500],
  ])('%s is worded by LINE as %d', async (kind, status) => {
    await lab.side('line').faults.add({ simulator: 'line', kind, params: {}, where: { operation: 'push' }, times: 1 })

    expect((await call('GET', '/v2/bot/info')).status).toBe(200)
    expect((await push()).status).toBe(status)
    expect((await push()).status).toBe(200)
  })
})
