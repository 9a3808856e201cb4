import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { sign } from '../../src/simulators/genesys/webhook.ts'
import { jpeg } from '../images.ts'
import { eventually, Receiver, received } from '../receiver.ts'
import { client, inbound, integrations, message, webhookToken } from './client.ts'

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

describe('signature', () => {
  it.each([
    ['V2', '{"id":"77aa","type":"Text","text":"こんにちは 😀 — ça va ?","direction":"Outbound"}', 'sha256=oGmCNfk+Zp/l3mPhd8kSJI9NHILfMc943/gVC9mqPlI='],
    ['V3', '{"id":"77aa","type":"Text","text":"\\u3053\\u3093 😀"}', 'sha256=l0FIdwSEcnEzHm+YINKCX7w3AjivDEaBebMyAKs0vn8='],
    [
      'V1',
      '{"id":"5d0c8a4e1f7b42c69e3d7a1b90f2c4d8","channel":{"id":"1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711","platform":"Open","type":"Private","messageId":"5d0c8a4e1f7b42c69e3d7a1b90f2c4d8","to":{"id":"U-77","idType":"Opaque"},"from":{"nickname":"UM-ACME","id":"1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711","idType":"Opaque"},"time":"2026-03-04T05:06:07.089Z"},"type":"Text","text":"Hello from the desk","direction":"Outbound","originatingEntity":"Human","conversationId":"0b7d6a5e-5b1f-4b9f-8d0e-6f3c2a1b9e44"}',
      'sha256=L8+mX3FZa7T3blW3XT45XaFrBHERTfjYfYpQl3t7+Bc=',
    ],
  ])('is that of vector %s', (_name, body, expected) => {
    expect(sign(webhookToken, Buffer.from(body))).toBe(expected)
  })

  it('covers exactly the bytes that are sent', async () => {
    lab.genesys.agent(conversation, { do: 'text', text: 'こんにちは 😀' })

    const [request] = await receiver.until(1)

    const expected = createHmac('sha256', webhookToken)
      .update(request?.raw ?? '')
      .digest('base64')
    expect(request?.headers['x-hub-signature-256']).toBe(`sha256=${expected}`)
  })

  it('comes with the headers that the integration wants', async () => {
    await api.call('PATCH', `${integrations}/${integration}`, { name: receiver.url, webhookHeaders: { 'X-Acme': 'seven' } })
    lab.genesys.agent(conversation, { do: 'text', text: 'Hi' })

    const [request] = await receiver.until(1)

    expect(request?.headers['x-acme']).toBe('seven')
  })
})

