import { conformance } from '@um/testing/conformance'
import { telegram } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { answer, refusal, secret, settings, update } from './samples.ts'

const signed = { 'X-Telegram-Bot-Api-Secret-Token': secret, 'Content-Type': 'application/json' }
const lena = { id: 5550001111, is_bot: false, first_name: 'Lena' }
const chat = { id: 5550001111, type: 'private', first_name: 'Lena' }

const works: Record<string, ReturnType<typeof answer>> = {
  '/getMe': answer({ id: 7012345678, is_bot: true, first_name: 'Acme', username: 'acme_care_bot' }),
  '/setWebhook': answer(true),
  '/deleteWebhook': answer(true),
  '/getWebhookInfo': answer({
    url: 'https://um.example.com/telegram',
    pending_update_count: 0,
    max_connections: 40,
    allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction'],
  }),
}

conformance({
  definition: telegram,
  implementation,
  folder: new URL('..', import.meta.url),
  settings: { ...settings, welcomeText: 'Welcome!', apiUrl: 'https://telegram.lab.example' },
  otherSettings: { ...settings, webhookSecret: 'aa-00-BB-11-cc-22-DD-33-ee-44-FF-55' },
  state: { botId: '7012345678', botUsername: 'acme_care_bot' },
  now: new Date('2026-01-01T00:00:10Z'),
  recipient: { guest: '-1002200330044', address: { thread: '7', business: '', replyTo: '41' } },
  webhooks: [
    {
      name: 'text',
      headers: signed,
      body: update({ message: { message_id: 41, from: lena, chat, date: 1767225600, text: '👋 hola' } }),
      events: ['message:text'],
    },
    {
      name: 'deep link',
      headers: signed,
      body: update({ message: { message_id: 42, from: lena, chat, date: 1767225600, text: '/start promo_77' } }),
      events: ['lifecycle:started', 'message:text'],
    },
    {
      name: 'document',
      headers: signed,
      body: update({
        message: {
          message_id: 43,
          from: lena,
          chat,
          date: 1767225600,
          document: { file_id: 'BQA1', file_unique_id: 'd1', file_name: 'a.pdf' },
          caption: 'signed',
        },
      }),
      events: ['message:attachment'],
    },
    {
      name: 'choice',
      headers: signed,
      body: update({
        callback_query: {
          id: '2384000000000000001',
          from: lena,
          data: 'um:c7Qk2',
          message: { message_id: 40, chat, date: 1767225500, reply_markup: { inline_keyboard: [[{ text: 'Small', callback_data: 'um:c7Qk2' }]] } },
        },
      }),
      events: ['message:choice'],
    },
    {
      name: 'content of a new kind',
      headers: signed,
      body: update({ message: { message_id: 44, from: lena, chat, date: 1767225600, hologram: { text: 'hi' } } }),
      events: ['message:unsupported'],
    },
    {
      name: 'two reactions',
      headers: signed,
      body: update({
        message_reaction: {
          chat,
          message_id: 40,
          user: lena,
          date: 1767225800,
          old_reaction: [{ type: 'emoji', emoji: '👎' }],
          new_reaction: [{ type: 'emoji', emoji: '👍' }],
        },
      }),
      events: ['message:reaction', 'message:reaction'],
    },
  ],
  proof: { headers: ['X-Telegram-Bot-Api-Secret-Token'] },
  forgeries: [
    { name: 'the secret in lower case', headers: { 'X-Telegram-Bot-Api-Secret-Token': 'umtg_zq8-hc2lw0vx5kb9rf3tn7py1ds6gj4' }, body: update({}) },
    { name: 'the secret and one more character', headers: { 'X-Telegram-Bot-Api-Secret-Token': `${secret}A` }, body: update({}) },
    {
      name: 'the lookup key itself',
      headers: { 'X-Telegram-Bot-Api-Secret-Token': '79062ed0a6a65ad14a20fd18d6235557705f153819febe6235e79d35784a3c8f' },
      body: update({}),
    },
    {
      name: "another tenant's secret on this tenant's path",
      path: '/3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30',
      headers: { 'X-Telegram-Bot-Api-Secret-Token': 'aa-00-BB-11-cc-22-DD-33-ee-44-FF-55' },
      body: update({}),
    },
  ],
  unknownEvent: {
    name: 'holiday_wish',
    headers: signed,
    body: update({ holiday_wish: { from: lena, date: 1767225600, wish: 'snow' } }),
    events: ['message:unsupported'],
  },
  malformed: [{ name: 'an update that says nothing', body: '{"update_id":1}' }],
  answers: {
    accepted: [
      { name: 'sent message', ...answer({ message_id: 57, chat: { id: 5550001111 } }), id: '5550001111:57' },
      { name: 'typing', ...answer(true) },
      {
        name: 'unchanged keyboard',
        ...refusal(400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same'),
      },
    ],
    rateLimited: [
      {
        name: 'flood',
        ...refusal(429, 'Too Many Requests: retry after 17', { retry_after: 17 }),
        headers: { 'Retry-After': '17' },
        failure: { kind: 'rateLimited', afterSeconds: 17, scope: 'tenant' },
      },
    ],
    unauthorized: [{ name: 'revoked token', ...refusal(401, 'Unauthorized'), failure: { kind: 'subscription' } }],
    unavailable: [{ name: 'restart', ...refusal(500, 'Internal Server Error: restart'), failure: { kind: 'retryable', certain: true } }],
    blocked: [{ name: 'blocked', ...refusal(403, 'Forbidden: bot was blocked by the user'), failure: { kind: 'recipient', code: 'blocked', optOut: true } }],
  },
  platform: ({ path }) => {
    const found = works[path]
    return found && { name: path, ...found }
  },
  gone: () => ({ name: 'gone', ...refusal(404, 'Not Found') }),
})
