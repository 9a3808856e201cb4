import type { LabContext } from '../../kit/context.ts'
import type { Hit } from '../../kit/faults/board.ts'
import { imageFacts } from '../../kit/image.ts'
import type { ApiAnswer, ApiOperation, ApiRequest } from '../../kit/messenger/index.ts'
import { type Chat, keepMedia, type WechatAccount } from './account.ts'
import { WechatError } from './errors.ts'
import { codeOf } from './fault-kinds.ts'
import type { Sending } from './sending.ts'
import { bodyOf, type TokenDesk } from './tokens.ts'

export interface ApiParts {
  context: LabContext
  sending: Sending
  tokens: TokenDesk
  accounts(): WechatAccount[]
  find(account: string, guest: string): Chat | undefined
  url(): string
}
interface Call {
  parts: ApiParts
  account: WechatAccount
  request: ApiRequest
}
type Handler = (call: Call) => ApiAnswer | Promise<ApiAnswer>
const ok = (json: object): ApiAnswer => ({ status: 200, json })

const routes: Readonly<Record<string, { name: string; handle: Handler }>> = {
  'POST /cgi-bin/message/custom/send': { name: 'send', handle: ({ parts, account, request }) => parts.sending.send(account, request) },
  'POST /cgi-bin/message/custom/typing': { name: 'typing', handle: ({ parts, account, request }) => parts.sending.typing(account, request) },
  'POST /cgi-bin/media/upload': { name: 'upload', handle: upload },
  'GET /cgi-bin/media/get': { name: 'download', handle: download },
  'GET /cgi-bin/user/info': { name: 'profile', handle: profile },
  'GET /cgi-bin/get_api_domain_ip': { name: 'addresses', handle: () => ok({ ip_list: ['203.0.113.10', '203.0.113.11'] }) },
}
/** Without an access token: they are where it comes from. */
const open: Readonly<Record<string, { name: string; handle: (desk: TokenDesk, request: ApiRequest) => ApiAnswer }>> = {
  '/cgi-bin/stable_token': { name: 'stableToken', handle: (desk, request) => desk.stable(request) },
  '/cgi-bin/token': { name: 'token', handle: (desk, request) => desk.classic(request) },
}
const publicMedia = /^\/mmbiz\/([\w-]+)$/
export const operations: readonly string[] = [
  ...[...Object.values(routes), ...Object.values(open)].map(({ name }) => name),
  ...['text', 'image', 'voice', 'video', 'location', 'subscribe', 'unsubscribe'],
]

export function operationOf(parts: ApiParts, request: ApiRequest): ApiOperation {
  const free = open[request.path]
  if (free !== undefined) return { name: free.name, carryOut: () => said(() => free.handle(parts.tokens, request)) }
  const [, file] = publicMedia.exec(request.path) ?? []
  if (file !== undefined) return { name: 'file', carryOut: () => fileOf(parts, file) }
  const found = routes[`${request.method} ${request.path}`]
  if (found === undefined) return { name: 'unknown', carryOut: () => ({ status: 404, json: {}, why: 'not a path of the API' }) }
  const account = whose(parts, request)
  return {
    name: found.name,
    account: account?.id,
    guest: request.query.get('openid') ?? guestOf(request),
    carryOut: () => said(() => found.handle({ parts, account: parts.tokens.accountOf(request.query.get('access_token')), request })),
  }
}
function whose({ tokens }: ApiParts, request: ApiRequest): WechatAccount | undefined {
  try {
    return tokens.accountOf(request.query.get('access_token'))
  } catch {
    return undefined
  }
}
function guestOf(request: ApiRequest): string | undefined {
  if (request.method !== 'POST' || request.path === '/cgi-bin/media/upload') return undefined
  try {
    const { touser } = bodyOf(request)
    return typeof touser === 'string' ? touser : undefined
  } catch {
    return undefined
  }
}
async function said(work: () => ApiAnswer | Promise<ApiAnswer>): Promise<ApiAnswer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof WechatError) return error.answer
    throw error
  }
}

