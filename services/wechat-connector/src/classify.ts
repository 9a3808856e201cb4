import type { Failure, PlatformAnswer, PlatformCall, ReasonCode } from '@um/shared/contract'
import { otherwise, statusFailure } from '@um/shared/kit'
import { z } from 'zod'
import { typingPath } from './calls.ts'

/** https://developers.weixin.qq.com/doc/service/en/guide/dev/error_code.html */
const refusedToken = new Set([40001, 40014, 41001, 42001])
const troubles = new Set([40013, 40125, 40164, 48001, 48004, 50002])
const unshown = new Set([45072, 45080, 45081])
/** Why a guest cannot be reached, in words that an agent reads. */
const unreachable = new Map<number, readonly [ReasonCode, string]>([
  [40003, ['unknownGuest', 'the guest is not known']],
  [46004, ['unknownGuest', 'the guest is not known']],
  [43004, ['blocked', 'the guest does not follow the account']],
  [50005, ['blocked', 'the guest does not follow the account']],
  [43019, ['blocked', 'the guest is on the black list of the account']],
  [48002, ['blocked', 'the guest refuses messages of the account']],
  [45015, ['window', 'the guest has not written within 48 hours']],
  [45047, ['window', 'the answers to what the guest wrote last are used up']],
])
const tooLarge = new Set([40006, 40009, 45001, 45002, 45007])
const noMedia = new Set([40004, 40005, 40006, 40007, 40009, 40010, 40011, 40012, 41005, 41006, 44001, 45001, 45007, 40118, 40121, 40137])
const codes = { busy: -1, tooOften: 45011, dailyLimit: 45009, expiredMedia: 40007 } as const
const minute = 60

const Answer = z.looseObject({ errcode: z.number().int().default(0), errmsg: z.string().default('') })

/** Nearly all that WeChat has to say comes with 200. */
export function classify(answer: PlatformAnswer, call: PlatformCall): Failure | undefined {
  const { status, headers, body } = answer
  const { errcode: code = 0, errmsg = '' } = Answer.safeParse(body).data ?? {}
  const isAnswer = typeof body === 'object' && body !== null && !Array.isArray(body)
  const [reason, words] = unreachable.get(code) ?? []
  const said = code === 0 ? `HTTP ${status}` : `${code} ${errmsg}`
  const why = `WeChat: ${words === undefined ? said : `${words} (${said})`}`.slice(0, 300)
  // only a server that says so has surely not taken it
  if (code === 0) return status < 300 && isAnswer ? undefined : statusFailure(answer, call, why, { waitSeconds: minute, isCertain: each => each === 503 })
  if (code === codes.busy) return { kind: 'retryable', why, certain: true }
  if (code === codes.tooOften) return { kind: 'rateLimited', why, afterSeconds: untilNextMinute(headers.get('date')), scope: 'tenant' }
  // until the next day in China: the message fails, and the administrator is told
  if (code === codes.dailyLimit) return { kind: 'content', why, code: 'subscription' }
  if (call.anonymous || troubles.has(code)) return { kind: 'subscription', why }
  if (refusedToken.has(code)) return { kind: 'unauthorized', why }
  if (call.path === typingPath && unshown.has(code)) return undefined
  if (reason !== undefined) return { kind: 'recipient', why, code: reason }
  const isMedia = noMedia.has(code)
  const ways = code === codes.expiredMedia ? ['again', 'link'] : [isMedia ? 'link' : 'text']
  return otherwise(call, ways, why, tooLarge.has(code) ? 'tooLarge' : isMedia ? 'mediaType' : 'content')
}
/** By WeChat's own clock. */
function untilNextMinute(date: string | null): number {
  const told = Date.parse(date ?? '')
  return minute - (Number.isNaN(told) ? 0 : (told / 1000) % minute)
}