describe('what agents send', () => {
  it('has the platform’s envelope', async () => {
    const { entries } = lab.genesys.agent(conversation, { do: 'text', text: 'Hello from the desk' })

    const [request] = await receiver.until(1)

    expect(request?.json).toEqual({
      id: entries[0]?.id,
      channel: {
        id: integration,
        platform: 'Open',
        type: 'Private',
        messageId: entries[0]?.id,
        to: { id: 'U-77', idType: 'Opaque' },
        from: { nickname: receiver.url, id: integration, idType: 'Opaque' },
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        metadata: { customAttributes: { media: 'LINE', locale: 'ja-JP' } },
      },
      type: 'Text',
      text: 'Hello from the desk',
      direction: 'Outbound',
      originatingEntity: 'Human',
      conversationId: conversation,
    })
    expect(await eventually(() => lab.genesys.deskTimeline(conversation, 1).entries.find(({ state }) => state === 'delivered'))).toMatchObject({
      attempts: 1,
      status: 200,
    })
  })

  it('may be a file, served without a token or only with one', async () => {
    const upload = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'plan ä.jpg' }).id
    lab.genesys.agent(conversation, { do: 'attachment', upload, text: 'The plan' })

    const [request] = await receiver.until(1)
    const { attachment } = (received(request).json.content as { attachment: Record<string, string> }[])[0] ?? { attachment: {} }
    const open = await fetch(attachment.url ?? '')
    const strict = await startLab({ genesys: { downloadsNeedToken: true } })
    const strictUrl = `${strict.genesys.url}/downloads/${strict.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'x.jpg' }).id}/x.jpg`
    const bare = await fetch(strictUrl)
    const withToken = await fetch(strictUrl, { headers: { Authorization: `Bearer ${(await client(strict)).token}` } })
    await strict.close()

    expect(request?.json).toMatchObject({ type: 'Text', text: 'The plan' })
    expect(attachment).toMatchObject({ mediaType: 'Image', mime: 'image/jpeg', filename: 'plan ä.jpg', contentSizeBytes: jpeg.length })
    expect(Buffer.from(await open.arrayBuffer())).toEqual(jpeg)
    expect([open.status, bare.status, withToken.status]).toEqual([200, 401, 200])
  })

  it('may be structured', async () => {
    const slots = [{ at: '2026-05-30T12:00:00.000Z', durationSeconds: 1800 }]
    lab.genesys.agent(conversation, { do: 'quickReplies', text: 'Sure?', options: [{ text: 'Yes', payload: 'yes' }, { text: 'No' }] })
    lab.genesys.agent(conversation, {
      do: 'card',
      card: {
        title: 'T',
        buttons: [
          { text: 'Buy', payload: 'buy-1' },
          { text: 'More', url: 'https://example.com' },
        ],
      },
    })
    lab.genesys.agent(conversation, { do: 'carousel', cards: [{ title: 'A' }, { title: 'B' }] })
    lab.genesys.agent(conversation, { do: 'listPicker', text: 'Which?', sections: [{ title: 'S', items: [{ id: 'i1', title: 'One' }] }] })
    lab.genesys.agent(conversation, { do: 'datePicker', title: 'When?', slots })
    lab.genesys.agent(conversation, { do: 'location', latitude: 1, longitude: 2, title: 'HQ' })
    lab.genesys.agent(conversation, { do: 'typing', durationMs: 5000 })

    const bodies = (await receiver.until(7)).map(({ json }) => json)

    expect(bodies.map(({ type }) => type)).toEqual(['Structured', 'Structured', 'Structured', 'Structured', 'Structured', 'Structured', 'Event'])
    expect(bodies[0]?.content).toEqual([
      { contentType: 'QuickReply', quickReply: { text: 'Yes', payload: 'yes', action: 'Message' } },
      { contentType: 'QuickReply', quickReply: { text: 'No', payload: 'No', action: 'Message' } },
    ])
    expect(bodies[1]?.content).toEqual([
      {
        contentType: 'Card',
        card: {
          title: 'T',
          actions: [
            { type: 'Postback', text: 'Buy', payload: 'buy-1' },
            { type: 'Link', text: 'More', url: 'https://example.com' },
          ],
        },
      },
    ])
    expect(bodies[2]?.content).toMatchObject([{ contentType: 'Carousel', carousel: { cards: [{ title: 'A' }, { title: 'B' }] } }])
    expect(bodies[3]?.content).toMatchObject([
      { contentType: 'ListPicker', listPicker: { sections: [{ title: 'S', multipleSelection: false, items: [{ id: 'i1', title: 'One' }] }] } },
    ])
    expect(bodies[4]?.content).toMatchObject([
      { contentType: 'DatePicker', datePicker: { title: 'When?', availableTimes: [{ dateTime: slots[0]?.at, duration: 1800 }] } },
    ])
    expect(bodies[5]?.content).toEqual([{ contentType: 'Location', location: { latitude: 1, longitude: 2, text: 'HQ' } }])
    expect(bodies[6]?.events).toEqual([{ eventType: 'Typing', typing: { type: 'On', duration: 5000 } }])
  })

  it('ends with the conversation', () => {
    lab.genesys.agent(conversation, { do: 'disconnect' })

    expect(() => lab.genesys.agent(conversation, { do: 'text', text: 'too late' })).toThrow(/has ended/)
  })

  it('tells of the end only where that is on', async () => {
    const telling = await startLab({ genesys: { presenceOnDisconnect: true, receiptsForGuests: 'none', integrationSetupMs: 0 } })
    const caller = await client(telling)
    const id = await caller.integration('I', receiver.url)
    const { body } = await caller.call('POST', `${inbound(id)}?prefetchConversationId=true`, message())
    telling.genesys.agent(body.conversationId, { do: 'disconnect' })

    const [request] = await receiver.until(1)
    await telling.close()

    expect(request?.json.events).toEqual([{ eventType: 'Presence', presence: { type: 'Disconnect' } }])
  })
})

describe('repeats', () => {
  it('come up to five times, five seconds apart, and keep the order', async () => {
    receiver.script(503, 429, 'reset', 500, 500)
    lab.genesys.agent(conversation, { do: 'text', text: 'first' })
    lab.genesys.agent(conversation, { do: 'text', text: 'second' })

    const requests = await receiver.until(7)

    expect(texts(requests)).toEqual([...Array.from({ length: 6 }, () => 'first'), 'second'])
    expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThanOrEqual(49)
    expect(new Set(requests.slice(0, 6).map(({ raw }) => raw.toString('base64'))).size).toBe(1)
  })

  it('end after the sixth failure', async () => {
    receiver.script(500, 500, 500, 500, 500, 500)
    const { entries } = lab.genesys.agent(conversation, { do: 'text', text: 'lost' })

    const entry = await eventually(() => lab.genesys.deskTimeline(conversation, 1).entries.find(({ state }) => state === 'lost'))

    expect(entry).toMatchObject({ id: entries[0]?.id, attempts: 6, status: 500 })
    expect(receiver.requests).toHaveLength(6)
  })

  it('do not follow any other refusal', async () => {
    receiver.script(401)
    lab.genesys.agent(conversation, { do: 'text', text: 'refused' })

    const entry = await eventually(() => lab.genesys.deskTimeline(conversation, 1).entries.find(({ state }) => state === 'lost'))

    expect(entry).toMatchObject({ attempts: 1, status: 401 })
    expect(receiver.requests).toHaveLength(1)
  })

  it('follow a time-out', async () => {
    const hasty = await startLab({ timeScale: 0.01, genesys: { webhookTimeoutMs: 50, receiptsForGuests: 'none', integrationSetupMs: 0 } })
    const caller = await client(hasty)
    const id = await caller.integration('I', receiver.url)
    const { body } = await caller.call('POST', `${inbound(id)}?prefetchConversationId=true`, message())
    receiver.script('hang')
    hasty.genesys.agent(body.conversationId, { do: 'text', text: 'again' })

    const requests = await receiver.until(2)
    await hasty.close()

    expect(texts(requests)).toEqual(['again', 'again'])
  })
})
