import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { LabContext } from '../../kit/context.ts'
import type { Hit } from '../../kit/faults/board.ts'
import type { ApiAnswer, ApiOperation, ApiRequest } from '../../kit/messenger/index.ts'
import type { Poster } from '../../kit/poster.ts'
import { type LineLimits, takeOf } from './account.ts'
import * as errors from './errors.ts'
import type { Sending } from './sending.ts'
import type { TokenDesk } from './tokens.ts'
import { readMessages } from './validate.ts'
import { envelopeOf, headersOf, type LineAccount, sign } from './webhook.ts'

export interface ApiParts {
  context: LabContext
  poster: Poster
  sending: Sending
  tokens: TokenDesk
  limits: LineLimits
  requireHttps: boolean
  accounts(): LineAccount[]
  setWebhook(account: LineAccount, url: string): void
}
interface Call {
  parts: ApiParts
  account: LineAccount
  request: ApiRequest
  /** groups of the path's pattern */
  ids: string[]
}
type Handler = (call: Call) => ApiAnswer | Promise<ApiAnswer>
interface Route {
  method: string
  path: RegExp
  name: string
  handle: Handler
}
/** LINE's own words for a path: `/v2/bot/profile/{}`. */
function route(method: string, path: string, name: string, handle: Handler): Route {
  return { method, path: new RegExp(`^${path.replaceAll('{}', '([^/]+)')}$`), name, handle }
}
const ok = (json: object): ApiAnswer => ({ status: 200, json })

const pictures = '/profile-pictures/'

