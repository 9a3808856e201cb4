import { describe, expect, it } from '@jest/globals'
import { isForBot, withLinks, withoutBot } from '../src/mentions.ts'
import { Message } from '../src/schema.ts'
import { frame, group } from './samples.ts'

const bot = { id: '7012345678', username: 'acme_care_bot' }
const said = (members: object): Message => Message.parse({ ...frame, chat: group, ...members })

describe('offsets', () => {
  it.each([
    ['👍 call +4312345678 now', 8, 11, '👍 call +4312345678 (tel:x) now'],
    ['見て https://example.com/あ です', 3, 21, '見て https://example.com/あ (tel:x) です'],
  ])('count UTF-16 units: %s', (text, offset, length, expected) => {
    expect(withLinks(text, [{ type: 'text_link', offset, length, url: 'tel:x' }])).toBe(expected)
  })
})

describe('withLinks', () => {
  it('writes out every link behind words, whatever their order', () => {
    const entities = [
      { type: 'text_link', offset: 0, length: 4, url: 'https://a.example' },
      { type: 'bold', offset: 0, length: 4, url: 'https://c.example' },
      { type: 'text_link', offset: 9, length: 4, url: 'https://b.example' },
    ]

    expect(withLinks('here and here', entities)).toBe('here (https://a.example) and here (https://b.example)')
  })
  it('does not repeat a link that is its own words', () => {
    expect(withLinks('https://a.example', [{ type: 'text_link', offset: 0, length: 17, url: 'https://a.example' }])).toBe('https://a.example')
  })
})

describe('isForBot', () => {
  it.each([
    ['a mention', { text: '¡Olá! 👩‍💻 @acme_care_bot por favor', entities: [{ type: 'mention', offset: 12, length: 14 }] }],
    ['a mention in other letters', { text: '@Acme_Care_Bot', entities: [{ type: 'mention', offset: 0, length: 14 }] }],
    ['a mention in a caption', { caption: '@acme_care_bot', caption_entities: [{ type: 'mention', offset: 0, length: 14 }] }],
    ['a mention by name', { text: 'Acme?', entities: [{ type: 'text_mention', offset: 0, length: 4, user: { id: 7012345678 } }] }],
    ['a command', { text: '/help', entities: [{ type: 'bot_command', offset: 0, length: 5 }] }],
    ['a command for this bot', { text: '/help@acme_care_bot', entities: [{ type: 'bot_command', offset: 0, length: 19 }] }],
    ['an answer to the bot', { text: 'yes', reply_to_message: { from: { id: 7012345678 } } }],
  ])('hears %s', (_, members) => {
    expect(isForBot(said(members), bot)).toBe(true)
  })
  it.each([
    ['plain talk', { text: '@acme_care_bot' }],
    ['a mention of a name that begins alike', { text: '@acme_care_bot2', entities: [{ type: 'mention', offset: 0, length: 15 }] }],
    ['a mention one unit off', { text: '¡Olá! 👩‍💻 @acme_care_bot', entities: [{ type: 'mention', offset: 11, length: 14 }] }],
    ['a mention of somebody else by name', { text: 'Ole?', entities: [{ type: 'text_mention', offset: 0, length: 3, user: { id: 1 } }] }],
    ['a command for another bot', { text: '/help@other_bot', entities: [{ type: 'bot_command', offset: 0, length: 15 }] }],
    ['an answer to somebody else', { text: 'yes', reply_to_message: { from: { id: 5550001111 } } }],
    ['an answer of unknown form', { text: 'yes', reply_to_message: 41 }],
    ['entities of unknown form', { text: '/help', entities: 'all' }],
  ])('does not hear %s', (_, members) => {
    expect(isForBot(said(members), bot)).toBe(false)
  })
  it('knows no name before the bot is registered', () => {
    const unnamed = { id: '7012345678', username: undefined }

    expect(isForBot(said({ text: '@acme_care_bot', entities: [{ type: 'mention', offset: 0, length: 14 }] }), unnamed)).toBe(false)
    expect(isForBot(said({ text: '/help@acme_care_bot', entities: [{ type: 'bot_command', offset: 0, length: 19 }] }), unnamed)).toBe(false)
    expect(isForBot(said({ text: '/help', entities: [{ type: 'bot_command', offset: 0, length: 5 }] }), unnamed)).toBe(true)
  })
})

describe('withoutBot', () => {
  it.each([
    ['@acme_care_bot where is it?', 'where is it?'],
    ['@Acme_Care_Bot: hi', 'hi'],
    ['/help@acme_care_bot me', '/help me'],
    ['ask @acme_care_bot', 'ask @acme_care_bot'],
    ['@acme_care_bot2 hi', '@acme_care_bot2 hi'],
    ['@acme_care_bot', '@acme_care_bot'],
  ])('makes %j %j', (text, expected) => {
    expect(withoutBot(text, bot)).toBe(expected)
  })
  it('changes nothing before the name is known', () => {
    expect(withoutBot('@acme_care_bot hi', { id: '1', username: undefined })).toBe('@acme_care_bot hi')
  })
})