/** How WeChat words a fault. */
export function refuse({ kind, params }: Hit): ApiAnswer {
  const code = codeOf[kind]
  return code === undefined ? { status: Number(params.status) || 500, json: {}, why: 'server error' } : new WechatError(code).answer
}

/** https://developers.weixin.qq.com/doc/service/en/api/material/temporary/api_uploadtempmedia.html */
const uploads: Readonly<Record<string, { maxBytes: number; mimes: RegExp }>> = {
  image: { maxBytes: 10e6, mimes: /^image\/(png|jpeg|gif)$/ },
  voice: { maxBytes: 2e6, mimes: /^audio\/(amr|mpeg|mp3)$/ },
  video: { maxBytes: 10e6, mimes: /^video\/mp4$/ },
  thumb: { maxBytes: 64 * 1024, mimes: /^image\/jpeg$/ },
}
async function upload({ parts, account, request }: Call): Promise<ApiAnswer> {
  const type = request.query.get('type') ?? ''
  const limits = uploads[type]
  if (limits === undefined) throw new WechatError(40004)
  const form = await request.multipart().catch(() => undefined)
  const file = form?.get('media')
  if (!(file instanceof File) || file.size === 0) throw new WechatError(41005)
  const bytes = Buffer.from(await file.arrayBuffer())
  // of pictures it looks at the bytes
  if (!limits.mimes.test(imageFacts(bytes)?.mime ?? file.type) || !/\.\w{3,4}$/.test(file.name)) throw new WechatError(40005)
  if (bytes.length > limits.maxBytes) throw new WechatError(type === 'image' ? 40009 : 45001)
  const now = parts.context.now().getTime()
  const id = keepMedia(account, parts.context.media.put({ bytes, mime: file.type, name: file.name }).id, type, now)
  return ok({ type, [type === 'thumb' ? 'thumb_media_id' : 'media_id']: id, created_at: Math.floor(now / 1000) })
}
/** Films lie elsewhere, for everybody. https://developers.weixin.qq.com/doc/service/en/api/material/temporary/api_gettempmedia.html */
function download({ parts, account, request }: Call): ApiAnswer {
  const known = account.data.media.get(request.query.get('media_id') ?? '')
  const stored = known === undefined || known.until <= parts.context.now().getTime() ? undefined : parts.context.media.get(known.media)
  if (stored === undefined) throw new WechatError(40007)
  if (known?.type === 'video') return ok({ video_url: `${parts.url()}/mmbiz/${stored.id}` })
  const headers = { 'Content-disposition': `attachment; filename="${known?.type === 'voice' ? 'voice.amr' : 'image.jpg'}"` }
  return { status: 200, headers, bytes: { mime: stored.mime, body: stored.bytes } }
}
function fileOf({ context }: ApiParts, id: string): ApiAnswer {
  const stored = context.media.get(id)
  return stored === undefined ? { status: 404, json: {}, why: 'no such file' } : { status: 200, bytes: { mime: stored.mime, body: stored.bytes } }
}
/** https://developers.weixin.qq.com/doc/service/en/api/usermanage/userinfo/api_userinfo.html */
function profile({ parts, account, request }: Call): ApiAnswer {
  const openid = request.query.get('openid') ?? ''
  const chat = parts.find(account.id, openid)
  if (chat === undefined) throw new WechatError(40003)
  const { name, language = 'en', data } = chat.guest
  if (chat.blocked) return ok({ subscribe: 0, openid, unionid: data.unionId })
  return ok({
    ...{ subscribe: 1, openid, nickname: account.data.tellsNames ? name : '', sex: 0, language: language.replace('-', '_') },
    ...{ city: '', province: '', country: '', headimgurl: '', subscribe_time: Math.floor(data.subscribedAt / 1000), unionid: data.unionId, remark: '' },
    ...{ groupid: 0, tagid_list: [], subscribe_scene: data.scene === '' ? 'ADD_SCENE_SEARCH' : 'ADD_SCENE_QR_CODE', qr_scene: 0, qr_scene_str: data.scene },
  })
}
