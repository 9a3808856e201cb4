import { describe, expect, it } from '@jest/globals'
import type { InboundEvent, Refusal } from '@um/shared/contract'
import { parse } from '../src/parse.ts'
import { frame, group, hook, lena, privateChat, type Tenant, tenant, update } from './samples.ts'

const read = (members: object, of: Tenant = tenant()): InboundEvent[] | Refusal => parse(hook(update(members)), of)
const messages = (members: object, of?: Tenant): InboundEvent[] | Refusal => read({ message: { ...frame, ...members } }, of)

const nowhere = { thread: '', business: '', replyTo: '' }
const lenaProfile = {
  displayName: 'Lena Ruiz',
  firstName: 'Lena',
  lastName: 'Ruiz',
  nickname: 'lenar',
  participantData: { language_code: 'es', is_premium: 'true' },
}
const at = new Date('2026-01-01T00:00:00Z')

describe('a message', () => {
  it('names guest, author, time and itself', () => {
    expect(messages({ text: 'See example.com please', entities: [{ type: 'url', offset: 4, length: 11 }] })).toEqual([
      {
        type: 'message',
        id: '812000101',
        messageId: '5550001111:41',
        at,
        guest: '5550001111',
        address: nowhere,
        from: lenaProfile,
        content: { kind: 'text', text: 'See example.com please' },
      },
    ])
  })
  it('keeps ids of 52 bits, and even longer ones, exact', () => {
    const body = '{"update_id":9007199254740993,"message":{"message_id":41,"chat":{"id":4503599627370495,"type":"private"},"date":1767225600,"text":"x"}}'

    expect(parse(hook(body), tenant())).toMatchObject([{ id: '9007199254740993', guest: '4503599627370495', messageId: '4503599627370495:41' }])
  })
  it('names only what Telegram tells of the author', () => {
    expect(messages({ from: { id: 5550001111, first_name: 'Lena' }, text: 'x' })).toEqual([
      expect.objectContaining({ from: { displayName: 'Lena', firstName: 'Lena' } }),
    ])
    expect(messages({ from: { id: 5550001111, first_name: 'Lena', language_code: 'es' }, text: 'x' })).toMatchObject([
      { from: { participantData: { language_code: 'es' } } },
    ])
  })
  it('is by the one whose chat it is when nobody is named', () => {
    expect(messages({ from: undefined, text: 'x' })).toMatchObject([{ from: { displayName: 'Lena Ruiz' } }])
  })
  it('gives the phone number of a guest who shares it', () => {
    const contact = { phone_number: '+4312345678', first_name: 'Lena', user_id: 5550001111 }

    expect(messages({ contact })).toMatchObject([{ from: { ...lenaProfile, phone: '+4312345678' }, content: { kind: 'contact' } }])
  })
  it.each([4, undefined])("does not take somebody else's number for the guest's (user %s)", user_id => {
    expect(messages({ contact: { phone_number: '+43', first_name: 'Ole', user_id } })).toMatchObject([{ from: lenaProfile }])
  })
  it('of a bot is ignored', () => {
    expect(messages({ from: { ...lena, is_bot: true }, text: 'x' })).toStrictEqual([])
    expect(messages({ sender_business_bot: { id: 7012345678, is_bot: true }, text: 'x' })).toStrictEqual([])
  })
  it('of which only the bot itself is the subject is left to the change of membership', () => {
    expect(messages({ chat: group, new_chat_members: [{ id: 7012345678, is_bot: true }] }, tenant({ groupMode: 'all' }))).toStrictEqual([])
  })
  it('of an unknown kind, or too large, is kept as it came', () => {
    const video = { file_id: 'B', file_size: 25_000_000 }

    expect(messages({ hologram: { id: 7 } })).toMatchObject([
      { messageId: '5550001111:41', content: { kind: 'unsupported', what: 'hologram', raw: { ...frame, hologram: { id: 7 } } } },
    ])
    expect(messages({ video })).toMatchObject([{ content: { kind: 'unsupported', reason: 'too large for bots', raw: { ...frame, video } } }])
  })
  it('answers in its topic', () => {
    expect(messages({ message_thread_id: 7, is_topic_message: true, text: 'x' })).toMatchObject([{ address: { thread: '7' } }])
  })
  it('is no topic because it answers another', () => {
    expect(messages({ message_thread_id: 7, text: 'x' })).toMatchObject([{ address: { thread: '' } }])
  })
  it('keeps every part of an album', () => {
    const photo = [{ file_id: 'P1', width: 1, height: 1 }]

    expect(messages({ message_id: 50, photo, media_group_id: '13' })).toMatchObject([{ messageId: '5550001111:50' }])
    expect(messages({ message_id: 51, photo, media_group_id: '13' })).toMatchObject([{ messageId: '5550001111:51' }])
  })
})

