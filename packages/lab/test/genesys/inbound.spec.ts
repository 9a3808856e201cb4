import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { jpeg } from '../images.ts'
import { eventually, Receiver } from '../receiver.ts'
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
