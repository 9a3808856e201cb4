import type { PlatformCall } from '@um/shared/contract'
import { conformance } from '@um/testing/conformance'
import { zalo } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { account, attached, event, granted, guest, now, ofAccount, settings, signed, vectors } from './samples.ts'

const hook = (name: string, body: string, events: string[]) => ({ name, headers: signed(body), body, events })
const sending: PlatformCall = { method: 'POST', path: '/v3.0/oa/message/cs' }
const renewing: PlatformCall = { method: 'POST', base: 'oauth', path: '/v4/oa/access_token', anonymous: true }
const error = (code: number, name = String(code)) => ({ name, call: sending, body: { error: code, message: 'no' } })
const offering = { ...sending, alternatives: { link: [sending], again: [sending] } }

conformance({
  definition: zalo,
  implementation,
  folder: new URL('..', import.meta.url),
  settings,
  otherSettings: { ...settings, oaSecretKey: 'oaSecret-of-another' },
  now,
  recipient: { guest, address: { interaction: '1763804010000' } },
  proof: { headers: ['x-zevent-signature'], body: true },
  webhooks: [
    { name: 'text', headers: { 'x-zevent-signature': vectors.text.signature }, body: vectors.text.body, events: ['message:text'] },
    { name: 'follow', headers: { 'x-zevent-signature': vectors.follow.signature }, body: vectors.follow.body, events: ['lifecycle:follow'] },
    hook('photo with a text', attached('image', { url: 'https://zdn.example/p.jpg' }, { text: 'look' }), ['message:text', 'message:attachment']),
    hook('location', attached('location', { coordinates: { latitude: '10.7725563', longitude: '106.6980413' } }), ['message:location']),
    hook('seen', event('user_seen_message', { ...ofAccount, message: { msg_ids: ['f1', 'f2'] } }), ['receipt:read', 'receipt:read']),
    hook('received', event('user_received_message', { ...ofAccount, message: { msg_id: 'f1' } }), ['receipt:delivered']),
    hook('submitted', event('user_submit_info', { info: { name: 'Lan Anh', phone: '84912345678' } }), ['message:text']),
    hook('reaction', event('user_reacted_message', { message: { msg_id: 'f1', react_icon: '/-heart' } }), ['message:system']),
    hook('group', event('user_send_text_group', { message: { msg_id: 'g1', text: 'hi' } }), []),
  ],
  forgeries: [
    { name: 'an HMAC of the body', headers: { 'x-zevent-signature': vectors.hmac }, body: vectors.text.body },
    { name: 'the signature of another body', headers: { 'x-zevent-signature': vectors.follow.signature }, body: vectors.text.body },
    {
      name: 'the body written anew',
      headers: { 'x-zevent-signature': vectors.text.signature },
      body: JSON.stringify(JSON.parse(vectors.text.body), undefined, 1),
    },
  ],
  notSecret: ['useAppSecretProof'],
  unknownEvent: hook('a kind that is new', attached('hologram', { url: 'https://zdn.example/h' }), ['message:unsupported']),
  answers: {
    accepted: [
      {
        name: 'sent',
        call: sending,
        body: { error: 0, message: 'Success', data: { message_id: 'f00d00000000000000a1', user_id: guest } },
        id: 'f00d00000000000000a1',
      },
      { name: 'tokens', call: renewing, body: granted },
    ],
    rateLimited: [
      { ...error(-32), failure: { kind: 'rateLimited', afterSeconds: 60, scope: 'tenant' } },
      { ...error(-32, 'of a renewal'), call: renewing, failure: { kind: 'rateLimited' } },
      { name: '429', status: 429, headers: { 'retry-after': '7' }, body: '', failure: { kind: 'rateLimited', afterSeconds: 7 } },
    ],
    unauthorized: [
      { ...error(-216), failure: { kind: 'unauthorized', why: 'Zalo: -216 no' } },
      { ...error(-220), failure: { kind: 'unauthorized' } },
      ...[-124, -204, -205, -209, -212, -219, -221, -235, -242].map(code => ({ ...error(code), failure: { kind: 'subscription' as const } })),
      { ...error(-14_014), call: renewing, failure: { kind: 'subscription' } },
      { name: 'renewal, 400', call: renewing, status: 400, body: 'no', failure: { kind: 'subscription' } },
    ],
    unavailable: [
      { ...error(-200), failure: { kind: 'retryable', certain: true } },
      { name: 'bad gateway', status: 502, body: '<html>', failure: { kind: 'retryable', certain: true } },
      { name: 'bad gateway at a renewal', status: 502, body: '<html>', call: renewing, failure: { kind: 'retryable' } },
      { name: 'gateway time-out', status: 504, body: '', failure: { kind: 'retryable', certain: false } },
      { name: 'a page instead of an answer', body: '<html>', failure: { kind: 'retryable', certain: false } },
    ],
    blocked: [
      ...[-213, -217, -227, -244].map(code => ({ ...error(code), failure: { kind: 'recipient' as const, code: 'blocked' as const } })),
      ...[-230, -232].map(code => ({ ...error(code), failure: { kind: 'recipient' as const, code: 'window' as const } })),
    ],
    others: [
      ...[-211, -223, -224, -320, -321].map(code => ({ ...error(code), failure: { kind: 'content' as const, code: 'subscription' as const } })),
      { ...error(-321, 'of a renewal'), call: renewing, failure: { kind: 'subscription' } },
      { ...error(-218), failure: { kind: 'content', code: 'rateLimited' } },
      { ...error(-100, 'upload ended'), call: offering, failure: { kind: 'alternative', name: 'again' } },
      { ...error(-201, 'bad template'), call: offering, failure: { kind: 'alternative', name: 'link' } },
      { ...error(-248), failure: { kind: 'content' } },
      { ...error(-9999, 'something new'), failure: { kind: 'content', why: 'Zalo: -9999 no' } },
    ],
  },
  platform: call => ({ name: call.path, body: call.path === '/v4/oa/access_token' ? granted : account }),
})