describe('Start', () => {
  it('opens a conversation', () => {
    expect(messages({ text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] })).toEqual([
      { type: 'lifecycle', id: '812000101-start', at, guest: '5550001111', address: nowhere, from: lenaProfile, change: 'started', data: {} },
    ])
  })
  it('tells the payload of a deep link, also as a text', () => {
    expect(messages({ text: '/start promo_77' })).toMatchObject([
      { type: 'lifecycle', change: 'started', data: { payload: 'promo_77' } },
      { type: 'message', id: '812000101', content: { kind: 'text', text: '/start promo_77' } },
    ])
  })
  it('may be meant for this bot or for another in a group', () => {
    const entities = [{ type: 'bot_command', offset: 0, length: 20 }]
    const of = tenant({ groupMode: 'all' })

    expect(messages({ chat: group, text: '/start@acme_care_bot promo_77', entities }, of)).toMatchObject([
      { change: 'started', data: { payload: 'promo_77' } },
      { content: { text: '/start promo_77' } },
    ])
    expect(messages({ chat: group, text: '/start@other_bot', entities }, of)).toMatchObject([{ type: 'message', content: { text: '/start@other_bot' } }])
  })
  it('opens nothing when the tenant does not want it', () => {
    expect(messages({ text: '/start promo_77' }, tenant({ startOpensConversation: false }))).toMatchObject([
      { type: 'lifecycle', change: 'follow', data: { payload: 'promo_77' } },
    ])
  })
  it.each(['/started', '/start me up', `/start ${'a'.repeat(65)}`, 'please /start'])('is not %s', text => {
    expect(messages({ text })).toMatchObject([{ type: 'message', content: { text } }])
  })
})

describe('an edited message', () => {
  it('names what it changes, and is no repeat of it', () => {
    const events = read({ edited_message: { ...frame, edit_date: 1767225660, text: 'See example.org please' } })

    expect(events).toEqual([
      {
        type: 'message',
        id: '812000101',
        at: new Date('2026-01-01T00:01:00Z'),
        guest: '5550001111',
        address: nowhere,
        from: lenaProfile,
        content: { kind: 'edit', of: '5550001111:41', content: { kind: 'text', text: 'See example.org please' } },
      },
    ])
  })
  it('is how a live location moves', () => {
    expect(read({ edited_message: { ...frame, location: { latitude: 1, longitude: 2, live_period: 900 } } })).toMatchObject([
      { at, content: { kind: 'edit', of: '5550001111:41', content: { kind: 'location', latitude: 1 } } },
    ])
  })
  it('does not open a conversation', () => {
    expect(read({ edited_message: { ...frame, text: '/start' } })).toMatchObject([{ content: { kind: 'edit' } }])
  })
})

describe('groups', () => {
  const inGroup = { ...frame, chat: group }
  const mention = { text: '@acme_care_bot hi', entities: [{ type: 'mention', offset: 0, length: 14 }] }

  it('are one guest whose messages each have their author', () => {
    expect(read({ message: { ...inGroup, ...mention } })).toMatchObject([
      {
        guest: '-1002200330044',
        messageId: '-1002200330044:41',
        address: { replyTo: '41' },
        from: { displayName: 'Lena Ruiz', participantData: { group: 'Neighbours', language_code: 'es' } },
        content: { text: 'hi' },
      },
    ])
  })
  it.each([
    ['ignore', 0, 0],
    ['mentions', 1, 0],
    ['all', 1, 1],
  ] as const)('in mode %s tell %i mentions and %i other messages', (groupMode, mentions, others) => {
    const of = tenant({ groupMode })

    expect(read({ message: { ...inGroup, ...mention } }, of)).toHaveLength(mentions)
    expect(read({ message: { ...inGroup, text: 'talk' } }, of)).toHaveLength(others)
    expect(read({ edited_message: { ...inGroup, text: 'talk' } }, of)).toHaveLength(others)
  })
  it('of the basic kind are groups, too', () => {
    expect(read({ message: { ...inGroup, chat: { ...group, type: 'group' }, text: 'talk' } })).toStrictEqual([])
  })
  it('know their members who write under a name of the chat', () => {
    const anonymous = { from: { id: 1087968824, is_bot: true, first_name: 'Group' }, sender_chat: group, author_signature: 'Chair' }

    expect(read({ message: { ...inGroup, ...anonymous, ...mention } })).toMatchObject([{ from: { displayName: 'Chair' } }])
    expect(read({ message: { ...inGroup, ...anonymous, author_signature: undefined, ...mention } })).toMatchObject([{ from: { displayName: 'Neighbours' } }])
  })
  it.each([
    { migrate_to_chat_id: -1002200330044, chat: { id: -4400, type: 'group' } },
    { migrate_from_chat_id: -4400, chat: group },
  ])('move with their conversation: %j', members => {
    expect(messages(members)).toEqual([{ type: 'moved', id: '812000101', at, guest: '-4400', to: '-1002200330044' }])
  })
})

