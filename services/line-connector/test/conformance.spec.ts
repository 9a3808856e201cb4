import { conformance, type SampleAnswer } from '@um/testing/conformance'
import { line } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { privateKey } from './keys.ts'
import { body, bot, event, group, l1, l2, l3, lena, settings, signed, switcherSecret } from './samples.ts'

const full = {
  ...settings,
  assertionKeyId: 'um-key-2026-01',
  assertionPrivateKey: privateKey,
  welcomeText: 'Welcome!',
  markAsRead: 'token' as const,
  pnpEnabled: true,
  switcherEnabled: true,
  switcherSecret,
  switcherServiceCode: 'service-code-of-the-sample',
  switcherDestinationId: 'destination-2',
  apiUrl: 'https://api.line.lab.example',
  dataApiUrl: 'https://data.line.lab.example',
}
const push = { method: 'POST', path: '/v2/bot/message/push', headers: { 'X-Line-Retry-Key': '6f1d1f0a-0000-5000-8000-000000000001' } } as const
const mark = { method: 'POST', path: '/v2/bot/chat/markAsRead' } as const
const works: Record<string, unknown> = {
  '/v2/bot/info': { userId: bot, basicId: '@216abcde', displayName: 'ACME', chatMode: 'bot', markAsReadMode: 'auto' },
  '/v2/bot/channel/webhook/endpoint': { endpoint: 'https://um.example.com/line', active: true },
  '/v2/bot/channel/webhook/test': { success: true, timestamp: '2026-01-01T00:00:00Z', statusCode: 200, reason: 'OK', detail: '200' },
  '/v2/bot/message/quota': { type: 'limited', value: 1000 },
  '/v2/bot/message/quota/consumption': { totalUsage: 899 },
}
const sample = (name: string, status: number, message: string, details?: object[]): SampleAnswer => ({
  name,
  status,
  body: { message, ...(details ? { details } : {}) },
})

