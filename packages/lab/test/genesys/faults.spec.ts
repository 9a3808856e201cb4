import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { sign } from '../../src/simulators/genesys/webhook.ts'
import { Receiver } from '../receiver.ts'
import { client, inbound, message, webhookToken } from './client.ts'

let lab: Lab
let receiver: Receiver
let api: Awaited<ReturnType<typeof client>>
let integration: string
let conversation: string

beforeAll(async () => {
  lab = await startLab({ timeScale: 0.01, genesys: { requestsPerMinute: 100_000, receiptsForGuests: 'none', integrationSetupMs: 0 } })
  api = await client(lab)
})
afterAll(async () => lab.close())
beforeEach(async () => {
  lab.reset()
  receiver = await Receiver.open()
  integration = await api.integration(receiver.url, receiver.url)
  conversation = (await api.call('POST', `${inbound(integration)}?prefetchConversationId=true`, message())).body.conversationId
})
afterEach(async () => {
  await lab.genesys.faults.clear()
  await receiver.close()
})

const texts = (requests: Receiver['requests']) => requests.map(({ json }) => json.text)
const add = (kind: string, more: object = {}) =>
  lab.genesys.faults.add({ simulator: 'genesys', kind, params: {}, where: {}, ...more } as Parameters<Lab['genesys']['faults']['add']>[0])

describe('faults', () => {
  it('deliver a webhook again, under the same id or a new one', async () => {
    await add('duplicate', { times: 1 })
    lab.genesys.agent(conversation, { do: 'text', text: 'same' })
    await receiver.until(2)
    await add('duplicate', { times: 1, params: { newId: true } })
    lab.genesys.agent(conversation, { do: 'text', text: 'new' })

    const requests = await receiver.until(4)

    const ids = requests.map(({ json }) => json.id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[3])
    expect(texts(requests)).toEqual(['same', 'same', 'new', 'new'])
  })

  it('reorder webhooks of a guest', async () => {
    await add('reorder', { times: 1, where: { operation: 'Text' } })
    lab.genesys.agent(conversation, { do: 'text', text: '1' })
    lab.genesys.agent(conversation, { do: 'text', text: '2' })

    expect(texts(await receiver.until(2))).toEqual(['2', '1'])
  })

  it('swallow a webhook, and only that one', async () => {
    await add('drop', { times: 1, where: { operation: 'Text' } })
    lab.genesys.agent(conversation, { do: 'text', text: 'swallowed' })
    lab.genesys.agent(conversation, { do: 'text', text: 'told' })

    expect(texts(await receiver.until(1))).toEqual(['told'])
  })

  it('add a copy whose signature is wrong', async () => {
    await add('forged', { times: 1 })
    lab.genesys.agent(conversation, { do: 'text', text: 'true' })

    const requests = await receiver.until(2)

    const forged = requests.find(({ json }) => json.text === 'This message is forged')
    expect(forged?.headers['x-hub-signature-256']).not.toBe(sign(webhookToken, forged?.raw ?? Buffer.alloc(0)))
  })

  it.each([
    ['rateLimit', { retryAfterSeconds: 7 }, 429, 'too.many.requests'],
    ['serverError', { status: 503 }, 503, 'service.unavailable'],
    ['badToken', { how: 'always' }, 401, 'bad.credentials'],
    ['forbidden', {}, 403, 'missing.permissions'],
  ])('answer %s to the next request only', async (kind, params, status, code) => {
    await add(kind, { params, times: 1 })

    const struck = await api.call('POST', inbound(integration), message({}, { messageId: 'a' }))
    const after = await api.call('POST', inbound(integration), message({}, { messageId: 'b' }))

    expect(struck).toMatchObject({ status, body: { code, status } })
    expect(struck.headers.get('retry-after')).toBe(kind === 'rateLimit' ? '7' : null)
    expect(after.status).toBe(200)
    expect(lab.genesys.received().map(({ messageId }) => messageId)).toEqual(['line-488123-0001', 'b'])
  })

  it('name the permission that is missing', async () => {
    await add('forbidden', { times: 1 })

    const { body } = await api.call('POST', inbound(integration), message({}, { messageId: 'a' }))

    expect(body.message).toContain('conversation:message:receive')
  })

  it('expire a token, so that a new login is needed and helps', async () => {
    const own = await client(lab)
    await add('badToken', { times: 1 })

    const struck = await own.call('GET', '/api/v2/flows')
    const still = await own.call('GET', '/api/v2/flows')
    const fresh = await (await client(lab)).call('GET', '/api/v2/flows')

    expect([struck.status, struck.body.code, still.status, fresh.status]).toEqual([401, 'credentials.expired', 401, 200])
  })

  it('refuse logins while tokens in use go on', async () => {
    await add('loginRefused')

    await expect(client(lab)).rejects.toThrow('login answered 401')
    expect((await api.call('GET', '/api/v2/flows')).status).toBe(200)
  })

  it('carry a request out and answer an error all the same', async () => {
    await add('serverError', { times: 1, params: { when: 'after' } })

    const struck = await api.call('POST', inbound(integration), message({ text: 'taken' }, { messageId: 'a' }))

    expect(struck.status).toBe(500)
    expect(lab.genesys.received().map(({ text }) => text)).toContain('taken')
  })

  it('strike by guest, whatever the order of the members', async () => {
    const { channel, text } = message({}, { messageId: 'a' })
    const reordered = { text, channel: { time: channel.time, from: { nickname: 'Haru', idType: 'Opaque', id: 'U-77' } } }
    await add('serverError', { where: { guest: 'U-77', account: integration } })

    const struck = await api.call('POST', inbound(integration), reordered)
    const spared = await api.call('POST', inbound(integration), message({}, { messageId: 'b', from: { id: 'U-78', idType: 'Opaque' } }))

    expect([struck.status, spared.status]).toEqual([500, 200])
  })
})