describe('channels', () => {
  const post = {
    message_id: 9,
    sender_chat: { id: -1009, type: 'channel', title: 'News' },
    chat: { id: -1009, type: 'channel', title: 'News' },
    date: 1767225600,
    text: 'New!',
  }

  it('are not heard unless the tenant wants them', () => {
    expect(read({ channel_post: post })).toStrictEqual([])
  })
  it.each(['channel_post', 'edited_channel_post'])('are heard when it does (%s)', kind => {
    expect(read({ [kind]: post }, tenant({ acceptChannelPosts: true }))).toMatchObject([{ guest: '-1009', address: nowhere, from: { displayName: 'News' } }])
  })
})

describe('business chats', () => {
  const business_message = { ...frame, business_connection_id: 'bc-1', text: 'Open today?' }
  const of = tenant({ businessMode: true })

  it('are not heard unless the tenant wants them', () => {
    expect(read({ business_message })).toStrictEqual([])
    expect(read({ edited_business_message: business_message })).toStrictEqual([])
    expect(read({ deleted_business_messages: { business_connection_id: 'bc-1', chat: privateChat, message_ids: [41] } })).toStrictEqual([])
  })
  it('are answered through their connection, and count apart', () => {
    expect(read({ business_message }, of)).toMatchObject([{ messageId: '5550001111:41:bc-1', address: { business: 'bc-1' }, from: lenaProfile }])
    expect(read({ edited_business_message: business_message }, of)).toMatchObject([{ content: { kind: 'edit', of: '5550001111:41:bc-1' } }])
  })
  it("tell what the owner writes as an agent's words, without touching the guest's name", () => {
    const [event] = read({ business_message: { ...business_message, from: { id: 77, first_name: 'Olga' } } }, of) as InboundEvent[]

    expect(event).toMatchObject({ guest: '5550001111', author: 'agent', agentName: 'Olga' })
    expect(event).not.toHaveProperty('from')
  })
  it('tell which messages were withdrawn, one by one', () => {
    const deleted = { business_connection_id: 'bc-1', chat: privateChat, message_ids: [41, 42] }

    expect(read({ deleted_business_messages: deleted }, of)).toMatchObject([
      { id: '812000101-0', guest: '5550001111', address: { business: 'bc-1' }, content: { kind: 'withdrawn', of: '5550001111:41:bc-1' } },
      { id: '812000101-1', content: { kind: 'withdrawn', of: '5550001111:42:bc-1' } },
    ])
  })
  it('tell nothing of their owner', () => {
    expect(read({ business_connection: { id: 'bc-1', user: lena, user_chat_id: 77, date: 1767225600, is_enabled: true } }, of)).toStrictEqual([])
  })
})

