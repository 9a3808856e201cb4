import { conformance, type SampleAnswer } from '@um/testing/conformance'
import { viber } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { aboutId, aboutUser, ana, otherToken, said, signed, token, v1, v2, v3 } from './samples.ts'

const header = 'X-Viber-Content-Signature'
const settings = {
  apiToken: token,
  senderName: 'Acme Help',
  senderAvatar: 'https://files.example.com/acme.jpg',
  welcomeText: 'Welcome!',
  apiUrl: 'https://chatapi.viber.lab.example/pa',
}
const send = { method: 'POST', path: '/send_message' } as const
const works: Record<string, unknown> = {
  '/get_account_info': { status: 0, status_message: 'ok', id: 'pa:5803', name: 'Acme Help', uri: 'acmehelp', webhook: 'https://um.example.com/viber' },
  '/set_webhook': { status: 0, status_message: 'ok', event_types: ['delivered', 'seen'] },
  '/get_user_details': { status: 0, status_message: 'ok', user: { id: ana, primary_device_os: 'android 14', device_type: 'SM-S911B' } },
}
const code = (status: number, status_message: string): SampleAnswer => ({ name: status_message, body: { status, status_message }, call: send })
const sticker = { type: 'sticker', sticker_id: 40109, media: 'https://dl-media.example.com/s.png' }