const routes: readonly Route[] = [
  route('POST', '/v2/bot/message/push', 'push', ({ parts, account, request }) => parts.sending.push(account, request)),
  route('POST', '/v2/bot/message/reply', 'reply', ({ parts, account, request }) => parts.sending.reply(account, request)),
  route('POST', '/bot/pnp/push', 'pnpPush', ({ parts, account, request }) => parts.sending.byPhone(account, request)),
  route('POST', '/v2/bot/message/pnp/templated/push', 'pnpTemplate', ({ parts, account, request }) => parts.sending.byTemplate(account, request)),
  route('POST', '/v2/bot/message/validate/(?:push|reply|multicast)', 'validate', ({ parts, request }) => {
    readMessages(bodyOf(request).messages, parts)
    return ok({})
  }),
  route('POST', '/v2/bot/chat/loading/start', 'loading', ({ parts, account, request }) => {
    if (takeOf(account.data, 'loading', parts.limits.loadingPerSecond, parts.context.now().getTime()) > 0) throw errors.rateLimited()
    return parts.sending.loading(account, request)
  }),
  route('POST', '/v2/bot/chat/markAsRead', 'markAsRead', ({ account, request }) => {
    if (!account.data.readTokens.has(String(bodyOf(request).markAsReadToken))) throw errors.invalidProperty('markAsReadToken')
    return ok({})
  }),
  route('POST', '/v2/bot/message/markAsRead', 'markAsReadOfUser', ({ parts, account, request }) => {
    const chat = z.object({ chat: z.object({ userId: z.string() }) }).safeParse(bodyOf(request))
    if (!chat.success || parts.sending.chatOf(account, chat.data.chat.userId) === undefined) throw errors.invalidProperty('chat')
    return ok({})
  }),
  route('GET', '/v2/bot/info', 'botInfo', ({ account }) =>
    ok({ userId: account.id, basicId: `@${account.username ?? 'acme'}`, displayName: account.name, chatMode: 'bot', markAsReadMode: 'manual' }),
  ),
  route('GET', '/v2/bot/profile/{}', 'profile', ({ parts, account, request, ids: [id = ''] }) => {
    const chat = parts.sending.chatOf(account, id)
    if (chat === undefined || chat.blocked) throw errors.notFound()
    const { name, language, avatar } = chat.guest
    const picture = avatar === undefined ? undefined : parts.context.media.get(avatar)
    return ok({
      userId: id,
      displayName: name,
      ...(language === undefined ? {} : { language }),
      ...(picture === undefined ? {} : { pictureUrl: `http://${request.headers.host}${pictures}${picture.id}` }),
    })
  }),
  route('GET', '/v2/bot/message/{}/content', 'content', ({ parts, account, ids: [id = ''] }) => {
    const { bytes, mime } = contentOf(parts, account, id)
    return { status: 200, bytes: { mime, body: bytes } }
  }),
  route('GET', '/v2/bot/message/{}/content/transcoding', 'transcoding', ({ parts, account, ids: [id = ''] }) => {
    contentOf(parts, account, id)
    return ok({ status: 'succeeded' })
  }),
  route('GET', '/v2/bot/channel/webhook/endpoint', 'getEndpoint', ({ account }) => {
    if (account.webhookUrl === '') throw errors.notFound()
    return ok({ endpoint: account.webhookUrl, active: account.data.webhookActive })
  }),
  route('PUT', '/v2/bot/channel/webhook/endpoint', 'setEndpoint', ({ parts, account, request }) => {
    parts.setWebhook(account, endpointOf(bodyOf(request).endpoint, parts))
    return ok({})
  }),
  route('POST', '/v2/bot/channel/webhook/test', 'testEndpoint', testEndpoint),
  route('GET', '/v2/bot/message/quota', 'quota', ({ account: { data } }) =>
    ok(data.quota === undefined ? { type: 'none' } : { type: 'limited', value: data.quota }),
  ),
  route('GET', '/v2/bot/message/quota/consumption', 'consumption', ({ account: { data } }) => ok({ totalUsage: data.used })),
  route('POST', '/v2/bot/admin/switcher/switch', 'switch', ({ parts, account, request }) => parts.sending.switchUser(account, request)),
]
/** Without a bearer token: they are where tokens come from. */
const open: Readonly<Record<string, { name: string; handle: (desk: TokenDesk, request: ApiRequest) => ApiAnswer }>> = {
  'POST /oauth2/v3/token': { name: 'statelessToken', handle: (desk, request) => desk.stateless(request.form()) },
  'POST /oauth2/v2.1/token': { name: 'token', handle: (desk, request) => desk.versionTwoOne(request.form()) },
  'POST /oauth2/v2.1/revoke': { name: 'revoke', handle: (desk, request) => desk.revokeVersionTwoOne(request.form()) },
  'GET /oauth2/v2.1/verify': { name: 'verify', handle: (desk, request) => desk.verifyVersionTwoOne(request.query) },
  'POST /v2/oauth/accessToken': { name: 'shortLivedToken', handle: (desk, request) => desk.shortLived(request.form()) },
  'POST /v2/oauth/revoke': { name: 'revokeShortLived', handle: (desk, request) => desk.revokeShortLived(request.form()) },
}
export const operations: readonly string[] = [
  ...routes.map(({ name }) => name),
  ...Object.values(open).map(({ name }) => name),
  ...['message', 'postback', 'follow', 'unfollow', 'unsend', 'delivery'],
]

export function operationOf(parts: ApiParts, request: ApiRequest): ApiOperation {
  const free = open[`${request.method} ${request.path}`]
  if (free !== undefined) return { name: free.name, carryOut: () => said(() => free.handle(parts.tokens, request)) }
  if (request.path.startsWith(pictures)) return { name: 'picture', carryOut: () => pictureOf(parts, request.path.slice(pictures.length)) }
  const found = routes.find(each => each.method === request.method && each.path.test(request.path))
  if (found === undefined) return { name: 'unknown', carryOut: () => errors.notFound().answer }
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const channel = token === undefined ? undefined : parts.tokens.find(token)
  const account = parts.accounts().find(each => each.data === channel)
  const ids = (found.path.exec(request.path) ?? []).slice(1)
  return {
    name: found.name,
    account: account?.id,
    guest: guestOf(parts, account, request) ?? ids[0],
    carryOut: () => (account === undefined ? errors.badToken().answer : said(() => found.handle({ parts, account, request, ids }))),
  }
}
async function said(work: () => ApiAnswer | Promise<ApiAnswer>): Promise<ApiAnswer> {
  try {
    const answer = await work()
    return { ...answer, headers: { ...answer.headers, 'x-line-request-id': randomUUID() } }
  } catch (error) {
    if (error instanceof errors.LineError || error instanceof errors.TokenError) return error.answer
    throw error
  }
}

