import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabContext } from '../context.ts'
import { readBody, requestUrl, sendBytes, sendJson } from '../exchange.ts'
import type { FaultBoard, Hit } from '../faults/board.ts'
import { planOf, silence } from '../faults/plan.ts'

/** A request of the fleet, read whole. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly raw: Buffer
  /** throws SyntaxError when the body is not JSON */
  json(): unknown
  /** of `application/x-www-form-urlencoded` */
  form(): URLSearchParams
  /** of `multipart/form-data`; rejects when it is not */
  multipart(): Promise<FormData>
}
export interface ApiAnswer {
  status: number
  headers?: Record<string, string>
  json?: unknown
  /** instead of `json` */
  bytes?: { mime: string; body: Buffer }
  /** for the exchange log, when it is a refusal */
  why?: string
}
/** What a request asks for, found out before faults strike and before anything is carried out. */
export interface ApiOperation {
  /** for `where.operation` of faults and the exchange log */
  name: string
  account?: string | undefined
  guest?: string | undefined
  carryOut(): ApiAnswer | Promise<ApiAnswer>
}
export interface ApiServerOptions {
  simulator: string
  context: LabContext
  faults: FaultBoard
  /** What is not an operation of the platform is one that answers 404 in the platform's words. */
  route(request: ApiRequest): ApiOperation | Promise<ApiOperation>
  /** how the platform words a fault: rateLimit, serverError and the platform's own kinds */
  refuse(hit: Hit, request: ApiRequest): ApiAnswer
  /** largest body; default 64 MiB */
  maxBytes?: number
  count(counter: string): void
}

/** The HTTP side of a simulated platform: bodies, faults, the exchange log. What is asked and answered is the platform's own. */
export class ApiServer {
  private readonly options: ApiServerOptions

  constructor(options: ApiServerOptions) {
    this.options = options
  }

  readonly handle = (req: IncomingMessage, res: ServerResponse): void => {
    this.serve(req, res).catch(error => {
      if (!req.complete) return // the client went away in the middle of its request
      this.options.context.report(error, `${this.options.simulator} simulator`)
      sendJson(res, 500, { error: 'the simulator has failed' })
    })
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { faults, route } = this.options
    const began = performance.now()
    const raw = await readBody(req, this.options.maxBytes ?? 64 * 1024 * 1024)
    if (raw === undefined) return sendJson(res, 413, { error: 'the body is too large' })
    const request = requestOf(req, raw)
    const operation = await route(request)
    const plan = planOf(faults.strike('requests', { operation: operation.name, account: operation.account, guest: operation.guest }))
    if (plan.delayMs > 0) await sleep(plan.delayMs)
    const answer = await this.answer(res, request, operation, plan.before, plan.after)
    if (answer !== undefined) {
      if (answer.bytes === undefined) sendJson(res, answer.status, answer.json ?? {}, answer.headers)
      else sendBytes(res, answer.status, answer.bytes.mime, answer.bytes.body, answer.headers)
      if (answer.status >= 400) this.options.count(`errors${answer.status}`)
    }
    this.record(operation, answer, Math.round(performance.now() - began), plan.fault)
  }

  /** undefined: nothing is answered. */
  private async answer(res: ServerResponse, request: ApiRequest, operation: ApiOperation, before: Hit | undefined, after: Hit | undefined) {
    if (before !== undefined) return silence(before, res) ? undefined : this.options.refuse(before, request)
    const answer = await operation.carryOut()
    if (after === undefined) return answer
    return silence(after, res) ? undefined : this.options.refuse(after, request)
  }

  private record({ name, account, guest }: ApiOperation, answer: ApiAnswer | undefined, ms: number, fault: string | undefined): void {
    const { context, simulator, count } = this.options
    count('requests')
    context.exchanges.record({
      simulator,
      direction: 'request',
      operation: name,
      ...(account === undefined ? {} : { account }),
      ...(guest === undefined ? {} : { guest }),
      status: answer?.status ?? 0,
      ms,
      ...(fault === undefined ? {} : { fault }),
      ...(answer?.why === undefined ? {} : { why: answer.why }),
      at: context.now().toISOString(),
    })
  }
}

function requestOf(req: IncomingMessage, raw: Buffer): ApiRequest {
  const url = requestUrl(req)
  const contentType = req.headers['content-type'] ?? ''
  return {
    method: req.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    raw,
    json: () => JSON.parse(raw.toString('utf8')) as unknown,
    form: () => new URLSearchParams(raw.toString('utf8')),
    multipart: () => new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData(),
  }
}
