import {
  type BudgetRule,
  CallFailed,
  type Context,
  type InboundEvent,
  type MediaRef,
  type OpenMedia,
  type PlatformCall,
  type Profile,
  present,
  type Recipient,
  type SentFacts,
  type SettingsOf,
} from '@um/shared/contract'
import { z } from 'zod'
import { isPerson, keyOf, messageNumber } from './chats.ts'
import type { telegram } from './definition.ts'
import { chatOf, method } from './plan.ts'
import { Chat, ProfilePhotos, RemoteFile, resultOf } from './schema.ts'
import type { Tenant } from './webhook.ts'

type Settings = SettingsOf<typeof telegram>
type Ctx = Context<Settings>

export function bases({ apiUrl, apiToken }: Settings): { api: string } {
  return { api: `${apiUrl}/bot${apiToken}` }
}

const Sent = resultOf(z.object({ message_id: Chat.shape.id, chat: Chat, business_connection_id: z.string().optional() }))
export function sent(answer: unknown): SentFacts {
  const message = Sent.safeParse(answer)
  if (!message.success) return {}
  const { chat, message_id, business_connection_id } = message.data.result
  return { id: keyOf(chat.id, message_id, business_connection_id) }
}

/** https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
export function budgets(call: PlatformCall, to: Recipient | undefined, { settings }: Tenant): BudgetRule[] {
  const bot = settings.apiToken.split(':')[0] ?? ''
  if (!/^\/(?:send(?!ChatAction)|editMessageText)/.test(call.path)) return []
  const all: BudgetRule = { key: bot, limit: 30, perSeconds: 1 }
  if (to === undefined) return [all]
  const chat = `${bot}:${to.guest}`
  const burst: BudgetRule = { key: chat, limit: 3, perSeconds: 3, scope: 'guest' }
  return isPerson(to.guest) ? [all, burst] : [all, burst, { key: `${chat}:minute`, limit: 20, perSeconds: 60, scope: 'guest' }]
}

/** Queries want an answer at once, and a keyboard goes when it has been used; Start is greeted. */
export function respond(event: InboundEvent, { settings }: Tenant): PlatformCall[] {
  const [query = '', id = ''] = event.id.split(':')
  const to = { guest: event.guest, address: event.address ?? {} }
  if (query === 'callback') {
    const of = event.type === 'message' && event.content.kind === 'choice' ? event.content.of : undefined
    const answer = method('answerCallbackQuery', { callback_query_id: id }, { idempotent: true })
    if (of === undefined) return [answer]
    return [
      answer,
      method('editMessageReplyMarkup', { ...chatOf(to), message_id: messageNumber(of), reply_markup: { inline_keyboard: [] } }, { idempotent: true }),
    ]
  }
  const refusal = { ok: false, error_message: 'Payments are not supported here.' }
  if (query === 'pre_checkout_query') return [method('answerPreCheckoutQuery', { pre_checkout_query_id: id, ...refusal }, { idempotent: true })]
  if (query === 'shipping_query') return [method('answerShippingQuery', { shipping_query_id: id, ...refusal }, { idempotent: true })]
  const isStart = event.type === 'lifecycle' && (event.change === 'started' || event.change === 'follow')
  return isStart && settings.welcomeText !== undefined ? [method('sendMessage', { ...chatOf(to), text: settings.welcomeText })] : []
}

export async function profile(guest: string, ctx: Ctx): Promise<Profile> {
  if (!isPerson(guest)) return {}
  const found = await ctx.http.call(method('getUserProfilePhotos', { user_id: Number(guest), limit: 1 }, { idempotent: true }), resultOf(ProfilePhotos))
  const picture = found.result.photos[0]?.at(-1)
  if (!picture) return {}
  const opened = await ctx.media.open({ platformId: picture.file_id, mime: 'image/jpeg', name: `avatar-${guest}.jpg` })
  return { avatar: await ctx.media.keep(opened, guest, `avatar-${picture.file_unique_id ?? picture.file_id}`) }
}

/** The file's address holds the token: it is opened here and never told to anybody. https://core.telegram.org/bots/api#getfile */
export async function download(media: MediaRef, ctx: Ctx): Promise<OpenMedia> {
  if ('url' in media) return ctx.media.open(media)
  const getFile = (): Promise<{ result: z.infer<typeof RemoteFile> }> =>
    ctx.http.call(method('getFile', { file_id: media.platformId }, { idempotent: true }), resultOf(RemoteFile))
  const { result } = await getFile().catch(error => {
    if (error instanceof CallFailed && error.failure.kind === 'content' && error.failure.code === 'unavailable') return getFile()
    throw error
  })
  if (result.file_path === undefined) throw new CallFailed({ kind: 'content', code: 'unavailable', why: 'Telegram does not give the file away' })
  const { apiUrl, apiToken } = ctx.tenant.settings
  const opened = await ctx.media.open({ url: `${apiUrl}/file/bot${apiToken}/${encodeURI(result.file_path)}` })
  // the file server knows neither name nor type: the message did
  return { ...opened, ...present({ name: media.name ?? opened.name, mime: media.mime ?? opened.mime, size: opened.size ?? result.file_size }) }
}
