import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { readBody, requestUrl, sendBytes, sendJson } from '../../kit/exchange.ts'
import type { Hit } from '../../kit/faults/board.ts'
import { planOf, silence } from '../../kit/faults/plan.ts'
import type { Answer, Handler } from './call.ts'
import { type Fields, isObject } from './check.ts'
import { disconnectConversation, getConversation, getMessageDetails } from './conversations.ts'
import { badRequest, badToken, expiredToken, LoginError, missingPermission, notFound, PlatformError, serverError, tooManyRequests } from './errors.ts'
import { agentless, inboundEvent, inboundMessage, inboundReceipt, legacyInbound, structuredResponse } from './inbound.ts'
import {
  createIntegration,
  deleteIntegration,
  getIntegration,
  getRecipient,
  listFlows,
  listIntegrations,
  putRecipient,
  updateIntegration,
} from './integrations.ts'
import { authenticate, countRequest, logIn } from './login.ts'
import { type GenesysView, simulator } from './view.ts'
import type { AccessToken, World } from './world.ts'

const maxBodyBytes = 1024 * 1024

interface Route {
  method: string
  path: RegExp
  operation: string
  permission: string
  handler: Handler
}
const integrations = '/api/v2/conversations/messaging/integrations/open'
const messages = '/api/v2/conversations/messages'
const uuid = '([^/]+)'

/** The busiest first. */
const routes: readonly Route[] = [
  route('POST', `${messages}/${uuid}/inbound/open/message`, 'message', 'conversation:message:receive', inboundMessage),
  route('POST', `${messages}/${uuid}/inbound/open/receipt`, 'receipt', 'conversation:message:receive', inboundReceipt),
  route('POST', `${messages}/${uuid}/inbound/open/event`, 'event', 'conversation:message:receive', inboundEvent),
  route('POST', `${messages}/${uuid}/inbound/open/structured/response`, 'structuredResponse', 'conversation:message:receive', structuredResponse),
  route('POST', `${messages}/inbound/open`, 'legacy', 'conversation:message:receive', legacyInbound),
  route('GET', `${messages}/${uuid}/details`, 'details', 'conversation:message:view', getMessageDetails),
  route('POST', `${messages}/agentless`, 'agentless', 'conversation:message:create', agentless),
  route('GET', `${messages}/${uuid}`, 'conversation', 'conversation:message:view', getConversation),
  route('POST', `/api/v2/conversations/${uuid}/disconnect`, 'disconnect', 'conversation:communication:disconnect', disconnectConversation),
  route('GET', integrations, 'integrations', 'messaging:integration:view', listIntegrations),
  route('POST', integrations, 'createIntegration', 'messaging:integration:add', createIntegration),
  route('GET', `${integrations}/${uuid}`, 'integration', 'messaging:integration:view', getIntegration),
  route('PATCH', `${integrations}/${uuid}`, 'updateIntegration', 'messaging:integration:edit', updateIntegration),
  route('DELETE', `${integrations}/${uuid}`, 'deleteIntegration', 'messaging:integration:delete', deleteIntegration),
  route('GET', '/api/v2/flows', 'flows', 'architect:flow:view', listFlows),
  route('GET', `/api/v2/routing/message/recipients/${uuid}`, 'recipient', 'routing:message:manage', getRecipient),
  route('PUT', `/api/v2/routing/message/recipients/${uuid}`, 'updateRecipient', 'routing:message:manage', putRecipient),
]
/** For `where.operation` of faults; the last four are webhooks. */
export const operations: readonly string[] = [...routes.map(each => each.operation), 'login', 'download', 'Text', 'Structured', 'Event', 'Receipt']

function route(method: string, path: string, operation: string, permission: string, handler: Handler): Route {
  return { method, path: new RegExp(`^${path}/?$`), operation, permission, handler }
}

/** The login host and the Platform API on one port. */
export class GenesysServer {
  private readonly world: World
  private readonly view: GenesysView

  constructor(world: World, view: GenesysView) {
    this.world = world
    this.view = view
  }

  readonly handle = (req: IncomingMessage, res: ServerResponse): void => {
    this.route(req, res).catch(error => {
      if (!req.complete) return // the client went away in the middle of its request
      this.world.context.report(error, 'genesys simulator')
      sendError(res, serverError(500))
    })
  }

  private async route(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = requestUrl(req)
    const began = performance.now()
    const raw = await readBody(req, maxBodyBytes)
    const download = /^\/downloads\/([^/]+)\//.exec(url.pathname)
    const found = match(req.method ?? 'GET', url.pathname)
    const operation = url.pathname === '/oauth/token' ? 'login' : download !== null ? 'download' : (found?.route.operation ?? 'unknown')
    const parsed = operation === 'login' ? undefined : parse(raw)
    const facts = { operation, ...subjectOf(operation, found?.id, parsed, req) }
    const plan = planOf(this.world.faults.strike('requests', facts))
    if (plan.delayMs > 0) await sleep(plan.delayMs)
    let status = 0
    let why: string | undefined
    if (plan.before === undefined || !silence(plan.before, res)) {
      try {
        if (plan.before !== undefined) this.spoil(plan.before, operation, found?.route, req)
        const answer = await this.serve(req, operation, url, { raw, parsed }, found, download?.[1])
        if (plan.after !== undefined && silence(plan.after, res)) status = 0
        else {
          if (plan.after !== undefined) this.spoil(plan.after, operation, found?.route, req)
          status = answer.status
          answer.send(res)
        }
      } catch (error) {
        if (!(error instanceof PlatformError) && !(error instanceof LoginError)) throw error
        status = error.status
        why = error.message
        this.world.count(`errors${status}`)
        sendError(res, error)
      }
    }
    this.record(facts, status, Math.round(performance.now() - began), plan.fault, why)
  }

