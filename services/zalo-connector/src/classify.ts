import type { Failure, PlatformAnswer, PlatformCall } from '@um/shared/contract'
import { otherwise, statusFailure } from '@um/shared/kit'
import { Answer } from './schema.ts'
import { tokenPath } from './tokens.ts'

/** Zalo names no time to wait: the limit is one of a minute. */
const waitSeconds = 60

type Judge = (why: string, call: PlatformCall) => Failure
const rules: readonly (readonly [Judge, ...number[]])[] = [
  [why => ({ kind: 'rateLimited', why, afterSeconds: waitSeconds, scope: 'tenant' }), -32],
  [why => ({ kind: 'retryable', why, certain: true }), -200],
  [why => ({ kind: 'unauthorized', why }), -216, -220],
  [why => ({ kind: 'subscription', why }), -124, -204, -205, -209, -212, -219, -221, -235, -242],
  [why => ({ kind: 'recipient', why, code: 'window' }), -230, -232],
  [why => ({ kind: 'recipient', why, code: 'blocked' }), -213, -217, -227, -244],
  // what the account may send is used up, or this is not in its plan or not paid: people have to know, and what is free goes on
  [why => ({ kind: 'content', why, code: 'subscription' }), -211, -223, -224, -320, -321],
  [why => ({ kind: 'content', why, code: 'rateLimited' }), -218],
  [(why, call) => otherwise(call, ['again', 'link'], why, 'content'), -100],
  [(why, call) => otherwise(call, ['link'], why, 'content'), -201, -210, -233, -248],
]
/** https://developers.zalo.me/docs/official-account/phu-luc/ma-loi */
const judges = new Map(rules.flatMap(([judge, ...codes]) => codes.map(code => [code, judge] as const)))

/** HTTP tells nearly nothing: Zalo answers 200 and says in `error` what it thinks. */
export function classify(answer: PlatformAnswer, call: PlatformCall): Failure | undefined {
  const known = Answer.safeParse(answer.body).data
  const code = known?.error
  const words = known?.error_description ?? known?.error_name ?? known?.message
  const why = `Zalo: ${[code, words].filter(Boolean).join(' ') || `HTTP ${answer.status}`}`.slice(0, 300)
  const isRefused = Boolean(code) && answer.status < 500
  // a token that is not renewed is for people to mend
  if (call.path === tokenPath && code !== -32 && (isRefused || (answer.status >= 400 && answer.status < 429))) return { kind: 'subscription', why }
  if (isRefused) return judges.get(code ?? 0)?.(why, call) ?? { kind: 'content', why }
  if (known !== undefined && answer.status < 300) return undefined
  // of a 5xx only a gateway that waited in vain cannot know what became of it
  return statusFailure(answer, call, why, { waitSeconds, isCertain: status => status >= 500 && status !== 504 })
}
