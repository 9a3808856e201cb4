import { Readable } from 'node:stream'
import type { PlatformCall } from '@um/shared/contract'
import { conformance } from '@um/testing/conformance'
import { slack } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { callback, headersOf, now, said, settings, signed, state, vectors } from './samples.ts'

const file = {
  id: 'F06FILE0001',
  name: 'receipt.pdf',
  mimetype: 'application/pdf',
  size: 48213,
  mode: 'hosted',
  is_external: false,
  url_private: 'https://files.slack.com/files-pri/T04BQRS7X1-F06FILE0001/receipt.pdf',
  url_private_download: 'https://files.slack.com/files-pri/T04BQRS7X1-F06FILE0001/download/receipt.pdf',
}
const event = (name: string, payload: object, events: string[]) => {
  const body = callback(payload)
  return { name, path: '/events', headers: signed(body), body, events }
}
const posting: PlatformCall = { method: 'POST', path: '/chat.postMessage', account: 'T04BQRS7X1' }
const bytes: PlatformCall = { method: 'POST', path: '/upload', anonymous: true, bytes: { body: Readable.from([]) } }
const error = (name: string) => ({ name, call: posting, body: { ok: false, error: name } })

conformance({
  definition: slack,
  implementation,
  folder: new URL('..', import.meta.url),
  settings,
  otherSettings: { ...settings, signingSecret: 'signing-secret-of-another' },
  state,
  now,
  recipient: { guest: 'T04BQRS7X1:U04GUEST99', address: { channel: 'D05DMCHAN1', thread: '' } },
  written: text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  proof: { headers: ['x-slack-signature', 'x-slack-request-timestamp'], body: true },
  webhooks: [
    { name: 'text', path: '/events', headers: headersOf(vectors.message), body: vectors.message.body, events: ['message:text'] },
    {
      name: 'button',
      path: '/interactivity',
      headers: headersOf(vectors.interaction, 'application/x-www-form-urlencoded'),
      body: vectors.interaction.body,
      events: ['message:choice'],
    },
    event('file with a text', said({ subtype: 'file_share', text: 'the receipt', files: [file] }), ['message:text', 'message:attachment']),
    event('changed message', { ...said({ subtype: 'message_changed', text: undefined }), message: { text: 'b', user: 'U04GUEST99', ts: '1.2' } }, [
      'message:edit',
    ]),
    event('deleted message', { ...said({ subtype: 'message_deleted' }), deleted_ts: '1.2', previous_message: { text: 'b', user: 'U04GUEST99', ts: '1.2' } }, [
      'message:withdrawn',
    ]),
    event('home', { type: 'app_home_opened', user: 'U04GUEST99', channel: 'D05DMCHAN1', tab: 'messages', event_ts: '1763802100.000200' }, ['lifecycle:joined']),
    event('uninstalled', { type: 'app_uninstalled' }, ['trouble']),
  ],
  unknownEvent: event('a subtype that is new', said({ subtype: 'hologram' }), ['message:unsupported']),
  openMaps: ['tokens'],
  answers: {
    accepted: [
      { name: 'sent', call: posting, body: { ok: true, channel: 'D05DMCHAN1', ts: '1763802400.000500' }, id: 'T04BQRS7X1:D05DMCHAN1:1763802400.000500' },
      { name: 'shared', call: posting, body: { ok: true, files: [{ id: 'F06FILE0002', title: 'receipt.pdf' }] }, id: 'F06FILE0002' },
    ],
    rateLimited: [
      {
        name: 'of the address for bytes',
        status: 429,
        headers: { 'retry-after': '3' },
        body: '',
        call: bytes,
        failure: { kind: 'rateLimited', afterSeconds: 3 },
      },
      { ...error('ratelimited'), status: 429, headers: { 'retry-after': '7' }, failure: { kind: 'rateLimited', afterSeconds: 7, scope: 'tenant' } },
      { name: 'without a body', status: 429, headers: { 'retry-after': '3' }, body: '', failure: { kind: 'rateLimited', afterSeconds: 3 } },
    ],
    unauthorized: [
      { ...error('token_revoked'), failure: { kind: 'unauthorized', why: 'Slack: token_revoked in the workspace T04BQRS7X1' } },
      { ...error('invalid_auth'), call: { ...posting, anonymous: true }, failure: { kind: 'subscription' } },
      { ...error('missing_scope'), failure: { kind: 'subscription' } },
    ],
    unavailable: [
      { ...error('service_unavailable'), failure: { kind: 'retryable', certain: true } },
      { ...error('fatal_error'), failure: { kind: 'retryable', certain: false } },
      ...[400, 401, 403, 500, 504].map(status => ({
        name: `the address for bytes, ${status}`,
        status,
        body: 'no',
        call: bytes,
        failure: { kind: 'retryable' as const, certain: true },
      })),
      { name: 'bad gateway', status: 502, body: '<html>', failure: { kind: 'retryable', certain: true } },
      { name: 'gateway time-out', status: 504, body: '', failure: { kind: 'retryable', certain: false } },
    ],
    blocked: [
      { ...error('channel_not_found'), failure: { kind: 'recipient', code: 'unknownGuest' } },
      { ...error('user_disabled'), failure: { kind: 'recipient', code: 'blocked' } },
    ],
    others: [
      { ...error('invalid_blocks'), failure: { kind: 'content' } },
      { ...error('invalid_blocks'), call: { ...posting, alternatives: { plain: [posting] } }, failure: { kind: 'alternative', name: 'plain' } },
      { ...error('file_uploads_disabled'), call: { ...posting, alternatives: { link: [posting] } }, failure: { kind: 'alternative', name: 'link' } },
      { ...error('channel_not_found'), call: { ...posting, alternatives: { reopen: [posting] } }, failure: { kind: 'alternative', name: 'reopen' } },
      { ...error('something_new'), failure: { kind: 'content', why: 'Slack: something_new in the workspace T04BQRS7X1' } },
    ],
  },
  platform: call => (call.path === '/oauth.v2.access' ? { name: 'code', body: { ok: false, error: 'invalid_code' } } : { name: 'done', body: { ok: true } }),
})
