import type { LabContext } from '../../kit/context.ts'
import type { Hit } from '../../kit/faults/board.ts'
import type { ApiAnswer, ApiOperation, ApiRequest } from '../../kit/messenger/index.ts'
import type { Chat, Oa } from './account.ts'
import { said, tokenError, ZaloError } from './errors.ts'
import { refusalCodes } from './fault-kinds.ts'
import type { Sending, UploadKind } from './sending.ts'
import type { TokenDesk } from './tokens.ts'

export interface ApiParts {
  context: LabContext
  sending: Sending
  tokens: TokenDesk
  find(account: Oa, guest: string): Chat | undefined
  address(media: string): string
}
const events = ['user_send_text', 'user_send_image', 'user_seen_message', 'user_received_message', 'follow', 'unfollow', 'oa_send_text', 'user_submit_info']
export const operations: readonly string[] = ['message', 'upload', 'detail', 'getoa', 'permission', 'token', 'download', ...events]

/** https://developers.zalo.me/docs/official-account/ */
export function operationOf(parts: ApiParts, request: ApiRequest): ApiOperation {
  const { method, path, query, headers } = request
  const { tokens } = parts
  const token = header(headers.access_token)
  const account = tokens.find(token)?.id
  const authorized = (name: string, work: (own: Oa) => object | Promise<object>, guest?: string): ApiOperation => ({
    ...{ name, account, guest },
    carryOut: () => said(() => work(tokens.accountOf(token, header(headers.appsecret_proof)))),
  })
  const file = /^\/cdn\/([^/]+)$/.exec(path)?.[1]
  const upload = /^\/v2\.0\/oa\/upload\/(image|gif|file)$/.exec(path)?.[1] as UploadKind | undefined
  if (file !== undefined) return { name: 'download', carryOut: () => download(parts, file) }
  if (upload !== undefined && method === 'POST') return authorized('upload', async own => parts.sending.upload(own, upload, await request.multipart()))
  switch (`${method} ${path}`) {
    case 'GET /v4/oa/permission':
      return { name: 'permission', carryOut: () => tokens.permissionPage(query) }
    case 'GET /v4/oa/answer':
      return { name: 'permission', carryOut: () => tokens.allowed(query) }
    case 'POST /v4/oa/access_token':
      return { name: 'token', carryOut: () => tokens.exchange(request.form(), header(headers.secret_key)) }
    case 'GET /v2.0/oa/getoa':
      return authorized('getoa', own => ({ oa_id: own.id, name: own.name, is_verified: true }))
    case 'GET /v3.0/oa/user/detail': {
      const guest = guestIn(query.get('data'), 'user_id')
      return authorized('detail', own => detail(parts, own, guest ?? ''), guest)
    }
    case 'POST /v3.0/oa/message/cs': {
      const body = jsonOf(request)
      const { recipient } = Object(body) as { recipient?: { user_id?: string } }
      return authorized('message', own => parts.sending.send(own, body), recipient?.user_id)
    }
    default:
      return { name: 'unknown', carryOut: () => ({ status: 404, json: { error: 404, message: 'empty api' } }) }
  }
}

/** How Zalo words a fault. What stands before it (429, 5xx) has no words of Zalo. */
export function refuse({ kind, params }: Hit, { path }: ApiRequest): ApiAnswer {
  const [code, message] = refusalCodes.get(kind) ?? [0, '']
  if (code !== 0) return path === '/v4/oa/access_token' ? tokenError(code, message) : new ZaloError(code, message).answer
  if (kind === 'rateLimit') return { status: 429, json: {}, headers: { 'Retry-After': String(params.retryAfterSeconds) }, why: 'too many requests' }
  const status = Number(params.status) || 500
  return { status, json: {}, why: `HTTP ${status}` }
}

function detail(parts: ApiParts, account: Oa, guest: string): object {
  const chat = parts.find(account, guest)
  if (chat === undefined) throw new ZaloError(-201, 'user_id is invalid')
  const { name, avatar, data } = chat.guest
  const picture = avatar === undefined ? '' : parts.address(avatar)
  return {
    ...{ user_id: guest, user_id_by_app: '5120098877665544332', display_name: name, user_alias: '', user_is_follower: data.follows },
    ...{ avatar: picture, avatars: { '120': picture, '240': picture }, shared_info: { name: '', phone: 0, address: '', city: '', district: '' } },
  }
}
/** Public, for whoever knows the address. */
function download({ context }: ApiParts, id: string): ApiAnswer {
  const stored = context.media.get(id)
  return stored === undefined ? { status: 404, json: {} } : { status: 200, bytes: { mime: stored.mime, body: stored.bytes } }
}
function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
function jsonOf(request: ApiRequest): unknown {
  try {
    return request.json()
  } catch {
    return undefined
  }
}
function guestIn(text: string | null, name: string): string | undefined {
  try {
    return String((Object(JSON.parse(text ?? '')) as Record<string, unknown>)[name])
  } catch {
    return undefined
  }
}