describe('a pressed button', () => {
  const offer = {
    message_id: 40,
    chat: privateChat,
    date: 1767225500,
    text: 'Pick one',
    reply_markup: { inline_keyboard: [[{ text: 'Site', url: 'https://a.example' }], [{ text: 'Small', callback_data: 'um:c7Qk2' }]] },
  }
  const query = { id: '2384000000000000001', from: lena, chat_instance: '-771200', data: 'um:c7Qk2', message: offer }

  it('is a choice of what the offer says, under the id by which it is answered', () => {
    expect(read({ callback_query: query })).toEqual([
      {
        type: 'message',
        id: 'callback:2384000000000000001',
        guest: '5550001111',
        address: nowhere,
        from: lenaProfile,
        content: { kind: 'choice', payload: 'um:c7Qk2', label: 'Small', of: '5550001111:40' },
      },
    ])
  })
  it('is a choice without a label when Telegram does not show the offer any more', () => {
    expect(read({ callback_query: { ...query, message: { message_id: 40, chat: privateChat, date: 0 } } })).toMatchObject([
      { guest: '5550001111', content: { kind: 'choice', payload: 'um:c7Qk2', of: '5550001111:40' } },
    ])
  })
  it('is a choice by the guest when the offer is not named', () => {
    const [event] = read({ callback_query: { id: '1', from: lena, data: 'x', inline_message_id: 'i' } }) as InboundEvent[]

    expect(event).toMatchObject({ guest: '5550001111', content: { kind: 'choice', payload: 'x' } })
    expect(event).not.toHaveProperty('content.of')
  })
  it('without data is kept, and still can be answered', () => {
    expect(read({ callback_query: { id: '1', from: lena, message: offer, game_short_name: 'chess' } })).toMatchObject([
      { id: 'callback:1', content: { kind: 'unsupported', what: 'callback_query', raw: { game_short_name: 'chess' } } },
    ])
  })
  it('survives a keyboard of unknown form', () => {
    expect(read({ callback_query: { ...query, message: { ...offer, reply_markup: { inline_keyboard: 1 } } } })).toMatchObject([
      { content: { kind: 'choice', payload: 'um:c7Qk2' } },
    ])
  })
  it('is heard in a group that is heard', () => {
    const inGroup = { ...query, message: { ...offer, chat: group, is_topic_message: true, message_thread_id: 7 } }

    expect(read({ callback_query: inGroup })).toMatchObject([
      { guest: '-1002200330044', address: { thread: '7', replyTo: '' }, from: { participantData: { group: 'Neighbours' } } },
    ])
    expect(read({ callback_query: inGroup }, tenant({ groupMode: 'ignore' }))).toStrictEqual([])
  })
})

describe('membership', () => {
  const change = (chat: object, before: string, after: string): object => ({
    my_chat_member: {
      chat,
      from: lena,
      date: 1767225700,
      old_chat_member: { user: lena, status: before },
      new_chat_member: { user: lena, status: after, until_date: 0 },
    },
  })

  it.each([
    ['member', 'kicked', 'optOut'],
    ['kicked', 'member', 'optIn'],
  ])('from %s to %s in a private chat is %s', (before, after, meaning) => {
    expect(read(change(privateChat, before, after))).toEqual([
      { type: 'lifecycle', id: '812000101', at: new Date(1767225700_000), guest: '5550001111', change: meaning, from: lenaProfile },
    ])
  })
  it.each([
    ['left', 'member', 'joined'],
    ['kicked', 'administrator', 'joined'],
    ['member', 'left', 'ended'],
    ['administrator', 'kicked', 'ended'],
  ])('from %s to %s in a group is %s', (before, after, meaning) => {
    const [event] = read(change(group, before, after)) as InboundEvent[]

    expect(event).toMatchObject({ type: 'lifecycle', guest: '-1002200330044', change: meaning })
    expect(event).not.toHaveProperty('from')
  })
  it.each([
    ['member', 'administrator'],
    ['left', 'kicked'],
  ])('from %s to %s in a group changes nothing for us', (before, after) => {
    expect(read(change(group, before, after))).toStrictEqual([])
  })
  it('of groups that are ignored is ignored', () => {
    expect(read(change(group, 'left', 'member'), tenant({ groupMode: 'ignore' }))).toStrictEqual([])
  })
  it.each(['restricted', 'constructor'])('of a kind that private chats do not have means nothing: %s', after => {
    expect(read(change(privateChat, 'member', after))).toStrictEqual([])
  })
})

describe('a reaction', () => {
  const reaction = { chat: privateChat, message_id: 40, user: lena, date: 1767225800 }
  const emoji = (value: string): object => ({ type: 'emoji', emoji: value })

  it('tells what was taken away and what was added', () => {
    const message_reaction = { ...reaction, old_reaction: [emoji('👎'), emoji('🔥')], new_reaction: [emoji('🔥'), emoji('👍')] }

    expect(read({ message_reaction })).toEqual([
      {
        type: 'message',
        id: '812000101-0',
        at: new Date(1767225800_000),
        guest: '5550001111',
        from: lenaProfile,
        content: { kind: 'reaction', of: '5550001111:40', emoji: '👎', on: false },
      },
      {
        type: 'message',
        id: '812000101-1',
        at: new Date(1767225800_000),
        guest: '5550001111',
        from: lenaProfile,
        content: { kind: 'reaction', of: '5550001111:40', emoji: '👍', on: true },
      },
    ])
  })
  it.each([
    [{ type: 'paid' }, '⭐'],
    [{ type: 'custom_emoji', custom_emoji_id: '5' }, '[custom emoji]'],
  ])('%j is shown as %s', (kind, shown) => {
    expect(read({ message_reaction: { ...reaction, user: undefined, old_reaction: [], new_reaction: [kind] } })).toMatchObject([
      { content: { emoji: shown, on: true } },
    ])
  })
  it('in a group counts as talk among others', () => {
    const message_reaction = { ...reaction, chat: group, old_reaction: [], new_reaction: [emoji('👍')] }

    expect(read({ message_reaction })).toStrictEqual([])
    expect(read({ message_reaction }, tenant({ groupMode: 'all' }))).toHaveLength(1)
  })
})

