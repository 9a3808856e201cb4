import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { requestUrl, sendBytes, sendJson } from '../../kit/exchange.ts'
import type { Hit } from '../../kit/faults/board.ts'
import { type Plan, planOf, silence } from '../../kit/faults/plan.ts'
import { type Method, noteRefusal } from './call.ts'
import { BotApiError, badRequest, forbidden, notFound, tooManyRequests, unauthorized } from './errors.ts'
import type { TelegramEvents } from './events.ts'
import { editMethods } from './methods/edit.ts'
import { mediaMethods } from './methods/media.ts'
import { queryMethods } from './methods/query.ts'
import { textMethods } from './methods/text.ts'
import { webhookMethods } from './methods/webhook.ts'
import { type Params, readParams } from './params.ts'
import type { Bot, World } from './world.ts'

const methods: Readonly<Record<string, Method>> = { ...webhookMethods, ...textMethods, ...mediaMethods, ...editMethods, ...queryMethods }
const byLowerCase = new Map(Object.entries(methods).map(([name, method]) => [name.toLowerCase(), { name, method }]))
/** For `where.operation` of faults; `file` is a download. */
export const operations: readonly string[] = [
  ...Object.keys(methods),
  'file',
  'message',
  'edited_message',
  'callback_query',
  'my_chat_member',
  'message_reaction',
]

const wellFormedToken = /^\d{1,16}:[A-Za-z0-9_-]{30,}$/

/** The HTTP side of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
export class TelegramServer {
  private readonly world: World
  private readonly events: TelegramEvents

  constructor(world: World, events: TelegramEvents) {
    this.world = world
    this.events = events
  }

  readonly handle = (req: IncomingMessage, res: ServerResponse): void => {
    this.route(req, res).catch(error => {
      if (!req.complete) return // the client went away in the middle of its request
      this.world.context.report(error, 'telegram simulator')
      sendError(res, new BotApiError(500, 'Internal Server Error: restart'))
    })
  }

  private async route(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = requestUrl(req)
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname)
    if (file !== null) return this.download(req, res, decoded(file[1]), decoded(file[2]))
    const called = /^\/bot([^/]+)\/([^/]+)\/?$/.exec(url.pathname)
    if (called === null) {
      req.resume()
      return sendError(res, notFound())
    }
    return this.call(req, res, decoded(called[1]), decoded(called[2]), url.searchParams)
  }

  private async call(req: IncomingMessage, res: ServerResponse, token: string, methodName: string, query: URLSearchParams): Promise<void> {
    const began = performance.now()
    const known = byLowerCase.get(methodName.toLowerCase())
    const operation = known?.name ?? methodName
    const bot = wellFormedToken.test(token) ? this.world.botOf(token) : undefined
    let params: Params | undefined
    let fault: string | undefined
    let status = 200
    let why: string | undefined
    try {
      params = await readParams(req, query)
      if (!wellFormedToken.test(token)) throw notFound()
      const guest = params.text('chat_id') || params.text('user_id')
      const plan = planOf(this.world.faults.strike('requests', { operation, account: token.split(':')[0], guest }))
      fault = plan.fault
      if (plan.delayMs > 0) await sleep(plan.delayMs)
      if (plan.before !== undefined && silence(plan.before, res)) {
        status = 0
        return
      }
      if (plan.before !== undefined) throw faultError(plan.before)
      if (bot === undefined) throw unauthorized()
      if (known === undefined) throw new BotApiError(404, 'Not Found: method not found')
      const result = await known.method({ world: this.world, bot, method: known.name, params, events: this.events })
      status = this.answer(res, plan, result)
    } catch (error) {
      if (!(error instanceof BotApiError)) throw error
      status = error.code
      why = error.message
      this.world.count(`errors${error.code}`)
      if (bot !== undefined && params !== undefined && known?.name.startsWith('send') === true && known.name !== 'sendChatAction' && isFinal(error)) {
        noteRefusal({ world: this.world, bot, method: known.name, params, events: this.events }, error.code, error.message)
      }
      sendError(res, error)
    } finally {
      this.record(operation, bot, params, status, Math.round(performance.now() - began), fault, why)
    }
  }

  /** Returns the status for the log: 0 when the answer is withheld. */
  private answer(res: ServerResponse, plan: Plan, result: unknown): number {
    if (plan.after === undefined) {
      sendJson(res, 200, { ok: true, result })
      return 200
    }
    if (silence(plan.after, res)) return 0
    throw faultError(plan.after)
  }

  private async download(req: IncomingMessage, res: ServerResponse, token: string, path: string): Promise<void> {
    req.resume()
    const began = performance.now()
    const plan = planOf(this.world.faults.strike('requests', { operation: 'file', account: token.split(':')[0] }))
    if (plan.delayMs > 0) await sleep(plan.delayMs)
    const bot = wellFormedToken.test(token) ? this.world.botOf(token) : undefined
    const struck = plan.before ?? plan.after
    let status = 0
    if (struck === undefined || !silence(struck, res)) {
      const record = bot === undefined ? undefined : this.world.files.findPath(bot.id, path)
      const stored = record === undefined ? undefined : this.world.files.stored(record)
      const error = struck === undefined ? (bot === undefined ? unauthorized() : stored === undefined ? notFound() : undefined) : faultError(struck)
      status = error?.code ?? 200
      if (error !== undefined) sendError(res, error)
      // the file server does not know types: a connector must take them from the message
      else if (stored !== undefined) sendBytes(res, 200, 'application/octet-stream', stored.bytes)
    }
    this.world.count('downloads')
    this.record('file', bot, undefined, status, Math.round(performance.now() - began), plan.fault, undefined)
  }

  private record(
    operation: string,
    bot: Bot | undefined,
    params: Params | undefined,
    status: number,
    ms: number,
    fault: string | undefined,
    why: string | undefined,
  ): void {
    const guest = params?.text('chat_id') ?? ''
    this.world.count('requests')
    this.world.context.exchanges.record({
      simulator: 'telegram',
      direction: 'request',
      operation,
      ...(bot === undefined ? {} : { account: String(bot.id) }),
      ...(guest === '' ? {} : { guest }),
      status,
      ms,
      ...(fault === undefined ? {} : { fault }),
      ...(why === undefined ? {} : { why }),
      at: this.world.context.now().toISOString(),
    })
  }
}

/** 429 and 5xx come again by themselves; the others are what the guest never gets. */
function isFinal(error: BotApiError): boolean {
  return error.code !== 429 && error.code < 500
}

function faultError(hit: Hit): BotApiError {
  switch (hit.kind) {
    case 'rateLimit':
      return tooManyRequests(Number(hit.params.retryAfterSeconds))
    case 'badToken':
      return unauthorized()
    case 'blocked':
      if (hit.params.reason === 'notFound') return badRequest('chat not found')
      return forbidden(hit.params.reason === 'deactivated' ? 'user is deactivated' : 'bot was blocked by the user')
    default:
      return new BotApiError(Number(hit.params.status ?? 500), hit.params.status === 502 ? 'Bad Gateway' : 'Internal Server Error: restart')
  }
}

function sendError(res: ServerResponse, error: BotApiError): void {
  const retryAfter = error.parameters?.retry_after
  sendJson(
    res,
    error.code,
    { ok: false, error_code: error.code, description: error.message, ...(error.parameters === undefined ? {} : { parameters: error.parameters }) },
    retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
  )
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    return part ?? ''
  }
}