/** How LINE words a fault. */
export function refuse({ kind, params }: Hit, request: ApiRequest): ApiAnswer {
  switch (kind) {
    case 'rateLimit':
      return errors.rateLimited({ 'Retry-After': String(params.retryAfterSeconds) }).answer
    case 'badToken':
      return errors.badToken().answer
    case 'monthlyLimit':
      return errors.monthlyLimit().answer
    case 'noContract':
      return errors.noContract().answer
    case 'withdrawn':
      return errors.withdrawn().answer
    case 'unknownGuest':
      return new errors.LineError(400, 'Failed to send messages').answer
    case 'preparing':
      return request.path.endsWith('/transcoding') ? ok({ status: 'processing' }) : { status: 202, json: {} }
    default:
      return new errors.LineError(Number(params.status) || 500, 'Internal Server Error').answer
  }
}

/** The body as an object; what is none is LINE's 400. */
export function bodyOf(request: ApiRequest): Record<string, unknown> {
  try {
    const read = z.record(z.string(), z.unknown()).safeParse(request.json())
    if (read.success) return read.data
  } catch {
    // falls through to the same answer
  }
  throw new errors.LineError(400, 'The request body could not be parsed as JSON (line: 1, column: 1)')
}
function guestOf({ sending }: ApiParts, account: LineAccount | undefined, request: ApiRequest): string | undefined {
  if (request.method !== 'POST' || account === undefined) return undefined
  try {
    const { to, chatId, userId, replyToken } = bodyOf(request)
    return [to, chatId, userId].find(value => typeof value === 'string') ?? sending.guestOfReply(account, replyToken)
  } catch {
    return undefined
  }
}
function contentOf({ context }: ApiParts, { data }: LineAccount, id: string): { bytes: Buffer; mime: string } {
  const content = data.contents.get(id)
  if (content?.gone) throw errors.withdrawn()
  const stored = content && context.media.get(content.media)
  if (stored === undefined) throw errors.notFound()
  return stored
}
/** Profile pictures are public. */
function pictureOf({ context }: ApiParts, id: string): ApiAnswer {
  const stored = context.media.get(id)
  return stored === undefined ? errors.notFound().answer : { status: 200, bytes: { mime: stored.mime, body: stored.bytes } }
}

function endpointOf(value: unknown, { requireHttps }: ApiParts): string {
  const isGood = typeof value === 'string' && value.length <= 500 && URL.canParse(value) && (requireHttps ? /^https:/ : /^https?:/).test(value)
  if (!isGood) throw new errors.LineError(400, 'Invalid webhook endpoint URL')
  return value
}
/** Posts an empty webhook, as the console's Verify button does. */
async function testEndpoint({ parts, account, request }: Call): Promise<ApiAnswer> {
  const { endpoint = account.webhookUrl } = bodyOf(request)
  const url = endpointOf(endpoint, parts)
  const body = envelopeOf(account, [])
  const { status, why } = await parts.poster.post(url, headersOf(sign(body, account.data.channelSecret)), body)
  const success = status >= 200 && status < 300
  const reason = success ? 'OK' : status > 0 ? 'ERROR_STATUS_CODE' : why === 'no answer in time' ? 'REQUEST_TIMEOUT' : 'COULD_NOT_CONNECT'
  return ok({ success, timestamp: parts.context.now().toISOString(), statusCode: status, reason, detail: success ? String(status) : why.slice(0, 200) })
}
