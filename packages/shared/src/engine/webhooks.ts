import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Express, Request, Response } from 'express'
import { BrokerAway, exchanges, messageKey } from '../amqp/index.ts'
import { type Context, HeaderList, type InboundEvent, type Page, type Refusal, type Reply, type Verified, type Webhook } from '../contract/index.ts'
import { ApiError, type ErrorCode, sendProblem } from '../errors/index.ts'
import type { Budgets } from '../flow/index.ts'
import { hasJourney, type Journal } from '../journal/index.ts'
import type { Logger } from '../log/index.ts'
import type { Counter } from '../metrics/index.ts'
import { conversationKey, derivedId, type EnvelopeOf, envelope, laneOf } from '../model/index.ts'
import type { Spool } from './spool.ts'
import type { Connector, KnownTenant, TenantDirectory, View } from './tenants.ts'

const defaultMaxBytes = 1024 * 1024
const codes: Record<Exclude<Refusal['refused'], 'ignored'>, ErrorCode> = {
  unauthenticated: 'unauthenticated',
  stale: 'stale',
  unknown: 'notFound',
  malformed: 'malformed',
  tooLarge: 'tooLarge',
}

interface Parts {
  connector: Connector
  tenants: TenantDirectory
  spool: Spool
  journal: Journal
  log: Logger
  counter: Counter
  budgets: Budgets
  /** the configuration has come since the start: who is unknown now is unknown */
  isSynced(): boolean
  contextOf(view: View): Context<unknown>
}

/** The public face: raw body, tenant, signature, events, confirmed publishing, answer. No effect and no platform call happens here. */
export function mountWebhooks(app: Express, parts: Parts): void {
  const { ingress } = parts.connector.definition
  if (ingress === undefined) return
  app.use(ingress, (req, res, next) => {
    receive(req, res, parts).catch(next)
  })
}

async function receive(req: Request, res: Response, parts: Parts): Promise<void> {
  const arrivedAt = new Date()
  const refuse = (refusal: Refusal) => {
    parts.counter.increment({ outcome: refusal.refused })
    parts.log.info({ refused: refusal.refused, why: refusal.why, path: req.originalUrl.split('?')[0] }, 'webhook refused')
    if (refusal.refused === 'ignored') return void res.status(200).end()
    if (refusal.refused === 'tooLarge') res.setHeader('connection', 'close')
    sendProblem(res, new ApiError(codes[refusal.refused], refusal.why))
  }
  const raw = await readBody(req, parts.connector.definition.maxWebhookBytes ?? defaultMaxBytes)
  if (!Buffer.isBuffer(raw)) return refuse(raw)
  const hook = guarded(() => webhookOf(req, raw))
  if ('refused' in hook) return refuse(hook)
  const page = parts.connector.implementation.pages?.find(each => each.method === hook.method && isAt(each.path, hook.path))
  if (page) return answer(res, await showPage(page, hook, req, parts))
  if (hook.method !== 'POST' && hook.method !== 'GET')
    return sendProblem(res, new ApiError('methodNotAllowed', 'This address takes GET and POST.', { headers: { allow: 'GET, POST' } }))
  const found = findTenants(hook, parts)
  if (found === 'nobody') {
    if (parts.isSynced()) return refuse({ refused: parts.connector.implementation.unlocated ?? 'unauthenticated', why: 'no tenant takes this webhook' })
    // perhaps one will, once the configuration has come
    parts.counter.increment({ outcome: 'unavailable' })
    return sendProblem(res, new ApiError('unavailable', 'The configuration has not come yet; please send it again.', { headers: { 'retry-after': '5' } }))
  }
  if ('refused' in found) return refuse(found)
  const { known, outcome } = judgeAll(hook, found, parts)
  if ('refusal' in outcome) return refuse(outcome.refusal)
  if ('reply' in outcome) return answer(res, outcome.reply)
  try {
    for (const event of outcome.events) await acceptEvent(event, known, parts, arrivedAt)
  } catch (error) {
    if (!(error instanceof BrokerAway)) throw error
    parts.counter.increment({ outcome: 'unavailable' })
    return sendProblem(res, new ApiError('unavailable', 'The message could not be kept safe; please send it again.', { headers: { 'retry-after': '5' } }))
  }
  parts.counter.increment({ outcome: 'accepted' })
  answer(res, parts.connector.implementation.acknowledge?.(outcome.events, outcome.hook, known.view) ?? { status: 200 })
}

