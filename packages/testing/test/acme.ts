import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Content, Implementation, Outgoing, PlatformCall, SettingsOf } from '@um/shared/contract'
import { z } from 'zod'
import type { ConformanceSubject, GenuineHook } from '../src/conformance.ts'
import { acme } from './fixtures/acme-connector/src/definition.ts'

type Settings = SettingsOf<typeof acme>
const Body = z.object({
  account: z.string(),
  events: z.array(z.looseObject({ id: z.string(), at: z.number(), from: z.string(), text: z.string().optional() })).min(1),
})
const toleranceSeconds = 300

function json(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString())
  } catch {
    return undefined
  }
}
export function signature(body: Buffer, at: string): string {
  return createHmac('sha256', 'acme-signing-secret').update(`${at}.`).update(body).digest('hex')
}
function post(path: string, out: Outgoing<Settings>, members: object, more: Partial<PlatformCall> = {}): PlatformCall {
  return { method: 'POST', path, json: { to: out.to.guest, ...members }, ...more }
}

const implementation: Implementation<typeof acme> = {
  bases: ({ apiUrl }) => ({ api: apiUrl }),
  keys: ({ settings }) => [settings.account],
  locate(hook) {
    const body = Body.safeParse(json(hook.raw))
    return body.success ? body.data.account : { refused: 'malformed', why: 'no account' }
  },
  verify(hook, { settings }, now) {
    const at = hook.headers.get('x-acme-time') ?? ''
    if (Math.abs(now.getTime() / 1000 - Number(at)) > toleranceSeconds) return { refused: 'stale', why: 'too far from now' }
    const expected = createHmac('sha256', settings.signingSecret).update(`${at}.`).update(hook.raw).digest()
    const given = Buffer.from(hook.headers.get('x-acme-signature') ?? '', 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : { refused: 'unauthenticated', why: 'the signature is wrong' }
  },
  handshake: hook => (hook.query.has('challenge') ? { status: 200, body: hook.query.get('challenge') ?? '' } : undefined),
  parse(hook) {
    const body = Body.safeParse(json(hook.raw))
    if (!body.success) return { refused: 'malformed', why: 'no events' }
    return body.data.events.map(event => {
      const content: Content = event.text === undefined ? { kind: 'unsupported', what: 'event', raw: event } : { kind: 'text', text: event.text }
      return { type: 'message', id: event.id, at: new Date(event.at * 1000), guest: event.from, content }
    })
  },
  respond: event => [{ method: 'POST', path: '/seen', json: { id: event.id } }],
  render: {
    text: ({ text }, out) => [post('/text', out, { text })],
    attachment: ({ source, caption = '' }, out) => [post('/image', out, { url: 'url' in source ? source.url : source.platformId, caption })],
    structured: ({ text = '', items }, out) => [post('/buttons', out, { text, titles: items.map(item => item.title) })],
    typing: (_content, out) => [post('/typing', out, {}, { auxiliary: true })],
  },
  sent: answer => {
    const known = z.object({ id: z.string() }).safeParse(answer)
    return known.success ? { id: known.data.id } : {}
  },
  classify({ status }) {
    if (status < 300) return undefined
    if (status === 429) return { kind: 'rateLimited', why: 'too fast', afterSeconds: 3, scope: 'tenant' }
    if (status === 401) return { kind: 'subscription', why: 'refused' }
    if (status === 410) return { kind: 'recipient', why: 'gone', optOut: true }
    return status >= 500 ? { kind: 'retryable', why: 'away', certain: true } : { kind: 'content', why: `HTTP ${status}` }
  },
  budgets: (_call, to, { settings }) => [{ key: settings.account + (to?.guest ?? ''), limit: 3, perSeconds: 1 }],
  check: async ctx => void (await ctx.http.call({ method: 'GET', path: '/me' }, z.unknown())),
  register: async ctx => {
    await ctx.http.call({ method: 'PUT', path: '/hook', json: { url: ctx.tenant.webhookUrl } }, z.unknown())
    return { hook: 'h-1' }
  },
  async unregister(ctx) {
    if ((await ctx.store.get('kept')) === undefined) await ctx.http.call({ method: 'DELETE', path: '/hook' }, z.unknown()).catch(() => undefined)
  },
  jobs: [{ name: 'look', everySeconds: () => 60, run: async ctx => ctx.saveState({ looked: 'yes' }) }],
}

function signed(name: string, events: object[], expected: string[]): GenuineHook {
  const body = JSON.stringify({ account: 'acme-1', events })
  return { name, body, headers: { 'X-Acme-Time': '1767225600', 'X-Acme-Signature': signature(Buffer.from(body), '1767225600') }, events: expected }
}

export const subject: ConformanceSubject<typeof acme> = {
  definition: acme,
  implementation,
  folder: new URL('fixtures/acme-connector', import.meta.url),
  settings: { account: 'acme-1', signingSecret: 'acme-signing-secret', apiUrl: 'https://lab.acme.example' },
  otherSettings: { account: 'acme-2', signingSecret: 'another-secret' },
  now: new Date('2026-01-01T00:00:00Z'),
  recipient: { guest: 'g-77' },
  webhooks: [
    signed(
      'two texts',
      [
        { id: 'e1', at: 1767225600, from: 'g-77', text: 'one' },
        { id: 'e2', at: 1767225601, from: 'g-77', text: 'two' },
      ],
      ['message:text', 'message:text'],
    ),
  ],
  proof: { headers: ['X-Acme-Signature'], body: true, toleranceSeconds },
  forgeries: [{ name: 'an old signature', headers: { 'X-Acme-Time': '1', 'X-Acme-Signature': 'ab' }, body: '{"account":"acme-1","events":[]}' }],
  handshakes: [{ name: 'challenge', method: 'GET', query: { challenge: 'abc' }, body: '' }],
  unknownEvent: signed('wave', [{ id: 'e3', at: 1767225600, from: 'g-77', wave: 1 }], ['message:unsupported']),
  answers: {
    accepted: [{ name: 'taken', body: { id: 'm-1' }, id: 'm-1' }],
    rateLimited: [{ name: 'fast', status: 429, body: '', failure: { kind: 'rateLimited', afterSeconds: 3 } }],
    unauthorized: [{ name: 'refused', status: 401, body: '', failure: { kind: 'subscription' } }],
    unavailable: [{ name: 'away', status: 503, body: '', failure: { kind: 'retryable', certain: true } }],
    blocked: [{ name: 'gone', status: 410, body: '', failure: { kind: 'recipient', optOut: true } }],
    others: [{ name: 'odd', status: 422, body: '', failure: { kind: 'content' } }],
  },
  platform: ({ path }) => ({ name: path, body: {} }),
}