conformance({
  definition: viber,
  implementation,
  folder: new URL('..', import.meta.url),
  settings,
  otherSettings: { ...settings, apiToken: otherToken },
  state: { accountName: 'Acme Help' },
  now: new Date('2026-01-01T00:00:10Z'),
  recipient: { guest: ana, address: {} },
  written: text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  proof: { headers: [header], body: true },
  webhooks: [
    { name: 'trial of the webhook', headers: { [header]: v1.signature }, body: v1.body, events: [] },
    { name: 'text', headers: { [header]: v2.signature }, body: v2.body, events: ['message:text'] },
    { name: 'delivery', headers: { [header]: v3.signature }, body: v3.body, events: ['receipt:delivered'] },
    { name: 'seen', ...signed(aboutId('seen')), events: ['receipt:read'] },
    { name: 'failed', ...signed(aboutId('failed', { desc: 'failure description' })), events: ['receipt:failed'] },
    { name: 'the chat is opened', ...signed(aboutUser('conversation_started', { type: 'open', subscribed: false })), events: ['lifecycle:started'] },
    { name: 'subscribed', ...signed(aboutUser('subscribed')), events: ['lifecycle:optIn'] },
    { name: 'unsubscribed', ...signed(aboutId('unsubscribed')), events: ['lifecycle:optOut'] },
    { name: 'picture', ...signed(said({ type: 'picture', media: 'https://dl-media.example.com/p?x=1', file_name: 'p.jpg' })), events: ['message:attachment'] },
    { name: 'sticker', ...signed(said(sticker)), events: ['message:sticker'] },
    { name: 'location', ...signed(said({ type: 'location', location: { lat: 42.6977, lon: 23.3219 } })), events: ['message:location'] },
    { name: 'contact', ...signed(said({ type: 'contact', contact: { name: 'Ivo', phone_number: '+359888123456' } })), events: ['message:contact'] },
    { name: 'choice', ...signed(said({ type: 'text', text: 'um:k81aAbCdEf' })), events: ['message:choice'] },
    { name: 'payment', ...signed(aboutUser('client_status', { status: { type: 'payment', code: 0 } })), events: ['message:system'] },
  ],
  forgeries: [
    { name: 'signed with the token of another account', headers: { [header]: v2.byOther }, body: v2.body },
    { name: 'base64 instead of hex', headers: { [header]: v2.inBase64 }, body: v2.body },
    { name: 'the token without its hyphens', headers: { [header]: v2.withoutHyphens }, body: v2.body },
    { name: 'a body whose token was rounded', headers: { [header]: v2.signature }, body: v2.body.replace('5803119904471862308', '5803119904471862000') },
    { name: 'one newline more', headers: { [header]: v1.signature }, body: `${v1.body}\n` },
    { name: 'no signature', body: v1.body },
  ],
  unknownEvent: { name: 'a kind that is new', ...signed(aboutUser('hologram', { hologram: { id: 1 } })), events: ['message:unsupported'] },
  malformed: [{ name: 'no event', body: '{"timestamp":1767225600001}' }],
  answers: {
    accepted: [
      {
        name: 'sent',
        body: { status: 0, status_message: 'ok', message_token: '5803119904471862399', billing_status: 1 },
        call: send,
        id: '5803119904471862399',
      },
      { name: 'registered', body: works['/set_webhook'], call: { method: 'POST', path: '/set_webhook' } },
    ],
    rateLimited: [
      { ...code(12, 'tooManyRequests'), failure: { kind: 'rateLimited', scope: 'guest', afterSeconds: 60 } },
      {
        ...code(12, 'too many questions about a guest'),
        call: { method: 'POST', path: '/get_user_details' },
        failure: { kind: 'rateLimited', scope: 'guest', afterSeconds: 60 },
      },
      { ...code(12, 'too many registrations'), call: { method: 'POST', path: '/set_webhook' }, failure: { kind: 'rateLimited', scope: 'tenant' } },
      {
        name: 'too many',
        status: 429,
        headers: { 'retry-after': '9' },
        body: '',
        call: send,
        failure: { kind: 'rateLimited', scope: 'tenant', afterSeconds: 9 },
      },
    ],
    unauthorized: [
      ...([
        [2, 'invalidAuthToken'],
        [7, 'publicAccountBlocked'],
        [8, 'publicAccountNotFound'],
        [9, 'publicAccountSuspended'],
        [15, 'publicAccountNotAuthorized'],
      ] as const),
    ].map(([status, text]) => ({ ...code(status, text), failure: { kind: 'subscription' } })) as never,
    unavailable: [
      { name: 'down', status: 503, body: 'Service Unavailable', call: send, failure: { kind: 'retryable', certain: true } },
      { name: 'a gateway waited in vain', status: 504, body: '', call: send, failure: { kind: 'retryable', certain: false } },
      { name: 'not JSON', body: '<html>', call: send, failure: { kind: 'retryable', certain: false } },
      { ...code(99, 'generalError'), failure: { kind: 'retryable', certain: true } },
      { ...code(1, 'invalidUrl'), call: { method: 'POST', path: '/set_webhook' }, failure: { kind: 'retryable', certain: true } },
    ],
    blocked: [
      { ...code(5, 'receiverNotRegistered'), failure: { kind: 'recipient', code: 'unknownGuest' } },
      { ...code(6, 'receiverNotSubscribed'), failure: { kind: 'recipient', code: 'blocked', optOut: true } },
      { ...code(21, 'unsupportedCountry'), failure: { kind: 'recipient', code: 'unknownGuest' } },
    ],
    others: [
      { ...code(3, 'badData'), failure: { kind: 'content' } },
      { ...code(4, 'missingData'), call: { ...send, alternatives: { text: [send] } }, failure: { kind: 'alternative', name: 'text' } },
      { ...code(11, 'receiverNoSuitableDevice'), call: { ...send, alternatives: { text: [send] } }, failure: { kind: 'alternative', name: 'text' } },
      {
        ...code(13, 'apiVersionNotSupported'),
        call: { ...send, alternatives: { text: [send], newer: [send] } },
        failure: { kind: 'alternative', name: 'text' },
      },
      {
        ...code(14, 'incompatibleWithVersion'),
        call: { ...send, alternatives: { text: [send], newer: [send] } },
        failure: { kind: 'alternative', name: 'newer' },
      },
      { ...code(10, 'webhookNotSet'), call: { ...send, alternatives: { register: [send] } }, failure: { kind: 'alternative', name: 'register' } },
      { ...code(10, 'webhookNotSet'), failure: { kind: 'subscription' } },
      ...[16, 17, 18, 19, 20, 22].map(status => ({ ...code(status, `refused ${status}`), failure: { kind: 'content' as const } })),
      { ...code(23, 'freeMessagesExceeded'), failure: { kind: 'content', code: 'subscription' } },
      { ...code(24, 'noBalance'), failure: { kind: 'content', code: 'subscription' } },
    ],
  },
  platform: ({ path }) => (path in works ? { name: path, body: works[path] } : undefined),
  gone: () => ({ name: 'gone', body: { status: 8, status_message: 'publicAccountNotFound' } }),
})