/** Of one address, a minute: enough for people, too few for guessing. */
const pageLimit = { limit: 30, perSeconds: 60 } as const

function isAt(path: Page['path'], asked: string): boolean {
  if (!path.endsWith('/*')) return path === asked
  const last = asked.slice(path.length - 1)
  return asked.startsWith(path.slice(0, -1)) && last !== '' && !last.includes('/')
}
async function showPage(page: Page, hook: Webhook, req: Request, parts: Parts): Promise<Reply> {
  const wait = await parts.budgets.draw('pages', [{ key: isIP(req.ip ?? '') === 0 ? 'unknown' : (req.ip ?? ''), ...pageLimit }], 'agent')
  if (wait > 0) return { status: 429, headers: { 'retry-after': String(Math.ceil(wait / 1000)) }, body: 'Too many requests. Please try again in a minute.' }
  const { enabled = [], resting = [] } = Object.groupBy(parts.tenants.all(), ({ tenant }) => (tenant.enabled ? 'enabled' : 'resting'))
  return page.handle(
    hook,
    enabled.map(({ view }) => parts.contextOf(view)),
    resting.map(({ view }) => view),
  )
}

function findTenants(hook: Webhook, { connector, tenants }: Parts): [KnownTenant, ...KnownTenant[]] | Refusal | 'nobody' {
  const { implementation } = connector
  const suffix = /^\/([0-9a-f-]{36})\/?$/i.exec(hook.path)?.[1]
  if (suffix !== undefined) {
    const known = tenants.active(suffix.toLowerCase())
    return known === undefined ? 'nobody' : [known]
  }
  if (!['', '/', ...(implementation.paths ?? [])].includes(hook.path)) return { refused: 'unknown', why: 'nothing is served at this address' }
  const { locate } = implementation
  if (locate === undefined) return 'nobody'
  const located = guarded(() => locate(hook))
  if (typeof located !== 'string') return located
  const [first, ...others] = tenants.locate(located)
  return first === undefined ? 'nobody' : [first, ...others]
}

/** Tenants that share a key: the first whose proof fits. */
function judgeAll(hook: Webhook, [first, ...others]: [KnownTenant, ...KnownTenant[]], parts: Parts): { known: KnownTenant; outcome: Judged } {
  const outcome = judge(hook, first, parts)
  if (!('refusal' in outcome)) return { known: first, outcome }
  for (const known of others) {
    const other = judge(hook, known, parts)
    if (!('refusal' in other)) return { known, outcome: other }
  }
  return { known: first, outcome }
}

type Judged = { refusal: Refusal } | { reply: Reply } | { events: InboundEvent[]; hook: Verified }

/** Hostile input never gets further than this: whatever a parser throws is a malformed request, not a 500. */
function judge(hook: Webhook, known: KnownTenant, { connector, log }: Parts): Judged {
  const { implementation } = connector
  try {
    const handshake = implementation.handshake?.(hook, known.view)
    if (handshake !== undefined) return { reply: handshake }
    const refusal = implementation.verify(hook, known.view, new Date())
    if (refusal !== undefined) return { refusal }
    let verified = hook as Verified
    if (implementation.open) {
      const opened = implementation.open(verified, known.view)
      if (!Buffer.isBuffer(opened)) return { refusal: opened }
      verified = { ...verified, raw: opened } as Verified
    }
    const events = implementation.parse(verified, known.view)
    return Array.isArray(events) ? { events, hook: verified } : { refusal: events }
  } catch (error) {
    log.error({ err: error, tenant: known.tenant.id }, 'webhook could not be read: a parser has a bug')
    return { refusal: { refused: 'malformed', why: 'the body cannot be read' } }
  }
}
function guarded<T>(work: () => T | Refusal): T | Refusal {
  try {
    return work()
  } catch {
    return { refused: 'malformed', why: 'the request cannot be read' }
  }
}

