import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { type BudgetRule, defineConnector, type Failure, field, type Implementation, type InboundEvent, type PlatformCall } from '../../src/contract/index.ts'
import type { AnyImplementation, Connector } from '../../src/engine/tenants.ts'

/** Two connectors as small as they get: `alpha` faces guests, `beta` faces agents. Their platform is a FakePlatform. */
const settings = z.strictObject({
  secret: field.secret('Secret'),
  apiUrl: field.url('API URL', 'https://alpha.example'),
  idempotent: field.toggle('Idempotent', true),
  perSecond: field.integer('Budget', { min: 0, max: 100_000, default: 0 }),
})
type Settings = z.infer<typeof settings>
const Payload = z.object({
  id: z.string(),
  guest: z.string(),
  text: z.string().optional(),
  choice: z.string().optional(),
  media: z.string().optional(),
  author: z.enum(['agent', 'guest']).optional(),
  options: z.array(z.string()).optional(),
  receiptOf: z.string().optional(),
  ended: z.boolean().optional(),
})

function implementation(): Implementation<typeof alphaDefinition, Settings> {
  const send = (path: string, body: object, idempotent: boolean): PlatformCall[] => [{ method: 'POST', path, json: body, idempotent }]
  return {
    bases: s => ({ api: s.apiUrl }),
    keys: tenant => [tenant.settings.secret],
    locate: hook => hook.headers.get('x-secret') ?? { refused: 'unauthenticated', why: 'no secret' },
    verify: (hook, tenant) => {
      const given = Buffer.from(hook.headers.get('x-secret') ?? '')
      const wanted = Buffer.from(tenant.settings.secret)
      return given.length === wanted.length && timingSafeEqual(given, wanted) ? undefined : { refused: 'unauthenticated', why: 'wrong secret' }
    },
    parse: hook => {
      const read = Payload.safeParse(JSON.parse(hook.raw.toString('utf8')))
      if (!read.success) return { refused: 'malformed', why: 'not a payload' }
      const { id, guest, text, choice, media, options, receiptOf, ended, author } = read.data
      const base = { id, at: new Date(), guest, from: { displayName: `Guest ${guest}` } }
      if (receiptOf !== undefined) return [{ ...base, type: 'receipt', of: receiptOf, state: 'delivered' }]
      if (ended) return [{ ...base, type: 'lifecycle', change: 'ended' }]
      const message: InboundEvent = {
        ...base,
        type: 'message',
        ...(author === 'agent' ? { author: 'agent' as const, agentName: 'Ann' } : {}),
        content:
          options !== undefined
            ? { kind: 'structured', template: 'quickReplies', text: text ?? '', items: options.map(title => ({ title, payload: `p:${title}` })) }
            : choice !== undefined
              ? { kind: 'choice', payload: choice }
              : media !== undefined
                ? { kind: 'attachment', media: 'image', source: { platformId: media, name: 'a.png' } }
                : { kind: 'text', text: text ?? '' },
      }
      return [message]
    },
    render: {
      text: (content, out) =>
        send('/messages', { key: out.id, to: out.to.guest, text: content.text, name: out.profile.displayName }, out.tenant.settings.idempotent),
      choice: (content, out) => send('/messages', { key: out.id, to: out.to.guest, choice: content.payload, of: content.of }, out.tenant.settings.idempotent),
      typing: (_content, out) => send('/typing', { to: out.to.guest }, true),
    },
    renderReceipt: (receipt, out) => send('/receipts', { of: receipt.of, state: receipt.state, code: receipt.code, to: out.to.guest }, true),
    sent: answer => {
      const read = z.object({ id: z.string() }).safeParse(answer)
      return read.success ? { id: read.data.id } : {}
    },
    receiptWindowSeconds: 3600,
    classify: answer => classify(answer.status, answer.headers.get('retry-after')),
    budgets: (_call, _to, tenant): BudgetRule[] => (tenant.settings.perSecond > 0 ? [{ key: 'all', limit: tenant.settings.perSecond, perSeconds: 1 }] : []),
  }
}
function classify(status: number, retryAfter: string | null): Failure | undefined {
  if (status < 300) return undefined
  if (status === 401) return { kind: 'subscription', why: 'token refused' }
  if (status === 403) return { kind: 'recipient', code: 'blocked', why: 'guest blocked us', optOut: false }
  if (status === 429) return { kind: 'rateLimited', why: 'too many', afterSeconds: Number(retryAfter ?? 1), scope: 'tenant' }
  if (status >= 500) return { kind: 'retryable', certain: true, why: `HTTP ${status}`, ...(retryAfter === null ? {} : { afterSeconds: Number(retryAfter) }) }
  return { kind: 'content', why: `HTTP ${status}` }
}

const alphaDefinition = defineConnector({
  id: 'alpha',
  role: 'messaging',
  label: 'Alpha',
  media: 'Alpha',
  ingress: '/alpha',
  settings,
  capabilities: { text: { level: 'native', maxText: 1000 }, choice: { level: 'native' }, typing: { level: 'native' } },
})
const betaDefinition = defineConnector({ ...alphaDefinition, id: 'beta', role: 'cx', label: 'Beta', media: 'Beta', ingress: '/beta' })
export const alpha: Connector = { definition: alphaDefinition, implementation: implementation() as unknown as AnyImplementation }
export const beta: Connector = { definition: betaDefinition, implementation: implementation() as unknown as AnyImplementation }

export interface Recorded {
  path: string
  body: Record<string, unknown>
  at: number
}
/** Answers 200 with a new id, or what `behave` says; remembers everything. */
export class FakePlatform {
  readonly calls: Recorded[] = []
  behave: (call: Recorded) => { status: number; headers?: Record<string, string>; delayMs?: number } | 'reset' | 'hang' | undefined = () => undefined
  private server: Server | undefined
  private port = 0
  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }
  async start(): Promise<this> {
    this.server = createServer((req, res) => {
      void bodyOf(req).then(body => {
        const call = { path: req.url ?? '', body, at: Date.now() }
        this.calls.push(call)
        const answer = this.behave(call)
        if (answer === 'hang') return
        if (answer === 'reset') return void req.socket.destroy()
        setTimeout(
          () =>
            res
              .writeHead(answer?.status ?? 200, { 'content-type': 'application/json', ...answer?.headers })
              .end(JSON.stringify({ id: `p-${this.calls.length}` })),
          answer?.delayMs ?? 0,
        )
      })
    })
    await new Promise<void>(resolve => this.server?.listen(this.port, '127.0.0.1', () => resolve()))
    this.port = (this.server.address() as AddressInfo).port
    return this
  }
  async stop(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise(resolve => this.server?.close(resolve))
  }
  texts(guest: string): unknown[] {
    return this.calls.filter(call => call.path === '/messages' && call.body.to === guest).map(call => call.body.text)
  }
}
async function bodyOf(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}