conformance({
  definition: line,
  implementation,
  folder: new URL('..', import.meta.url),
  settings: full,
  otherSettings: { ...settings, channelSecret: '00112233445566778899aabbccddeeff' },
  state: { botUserId: bot },
  now: new Date('2026-01-01T00:00:10Z'),
  recipient: { guest: lena, address: {} },
  notSecret: ['tokenMode', 'tokenDays'],
  openMaps: ['params'],
  proof: { headers: ['X-Line-Signature'], body: true },
  webhooks: [
    { name: 'text, raw UTF-8', headers: { 'x-line-signature': l2.signature }, body: l2.body, events: ['message:text'] },
    { name: 'text, escaped', headers: { 'X-Line-Signature': l3.signature }, body: l3.body, events: ['message:text'] },
    { name: 'the Verify button', headers: { 'x-line-signature': l1.signature }, body: l1.body, events: [] },
    {
      name: 'picture',
      ...signed(body(event({ message: { type: 'image', id: '5902', contentProvider: { type: 'line' } } }))),
      events: ['message:attachment'],
    },
    { name: 'choice', ...signed(body(event({ type: 'postback', postback: { data: 'choice=blue&m=77' } }))), events: ['message:choice'] },
    {
      name: 'two people',
      ...signed(
        body(
          event({ type: 'follow', webhookEventId: '01A', follow: { isUnblocked: true } }),
          event({ type: 'unfollow', webhookEventId: '01B', source: { type: 'user', userId: 'Uffffffffffffffffffffffffffffffff' } }),
        ),
      ),
      events: ['lifecycle:optIn', 'lifecycle:unfollow'],
    },
    {
      name: 'group',
      ...signed(body(event({ source: { type: 'group', groupId: group, userId: lena }, message: { type: 'text', id: '5901', text: 'hi' } }))),
      events: ['message:text'],
    },
    {
      name: 'arrival of a message by phone number',
      ...signed(body(event({ type: 'delivery', delivery: { data: 'tag-0123456789ab' } }))),
      events: ['receipt:delivered'],
    },
    { name: 'signed by the switcher', headers: signed(l2.body, switcherSecret).headers, body: l2.body, events: ['message:text'] },
  ],
  forgeries: [
    { name: 'the signature of the same JSON in other bytes', headers: { 'x-line-signature': l3.signature }, body: l2.body },
    { name: 'hex instead of base64', headers: { 'x-line-signature': '0f568230a6d03cf29442b5fe28607ca72b487e65b3431b86f3aa8fec3b3878f7' }, body: l1.body },
    { name: 'the key decoded from hex', headers: { 'x-line-signature': 'o3A2tj0Z9W+5N4hGsARYq8GD8cJpmr3DUkCgyN1CB9M=' }, body: l1.body },
    { name: 'one newline more', headers: { 'x-line-signature': l1.signature }, body: `${l1.body}\n` },
    { name: 'no signature', body: l1.body },
  ],
  unknownEvent: { name: 'a kind that is new', ...signed(body(event({ type: 'hologram', hologram: { id: 1 } }))), events: ['message:unsupported'] },
  malformed: [{ name: 'no events', body: `{"destination":"${bot}"}` }],
  answers: {
    accepted: [
      { name: 'pushed', body: { sentMessages: [{ id: '461230966842064897', quoteToken: 'q' }] }, call: push, id: '461230966842064897' },
      {
        ...sample('accepted before', 409, 'The retry key is already accepted'),
        body: { message: 'The retry key is already accepted', sentMessages: [{ id: '4612' }] },
        call: push,
        id: '4612',
      },
      { name: 'typing', status: 202, body: {}, call: { method: 'POST', path: '/v2/bot/chat/loading/start' } },
      { ...sample('a mark that cannot be made', 400, 'Invalid token'), call: mark },
      { ...sample('too many marks', 429, 'The API rate limit has been exceeded. Try again later.'), call: mark },
      { ...sample('a mark while LINE is down', 503, 'Service Unavailable'), call: mark },
    ],
    rateLimited: [
      { ...sample('rate', 429, 'The API rate limit has been exceeded. Try again later.'), failure: { kind: 'rateLimited', scope: 'tenant', afterSeconds: 5 } },
      {
        ...sample('rate with a time', 429, 'The API rate limit has been exceeded. Try again later.'),
        headers: { 'retry-after': '9' },
        failure: { kind: 'rateLimited', afterSeconds: 9 },
      },
    ],
    unauthorized: [
      {
        ...sample(
          'token',
          401,
          'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.',
        ),
        failure: { kind: 'unauthorized' },
      },
      { ...sample('token of a mark', 401, 'Authentication failed'), call: mark, failure: { kind: 'unauthorized' } },
      { ...sample('plan', 403, 'Access to this API is not available for your account'), failure: { kind: 'subscription' } },
      {
        name: 'wrong client at the token end point',
        status: 400,
        body: { error: 'invalid_client', error_description: 'invalid client_id' },
        call: { method: 'POST', path: '/oauth2/v3/token', anonymous: true },
        failure: { kind: 'subscription' },
      },
    ],
    unavailable: [{ ...sample('down', 500, 'Internal Server Error'), call: push, failure: { kind: 'retryable', certain: false } }],
    blocked: [
      { ...sample('unknown guest', 400, 'Failed to send messages'), call: push, failure: { kind: 'recipient', code: 'unknownGuest' } },
      ...['userId', 'groupId', 'roomId', 'to'].map(property => ({
        ...sample(`nobody to hand over by ${property}`, 404, 'Not found', [{ message: 'is unknown', property }]),
        failure: { kind: 'recipient' as const, code: 'unknownGuest' as const },
      })),
      { ...sample('no user on this number', 422, 'Failed to send messages'), failure: { kind: 'recipient', code: 'unknownGuest' } },
    ],
    others: [
      { ...sample('reply token', 400, 'Invalid reply token'), failure: { kind: 'alternative', name: 'push' } },
      { ...sample('quota', 429, 'You have reached your monthly limit.'), call: push, failure: { kind: 'content', code: 'rateLimited' } },
      {
        ...sample('our payload', 400, 'The request body has 1 error(s)', [{ message: 'May not be empty', property: 'messages[0].text' }]),
        call: push,
        failure: { kind: 'content' },
      },
      {
        ...sample('not contracted', 403, 'Access to this API is not available for your account'),
        call: { method: 'POST', path: '/bot/pnp/push' },
        failure: { kind: 'content' },
      },
      { ...sample('nothing of that kind', 404, 'Not found', [{ message: 'is unknown', property: 'destinationId' }]), failure: { kind: 'content' } },
      { ...sample('conflict without a key', 409, 'Conflict'), failure: { kind: 'content' } },
    ],
  },
  platform: ({ path }) => (path in works ? { name: path, body: works[path] } : undefined),
})
