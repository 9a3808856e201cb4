import { z } from 'zod'
import type { LabContext } from '../../kit/context.ts'
import type { Hit } from '../../kit/faults/board.ts'
import type { ApiAnswer, ApiOperation, ApiRequest } from '../../kit/messenger/index.ts'
import type { Poster } from '../../kit/poster.ts'
import { allEvents, compulsoryEvents, exactJson, takeOf, type ViberAccount, type ViberLimits } from './account.ts'
import { objectOf, type Sending } from './sending.ts'
import { answerOf, type StatusName, statuses, ViberError } from './status.ts'
import { callbackOf, headersOf, sign, signedUrl } from './webhook.ts'

export interface ApiParts {
  context: LabContext
  poster: Poster
  sending: Sending
  limits: ViberLimits
  requireHttps: boolean
  accounts(): ViberAccount[]
  setWebhook(account: ViberAccount, url: string): void
}
interface Call {
  parts: ApiParts
  account: ViberAccount
  request: ApiRequest
  body: Record<string, unknown>
}
type Handler = (call: Call) => object | Promise<object>

const maxReceivers = 300
const handlers: Record<string, Handler> = {
  set_webhook: setWebhook,
  send_message: async ({ parts, account, request, body }) => {
    const receiver = z.string().min(1).safeParse(body.receiver)
    if (!receiver.success) throw new ViberError('missingData', 'receiver is missing')
    const message_token = await parts.sending.send(account, receiver.data, body, request.raw.length, 'send_message')
    return { message_token, chat_hostname: 'SN-CHAT-05_', billing_status: 1 }
  },
  broadcast_message: async ({ parts, account, request, body }) => {
    const receivers = z.array(z.string()).min(1).max(maxReceivers).safeParse(body.broadcast_list)
    if (!receivers.success) throw new ViberError('badData', 'broadcast_list must have 1 to 300 receivers')
    const failed_list: object[] = []
    let message_token = ''
    for (const receiver of receivers.data) {
      try {
        message_token = await parts.sending.send(account, receiver, body, request.raw.length, 'broadcast_message')
      } catch (error) {
        if (!(error instanceof ViberError)) throw error
        failed_list.push({ receiver, status: statuses[error.status], status_message: error.message })
      }
    }
    return { ...(message_token === '' ? {} : { message_token }), failed_list }
  },
  get_account_info: ({ account: { data, name, username, webhookUrl } }) => {
    const about = { category: 'Companies, Brands & Products', subcategory: 'Service', country: 'BG', members: [] }
    const { id, eventTypes, subscribers } = data
    return { id, name, uri: username, ...about, webhook: webhookUrl, event_types: eventTypes, subscribers_count: subscribers.size }
  },
  get_user_details: ({ parts, account, body }) => {
    const chat = parts.sending.chatOf(account, String(body.id))
    if (chat === undefined) throw new ViberError('receiverNotRegistered')
    if (!account.data.subscribers.has(chat.guest.id)) throw new ViberError('receiverNotSubscribed')
    const { detailsPerTwelveHours } = parts.limits
    if (!takeOf(account.data.detailCalls, chat.guest.id, detailsPerTwelveHours, 12, parts.context.now().getTime())) throw new ViberError('tooManyRequests')
    const { id, name, language, data } = chat.guest
    const device = { primary_device_os: data.os, device_type: data.device, viber_version: '22.1.0', api_version: data.apiVersion, mcc: 284, mnc: 1 }
    return { user: { id, name, country: data.country, language, ...device } }
  },
  get_online: ({ parts, account, body }) => {
    const ids = z.array(z.string()).max(100).safeParse(body.ids)
    if (!ids.success) throw new ViberError('badData', 'ids must have at most 100 members')
    const known = (id: string): boolean => parts.sending.chatOf(account, id) !== undefined
    return { users: ids.data.map(id => ({ id, online_status: known(id) ? 0 : 4, online_status_message: known(id) ? 'online' : 'unavailable' })) }
  },
}
export const operations: readonly string[] = [...Object.keys(handlers), 'media', ...allEvents]

