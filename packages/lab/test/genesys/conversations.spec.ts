import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { Receiver } from '../receiver.ts'
import { client, inbound, message } from './client.ts'

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
