import { describe, expect, it } from '@jest/globals'
import { sent } from '../src/api.ts'
import { deliver, readCalls } from '../src/calls.ts'
import { group, lena, outgoing } from './samples.ts'

const hello = { type: 'text', text: 'Hello' }
const token = { replyToken: 'rt-1', replyUntil: '2026-01-01T00:00:50.000Z' }

describe('deliver', () => {
  it('pushes with a key that is the same at every retry, and another for every request', () => {
    const six = Array.from({ length: 6 }, () => hello)
    const [first, second] = deliver(outgoing(), six)

    expect(first).toMatchObject({ path: '/v2/bot/message/push', idempotent: true, json: { to: lena, messages: six.slice(0, 5) } })
    expect(second).toMatchObject({ json: { to: lena, messages: [hello] } })
    expect(first?.headers?.['X-Line-Retry-Key']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(first?.headers).not.toEqual(second?.headers)
    expect(deliver(outgoing(), six)).toEqual([first, second])
    expect(deliver(outgoing({}, {}, { id: 'another' }), six)[0]?.headers).not.toEqual(first?.headers)
  })
  it('replies while the token lives, without a key, and pushes when LINE does not take it any more', () => {
    const [call] = deliver(outgoing({}, { address: token }), [hello])

    expect(call).toMatchObject({ path: '/v2/bot/message/reply', json: { replyToken: 'rt-1', messages: [hello] } })
    expect(call?.headers).toBeUndefined()
    expect(call?.idempotent).toBeUndefined()
    expect(call?.alternatives?.push).toEqual(deliver(outgoing(), [hello]))
  })
  it.each([
    ['is old', { ...token, replyUntil: '2026-01-01T00:00:29.999Z' }],
    ['was used', { ...token, replyToken: '' }],
    ['is used by the welcome', { ...token, replyUntil: '' }],
  ])('pushes when the token %s', (_, address) => {
    expect(deliver(outgoing({}, { address }), [hello])[0]?.path).toBe('/v2/bot/message/push')
  })
  it('replies once and pushes the rest', () => {
    const paths = deliver(
      outgoing({}, { address: token }),
      Array.from({ length: 7 }, () => hello),
    ).map(call => call.path)

    expect(paths).toEqual(['/v2/bot/message/reply', '/v2/bot/message/push'])
  })
  it('has the words at hand for when LINE does not like the rest, under a key of their own', () => {
    const [call] = deliver(outgoing(), [{ type: 'sticker', packageId: '1', stickerId: '2' }], { text: '[sticker 1/2]' })
    const [words] = call?.alternatives?.text ?? []

    expect(words?.json).toEqual({ to: lena, messages: [{ type: 'text', text: '[sticker 1/2]' }] })
    expect(words?.headers).not.toEqual(call?.headers)
  })
  it('shows the agent as the sender only when the tenant wants it, in at most 20 characters', () => {
    const agent = { agentName: 'Maximiliane Oberhuber' }

    expect(deliver(outgoing({ useAgentSender: true }, {}, agent), [hello])[0]?.json).toMatchObject({ messages: [{ sender: { name: 'Maximiliane Oberhub…' } }] })
    expect(deliver(outgoing({}, {}, agent), [hello])[0]?.json).toEqual({ to: lena, messages: [hello] })
    expect(deliver(outgoing({ useAgentSender: true }, {}, { ...agent, author: 'bot' }), [hello])[0]?.json).toEqual({ to: lena, messages: [hello] })
  })
  it('sends the service code of the switcher along', () => {
    expect(deliver(outgoing({ switcherServiceCode: 'code-1' }), [hello])[0]?.headers).toMatchObject({ 'X-Line-ServiceCode': 'code-1' })
  })
})

describe('marks of what was read', () => {
  it('follow the answer, so that the answer keeps its place when a retry has no mark to make', () => {
    const settings = { markAsRead: 'token' } as const
    const [message, mark] = deliver(outgoing(settings, { address: { unread: 'mR-c3d4' } }), [hello])

    expect(mark).toMatchObject({ path: '/v2/bot/chat/markAsRead', json: { markAsReadToken: 'mR-c3d4' }, auxiliary: true })
    expect(message?.path).toBe('/v2/bot/message/push')
    expect(mark && sent({}, mark)).toEqual({ address: { unread: '' } })
    expect(deliver(outgoing(settings, { address: { unread: '' } }), [hello])).toEqual([message])
  })
  it('name the guest in the older way', () => {
    expect(readCalls(outgoing({ markAsRead: 'user' }, { address: { unread: '5901' } }))[0]).toMatchObject({
      path: '/v2/bot/message/markAsRead',
      json: { chat: { userId: lena } },
    })
  })
  it('are not made by an IVR, nor without anything unread, nor when they are off', () => {
    expect(readCalls(outgoing({ markAsRead: 'token' }, { address: { unread: 'm' } }, { author: 'ivr' }))).toEqual([])
    expect(readCalls(outgoing({ markAsRead: 'token' }))).toEqual([])
    expect(readCalls(outgoing({}, { address: { unread: 'm' } }))).toEqual([])
  })
})

describe('sent', () => {
  const answer = { sentMessages: [{ id: '461230966842064897', quoteToken: 'q' }, { id: '461230966842064898' }] }
  it('names the first message, and forgets a reply token that was used', () => {
    expect(sent(answer, { method: 'POST', path: '/v2/bot/message/push' })).toEqual({ id: '461230966842064897' })
    expect(sent(answer, { method: 'POST', path: '/v2/bot/message/reply' })).toEqual({ id: '461230966842064897', address: { replyToken: '' } })
    expect(sent({}, { method: 'POST', path: '/v2/bot/message/reply' })).toEqual({ address: { replyToken: '' } })
  })
})

it('addresses groups as well', () => {
  expect(deliver(outgoing({}, { guest: group }), [hello])[0]?.json).toMatchObject({ to: group })
})