  private async serve(
    req: IncomingMessage,
    operation: string,
    url: URL,
    { raw, parsed }: { raw: Buffer | undefined; parsed: unknown },
    found: { route: Route; id: string } | undefined,
    download: string | undefined,
  ): Promise<{ status: number; send: (res: ServerResponse) => void }> {
    if (raw === undefined) throw new PlatformError(413, 'request.entity.too.large', 'The request entity is too large')
    if (operation === 'login') {
      if (req.method !== 'POST') throw new PlatformError(405, 'method.not.allowed', 'Method not allowed')
      const token = logIn(this.world, req.headers.authorization, new URLSearchParams(raw.toString('utf8')))
      return { status: 200, send: res => sendJson(res, 200, token) }
    }
    if (download !== undefined) return this.download(req, download)
    const token = authenticate(this.world, req.headers.authorization)
    const headers = { ...countRequest(this.world, token), 'inin-correlation-id': randomUUID() }
    if (found === undefined) throw new PlatformError(404, 'not.found', 'HTTP 404 Not Found')
    const answer = found.route.handler({ world: this.world, view: this.view, id: found.id, query: url.searchParams, body: readObject(req, raw, parsed) })
    return { status: answer.status, send: res => sendAnswer(res, answer, headers) }
  }

  private download(req: IncomingMessage, id: string): { status: number; send: (res: ServerResponse) => void } {
    if (this.world.settings.downloadsNeedToken) authenticate(this.world, req.headers.authorization)
    const media = this.world.context.media.get(id)
    if (media === undefined) throw notFound('download')
    this.world.count('downloads')
    return { status: 200, send: res => sendBytes(res, 200, media.mime, media.bytes) }
  }

  /** Throws what the fault makes of this call; faults that do not concern it do nothing. */
  private spoil(hit: Hit, operation: string, found: Route | undefined, req: IncomingMessage): void {
    switch (hit.kind) {
      case 'rateLimit':
        throw tooManyRequests(this.world.settings.requestsPerMinute, Number(hit.params.retryAfterSeconds))
      case 'loginRefused':
        if (operation === 'login') throw new LoginError(401, 'invalid_client', 'client not found or secret wrong')
        return
      case 'badToken': {
        if (operation === 'login') return
        if (hit.params.how === 'always') throw badToken()
        const token: AccessToken = authenticate(this.world, req.headers.authorization)
        token.revoked = true
        throw expiredToken()
      }
      case 'forbidden':
        if (found !== undefined) throw missingPermission(found.permission)
        return
      default:
        throw serverError(Number(hit.params.status ?? 500))
    }
  }

  private record(
    facts: { operation: string; account?: string; guest?: string },
    status: number,
    ms: number,
    fault: string | undefined,
    why: string | undefined,
  ): void {
    this.world.count('requests')
    this.world.context.exchanges.record({
      simulator,
      direction: 'request',
      ...facts,
      status,
      ms,
      ...(fault === undefined ? {} : { fault }),
      ...(why === undefined ? {} : { why }),
      at: this.world.context.now().toISOString(),
    })
  }
}

function match(method: string, path: string): { route: Route; id: string } | undefined {
  for (const each of routes) {
    if (each.method !== method) continue
    const found = each.path.exec(path)
    if (found !== null) return { route: each, id: decodeURIComponent(found[1] ?? '') }
  }
  return undefined
}

/** undefined: not JSON. */
function parse(raw: Buffer | undefined): unknown {
  if (raw === undefined || raw.length === 0) return undefined
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}
function readObject(req: IncomingMessage, raw: Buffer, parsed: unknown): Fields {
  if (raw.length === 0) return {}
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? ''))
    throw new PlatformError(415, 'unsupported.media.type', 'HTTP 415 Unsupported Media Type')
  if (parsed === undefined) throw badRequest('The request could not be understood by the server due to malformed syntax.')
  if (!isObject(parsed)) throw badRequest('The request could not be understood: should be object')
  return parsed
}

/** Whom a call is about, for faults and for the log. */
function subjectOf(operation: string, id: string | undefined, body: unknown, req: IncomingMessage): { account?: string; guest?: string } {
  if (operation === 'login') {
    const client = Buffer.from(/^Basic\s+(\S+)/i.exec(req.headers.authorization ?? '')?.[1] ?? '', 'base64')
      .toString('utf8')
      .split(':')[0]
    return client === undefined || client === '' ? {} : { account: client }
  }
  const channel = isObject(body) && isObject(body.channel) ? body.channel : {}
  const other = operation === 'receipt' || (isObject(body) && body.type === 'Receipt') ? channel.to : channel.from
  const guest = isObject(other) && typeof other.id === 'string' ? other.id : isObject(body) && operation === 'agentless' ? String(body.toAddress) : undefined
  const account = operation === 'legacy' && isObject(channel.to) && typeof channel.to.id === 'string' ? channel.to.id : id
  return { ...(account === undefined || account === '' ? {} : { account }), ...(guest === undefined ? {} : { guest }) }
}

function sendAnswer(res: ServerResponse, { status, body }: Answer, headers: Record<string, string>): void {
  if (body !== undefined) return sendJson(res, status, body, headers)
  res.writeHead(status, headers)
  res.end()
}
function sendError(res: ServerResponse, error: PlatformError | LoginError): void {
  sendJson(res, error.status, error.body(), error instanceof PlatformError ? { ...error.headers } : {})
}