describe('polls and payments', () => {
  it('tell the options that were chosen', () => {
    expect(read({ poll_answer: { poll_id: '9', user: lena, option_ids: [0, 2] } })).toMatchObject([
      { type: 'message', guest: '5550001111', content: { kind: 'text', text: 'Poll answer: 1, 3' } },
    ])
    expect(read({ poll_answer: { poll_id: '9', voter_chat: group, option_ids: [] } })).toMatchObject([
      { guest: '-1002200330044', content: { text: 'Poll answer taken back' } },
    ])
  })
  it('say nothing when nobody answers', () => {
    expect(read({ poll_answer: { poll_id: '9', option_ids: [0] } })).toHaveLength(0)
  })
  it.each(['pre_checkout_query', 'shipping_query'])('tell that a %s is refused, under the id by which it is answered', kind => {
    expect(read({ [kind]: { id: '77', from: lena, invoice_payload: 'x' } })).toMatchObject([
      { type: 'message', id: `${kind}:77`, guest: '5550001111', content: { kind: 'system', text: expect.stringContaining('refused') } },
    ])
  })
})

describe('an update of another kind', () => {
  it.each([
    ['inline_query', { id: '1', from: lena, query: 'x' }, '5550001111'],
    ['chat_join_request', { chat: group, from: lena, date: 1767225600 }, '-1002200330044'],
    ['guest_message', { message: { chat: { id: 9, type: 'private' } } }, '9'],
    ['subscription', { user_chat_id: 8 }, '8'],
    ['managed_bot', { user: { id: 7 } }, '7'],
  ])('%s is kept for the one whom it names', (kind, payload, guest) => {
    expect(read({ [kind]: payload }, tenant({ groupMode: 'all' }))).toMatchObject([
      { type: 'message', id: '812000101', guest, content: { kind: 'unsupported', what: kind, raw: payload } },
    ])
  })
  it('has its own time where it tells one', () => {
    expect(read({ chat_boost: { user: { id: 7 }, date: 1767225600 } })).toMatchObject([{ at }])
  })
  it('names nobody: there is no one to show it to', () => {
    expect(read({ poll: { id: '9', question: 'When?' } })).toStrictEqual([])
    expect(read({ holiday: 'today' })).toStrictEqual([])
  })
  it('in a group is talk among others', () => {
    expect(read({ chat_join_request: { chat: group, from: lena, date: 1767225600 } })).toStrictEqual([])
  })
  it('is found beside members that are no kind', () => {
    expect(read({ sent_at: 1, message: { ...frame, text: 'x' } })).toMatchObject([{ content: { kind: 'text' } }])
  })
  it('cannot be one of JavaScript', () => {
    expect(read({ constructor: { from: lena } })).toMatchObject([{ content: { kind: 'unsupported', what: 'constructor' } }])
  })
})

describe('a body of another form', () => {
  it.each(['', '{', 'null', '[]', '42', '"x"', '{}', '{"update_id":"x"'])('is refused: %s', body => {
    expect(parse(hook(body), tenant())).toMatchObject({ refused: 'malformed' })
  })
  it('is refused when it says nothing', () => {
    expect(parse(hook('{"update_id":1}'), tenant())).toMatchObject({ refused: 'malformed' })
  })
  it('is kept for whom it names when only a part of it is odd', () => {
    expect(read({ message: { message_id: 41, chat: privateChat, date: 'today', text: 'x' } })).toMatchObject([
      { guest: '5550001111', content: { kind: 'unsupported', what: 'message' } },
    ])
  })
  it('is refused when it names nobody', () => {
    expect(read({ message: { message_id: 41, text: 'x' } })).toMatchObject({ refused: 'malformed', why: expect.stringContaining('message') })
    expect(read({ message: 'x' })).toMatchObject({ refused: 'malformed' })
  })
})