export function operationOf(parts: ApiParts, request: ApiRequest): ApiOperation {
  const [folder = '', name = '', ...others] = request.path.split('/').slice(1)
  if ((folder === 'media' || folder === 'avatars') && others.length === 0) return { name: 'media', carryOut: () => fileOf(parts, folder, name) }
  const handler = folder === 'pa' && others.length === 0 && Object.hasOwn(handlers, name) ? handlers[name] : undefined
  if (handler === undefined) return { name: 'unknown', carryOut: () => ({ status: 404, json: { error: 'not found' } }) }
  const account = accountOf(parts, request)
  return {
    name,
    account: account?.id,
    guest: receiverOf(request),
    carryOut: () =>
      said(async () => {
        if (account === undefined) throw new ViberError('invalidAuthToken')
        return answerOf('ok', await handler({ parts, account, request, body: objectOf(() => request.json()) }))
      }),
  }
}
async function said(work: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ViberError) return answerOf(error.status, {}, error.message)
    throw error
  }
}
export function accountOf(parts: Pick<ApiParts, 'accounts'>, { headers }: ApiRequest): ViberAccount | undefined {
  return parts.accounts().find(({ data }) => data.token === headers['x-viber-auth-token'])
}
export function receiverOf(request: ApiRequest): string | undefined {
  try {
    const { receiver, id } = objectOf(() => request.json())
    return [receiver, id].find(value => typeof value === 'string')
  } catch {
    return undefined
  }
}

/** How Viber words a fault. */
export function refuse({ kind, params }: Hit): ApiAnswer {
  switch (kind) {
    case 'rateLimit':
      return { ...answerOf('tooManyRequests'), status: 429, headers: { 'Retry-After': String(params.retryAfterSeconds) } }
    case 'refusal':
      return answerOf(String(params.status) as StatusName)
    case 'expired':
      return { status: 404, json: {}, why: 'the link has expired' }
    default:
      return { status: Number(params.status) || 500, bytes: { mime: 'text/html', body: Buffer.from('<html>Internal Server Error</html>') } }
  }
}

/** Tries the address before it is taken: whoever it belongs to must say 200. */
async function setWebhook({ parts, account, body }: Call): Promise<object> {
  const wanted = z
    .object({ url: z.string(), event_types: z.array(z.string()).optional(), send_name: z.boolean().optional(), send_photo: z.boolean().optional() })
    .safeParse(body)
  if (!wanted.success) throw new ViberError('missingData', 'url is missing')
  const { url, event_types: eventTypes = allEvents, send_name: sendName = false, send_photo: sendPhoto = false } = wanted.data
  if (url !== '') await tryAddress(account, url, parts)
  Object.assign(account.data, { eventTypes: [...new Set([...compulsoryEvents, ...eventTypes])], sendName, sendPhoto })
  parts.setWebhook(account, url)
  return url === '' ? {} : { event_types: account.data.eventTypes }
}
async function tryAddress(account: ViberAccount, url: string, { context, poster, requireHttps }: ApiParts): Promise<void> {
  if (!URL.canParse(url) || !(requireHttps ? /^https:/ : /^https?:/).test(url)) throw new ViberError('invalidUrl')
  const trial = exactJson(callbackOf('webhook', context.now().getTime()))
  const signature = sign(trial, account.data.token)
  const { status } = await poster.post(signedUrl(url, signature), headersOf(signature), trial)
  if (status !== 200) throw new ViberError('invalidUrl', `Result from webhook is wrong: ${status}`)
}

/** What guests sent is there for an hour, for whoever has the address. */
function fileOf({ context, accounts }: ApiParts, folder: string, name: string): ApiAnswer {
  const link = folder === 'avatars' ? { media: name, until: Number.POSITIVE_INFINITY } : accounts().flatMap(({ data }) => data.contents.get(name) ?? [])[0]
  const stored = link && link.until > context.now().getTime() ? context.media.get(link.media) : undefined
  return stored === undefined ? { status: 404, json: {} } : { status: 200, bytes: { mime: stored.mime, body: stored.bytes } }
}
