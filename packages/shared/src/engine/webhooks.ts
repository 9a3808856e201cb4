import type { IncomingMessage } from 'node:http'
import type { Express, Request, Response } from 'express'
import { BrokerAway, exchanges, messageKey } from '../amqp/index.ts'
import type { InboundEvent, Refusal, Reply, Verified, Webhook } from '../contract/index.ts'
import { ApiError, type ErrorCode, sendProblem } from '../errors/index.ts'
import type { Logger } from '../log/index.ts'
import type { Counter } from '../metrics/index.ts'
import { conversationKey, derivedId, type EnvelopeOf, envelope, laneOf } from '../model/index.ts'
import type { Journal } from './journey.ts'
import type { Spool } from './spool.ts'
import type { Connector, KnownTenant, TenantDirectory } from './tenants.ts'

const defaultMaxBytes = 1024 * 1024
const codes: Record<Refusal['refused'], ErrorCode> = {
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
  const refuse = (refusal: Refusal) => {
    parts.counter.increment({ outcome: refusal.refused })
    parts.log.info({ refused: refusal.refused, why: refusal.why, path: req.originalUrl.split('?')[0] }, 'webhook refused')
    if (refusal.refused === 'tooLarge') res.setHeader('connection', 'close')
    sendProblem(res, new ApiError(codes[refusal.refused], refusal.why))
  }
  const raw = await readBody(req, parts.connector.definition.maxWebhookBytes ?? defaultMaxBytes)
  if (!Buffer.isBuffer(raw)) return refuse(raw)
  const hook = guarded(() => webhookOf(req, raw))
  if ('refused' in hook) return refuse(hook)
  const page = parts.connector.implementation.pages?.find(each => each.path === hook.path && each.method === hook.method)
  if (page)
    return answer(
      res,
      await page.handle(
        hook,
        parts.tenants.all().map(known => known.view),
      ),
    )
  if (hook.method !== 'POST' && hook.method !== 'GET')
    return sendProblem(res, new ApiError('methodNotAllowed', 'This address takes GET and POST.', { headers: { allow: 'GET, POST' } }))
  const known = findTenant(hook, parts)
  if ('refused' in known) return refuse(known)
  const outcome = judge(hook, known, parts)
  if ('refusal' in outcome) return refuse(outcome.refusal)
  if ('reply' in outcome) return answer(res, outcome.reply)
  try {
    for (const event of outcome.events) await accept(event, known, parts)
  } catch (error) {
    if (!(error instanceof BrokerAway)) throw error
    parts.counter.increment({ outcome: 'unavailable' })
    return sendProblem(res, new ApiError('unavailable', 'The message could not be kept safe; please send it again.', { headers: { 'retry-after': '5' } }))
  }
  parts.counter.increment({ outcome: 'accepted' })
  answer(res, parts.connector.implementation.acknowledge?.(outcome.events, outcome.hook) ?? { status: 200 })
}

function findTenant(hook: Webhook, { connector, tenants }: Parts): KnownTenant | Refusal {
  const { implementation } = connector
  const nobody: Refusal = { refused: implementation.unlocated ?? 'unauthenticated', why: 'no tenant takes this webhook' }
  const suffix = /^\/([0-9a-f-]{36})\/?$/i.exec(hook.path)?.[1]
  if (suffix !== undefined) return tenants.active(suffix.toLowerCase()) ?? nobody
  if (hook.path !== '' && hook.path !== '/') return { refused: 'unknown', why: 'nothing is served at this address' }
  if (implementation.locate === undefined) return nobody
  const located = guarded(() => implementation.locate?.(hook) ?? nobody)
  if (typeof located !== 'string') return located
  return tenants.locate(located) ?? nobody
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

async function accept(event: InboundEvent, known: KnownTenant, parts: Parts): Promise<void> {
  const wire = eventEnvelope(event, known.tenant.id, parts.connector)
  const lane = laneOf(known.tenant.id, event.guest)
  const how = await parts.spool.publish(lane, {
    exchange: exchanges.messages,
    key: messageKey('event', parts.connector.definition.id, lane),
    conversation: conversationKey(known.tenant.id, event.guest),
    envelope: wire,
  })
  if (event.type === 'message') {
    const direction = parts.connector.definition.role === 'messaging' ? 'toAgent' : 'toGuest'
    const id = messageIdOf(event, known.tenant.id, parts.connector)
    parts.journal.tell({
      tenantId: known.tenant.id,
      guest: event.guest,
      message: id,
      direction,
      hop: how === 'spooled' ? 'spooled' : 'received',
      kind: event.content.kind,
      platformId: event.messageId ?? event.id,
    })
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
    { tenantId, guest: event.guest, connector: connector.definition.id, event: { ...event, at: (event.at ?? new Date()).toISOString() } },
  )
}

function webhookOf(req: Request, raw: Buffer): Webhook {
  const url = new URL(req.url, 'http://localhost')
  const headers = new Headers()
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
  else if (typeof reply.body === 'string') res.send(reply.body)
  else res.json(reply.body)
}