/** Makes a verified event safe, for its way behind RabbitMQ. Throws BrokerAway when that is not possible now. */
export async function acceptEvent(
  event: InboundEvent,
  known: KnownTenant,
  { connector, spool, journal }: Pick<Parts, 'connector' | 'spool' | 'journal'>,
  arrivedAt: Date,
): Promise<void> {
  const wire = eventEnvelope(event, known.tenant.id, connector)
  const lane = laneOf(known.tenant.id, event.guest)
  const conversation = conversationKey(known.tenant.id, event.guest)
  const publish = () =>
    spool.publish(lane, { exchange: exchanges.messages, key: messageKey('event', connector.definition.id, lane), conversation, envelope: wire })
  if (!hasJourney(event)) return void (await publish())
  const hop = {
    tenantId: known.tenant.id,
    guest: event.guest,
    message: wire.id,
    direction: connector.definition.role === 'messaging' ? ('toAgent' as const) : ('toGuest' as const),
    kind: event.content.kind,
    platformId: event.messageId ?? event.id,
  }
  journal.tell({ ...hop, hop: 'received', at: arrivedAt }, event.content)
  journal.tell({ ...hop, hop: 'verified' })
  try {
    if ((await publish()) === 'spooled') journal.tell({ ...hop, hop: 'spooled' })
  } catch (error) {
    journal.tell({ ...hop, hop: 'waiting', detail: { why: 'neither RabbitMQ nor Redis could keep it; its platform was asked to send it again' } })
    throw error
  }
}

/** The same platform message has the same id everywhere, always; other kinds of events about it have their own. */
export function messageIdOf(event: InboundEvent, tenantId: string, connector: Connector): string {
  const identity = connector.definition.role === 'messaging' ? (event.messageId ?? event.id) : event.id
  return derivedId(event.type, connector.definition.id, tenantId, identity)
}
export function eventEnvelope(event: InboundEvent, tenantId: string, connector: Connector): EnvelopeOf<'um.event.v1'> {
  return envelope(
    'um.event.v1',
    {
      id: messageIdOf(event, tenantId, connector),
      source: connector.definition.ingress ?? `/${connector.definition.id}`,
      subject: conversationKey(tenantId, event.guest),
      time: new Date(),
    },
    { tenantId, guest: event.guest, connector: connector.definition.id, event: { ...event, at: timeOf(event).toISOString() } },
  )
}

/** Platforms' numbers may lie beyond what a date can be. */
function timeOf({ at }: InboundEvent): Date {
  return at === undefined || Number.isNaN(at.getTime()) ? new Date() : at
}

function webhookOf(req: Request, raw: Buffer): Webhook {
  const url = new URL(req.url, 'http://localhost')
  const headers = new HeaderList()
  for (let index = 0; index + 1 < req.rawHeaders.length; index += 2) headers.append(req.rawHeaders[index] ?? '', req.rawHeaders[index + 1] ?? '')
  return { method: req.method === 'HEAD' ? 'GET' : req.method, path: url.pathname === '/' ? '' : url.pathname, query: url.searchParams, headers, raw }
}

/** The body as it came, undecoded; a Refusal when it is too large or was cut. */
function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | Refusal> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let bytes = 0
    let over = false
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) {
        over = true
        chunks.length = 0
        resolve({ refused: 'tooLarge', why: `the body is larger than ${maxBytes} bytes` })
      } else if (!over) chunks.push(chunk)
    })
    req.on('end', () => resolve(Buffer.concat(chunks)))
    req.on('aborted', () => resolve({ refused: 'malformed', why: 'the body was cut' }))
    req.on('error', () => resolve({ refused: 'malformed', why: 'the body was cut' }))
  })
}

function answer(res: Response, reply: Reply): void {
  res.status(reply.status)
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, value)
  if (reply.body === undefined) res.end()
  else if (typeof reply.body === 'string' || Buffer.isBuffer(reply.body)) res.send(reply.body)
  else res.json(reply.body)
}
