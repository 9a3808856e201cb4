import { createHmac } from 'node:crypto'
import type { PlatformCall } from '@um/shared/contract'
import { conformance, type GenuineHook, type SampleAnswer } from '@um/testing/conformance'
import { gcloudcx } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { integrationId, messageId, now, openMessage, required } from './fakes.ts'

/** Every base is overridden. The maps key is not set here: it is told to Genesys Cloud by design, inside the picture's address (see maps.spec.ts). */
const settings = {
  ...required,
  apiUrl: 'https://api.genesys.example.com',
  loginUrl: 'https://login.genesys.example.com',
  googleMapsUrl: 'https://maps.example.com',
  googleMapsSecret: 'c2VjcmV0LWZvci1tYXBzLTE=',
  webhookHeaders: { 'X-Um-Pass': 'open-sesame', 'X-Um-Desk': 'desk-4711' },
}

function signed(name: string, members: Record<string, unknown>, events: string[]): GenuineHook {
  const body = JSON.stringify(openMessage(members))
  return {
    name,
    body,
    events,
    headers: {
      'content-type': 'application/json',
      'X-Hub-Signature-256': `sha256=${createHmac('sha256', required.webhookToken).update(body).digest('base64')}`,
      'X-Um-Pass': 'open-sesame',
      'X-Um-Desk': 'desk-4711',
    },
  }
}

const integration = { id: integrationId, name: required.integrationName, createStatus: 'Completed', recipient: { id: integrationId } }
const answers: Record<string, SampleAnswer> = {
  'POST /oauth/token': { name: 'token', body: { access_token: 't0ken', token_type: 'bearer', expires_in: 86_400 } },
  'GET /api/v2/conversations/messaging/integrations/open': { name: 'none yet', body: { entities: [], pageCount: 0 } },
  'POST /api/v2/conversations/messaging/integrations/open': { name: 'made', body: integration },
  [`PATCH /api/v2/conversations/messaging/integrations/open/${integrationId}`]: { name: 'changed', body: integration },
  [`DELETE /api/v2/conversations/messaging/integrations/open/${integrationId}`]: { name: 'deleted', status: 204, body: '' },
  'GET /api/v2/flows': { name: 'flows', body: { entities: [], pageCount: 0 } },
}
const call = (path: string): PlatformCall => ({ method: 'POST', path })
const inbound = call(`/api/v2/conversations/messages/${integrationId}/inbound/open/message`)

conformance({
  definition: gcloudcx,
  implementation,
  folder: new URL('..', import.meta.url),
  settings,
  otherSettings: { ...settings, webhookToken: 'kumo-7f3a9d52c1e84b61' },
  state: { integrationId },
  now,
  recipient: { guest: 'U-77', address: { conversationId: '0b7d6a5e-5b1f-4b9f-8d0e-6f3c2a1b9e44' } },
  proof: { headers: ['X-Hub-Signature-256', 'X-Um-Pass', 'X-Um-Desk'], body: true },
  webhooks: [
    signed('an agent says something', { text: 'Hello from the desk' }, ['message:text']),
    signed(
      'a text with two files',
      {
        text: 'Two',
        content: ['a', 'b'].map(name => ({ contentType: 'Attachment', attachment: { mediaType: 'File', url: `https://files.example.com/${name}.pdf` } })),
      },
      ['message:text', 'message:attachment', 'message:attachment'],
    ),
    signed(
      'quick replies',
      { type: 'Structured', text: 'Really?', content: ['Yes', 'No'].map(text => ({ contentType: 'QuickReply', quickReply: { text, payload: text } })) },
      ['message:structured'],
    ),
    signed('typing', { type: 'Event', events: [{ eventType: 'Typing', typing: { type: 'On', duration: 5000 } }] }, ['message:typing']),
    signed('the end', { type: 'Event', events: [{ eventType: 'Presence', presence: { type: 'Disconnect' } }] }, ['lifecycle:ended']),
    signed('a receipt', { type: 'Receipt', status: 'Published', isFinalReceipt: true, direction: 'Inbound' }, ['receipt:delivered']),
  ],
  unknownEvent: signed('a new kind of content', { type: 'Structured', content: [{ contentType: 'Hologram', hologram: { id: 'h' } }] }, ['message:unsupported']),
  answers: {
    accepted: [
      { name: 'taken', body: { id: messageId, type: 'Text', conversationId: 'c-1' }, call: inbound, id: messageId },
      { name: 'taken without a word', status: 202, body: '', call: inbound },
    ],
    rateLimited: [
      {
        name: 'too many requests',
        status: 429,
        headers: { 'retry-after': '7' },
        body: { code: 'too.many.requests', message: 'Rate limit exceeded the maximum [300] requests within [60] seconds' },
        failure: { kind: 'rateLimited', afterSeconds: 8, scope: 'tenant' },
      },
    ],
    unauthorized: [
      { name: 'a token that has ended', status: 401, body: { code: 'credentials.expired' }, failure: { kind: 'unauthorized' } },
      { name: 'a missing permission', status: 403, body: { code: 'missing.permissions' }, failure: { kind: 'subscription' } },
    ],
    unavailable: [
      { name: 'away', status: 503, body: '', failure: { kind: 'retryable', certain: true } },
      { name: 'a gateway that gave up', status: 504, body: '<html>', failure: { kind: 'retryable', certain: false } },
    ],
    blocked: [],
    others: [
      { name: 'malformed', status: 400, body: { code: 'bad.request' }, failure: { kind: 'content' } },
      { name: 'a deleted integration', status: 404, body: { code: 'not.found' }, call: inbound, failure: { kind: 'subscription' } },
    ],
  },
  platform: asked => answers[`${asked.method} ${asked.path}`],
})
