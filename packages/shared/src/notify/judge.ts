import { parseJson } from '../contract/index.ts'
import { retryAfterSeconds } from '../http/index.ts'
import type { PostAnswer } from './post.ts'

export type Verdict =
  | { kind: 'delivered' }
  /** `seconds`: what the destination asks for; absent: the usual waits */
  | { kind: 'again'; seconds?: number }
  | { kind: 'refused' }

const maxWaitSeconds = 120

/** What an answer means for its notice. `tooManySeconds`: the wait after a 429 that names none. */
export function judge(answer: PostAnswer, options: { now: Date; tooManySeconds?: number | undefined }): Verdict {
  if ('noAnswer' in answer) return { kind: 'again' }
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  if (status === 429) {
    const seconds = waitOf(answer, options.now) ?? options.tooManySeconds
    return { kind: 'again', ...(seconds === undefined ? {} : { seconds: Math.min(seconds, maxWaitSeconds) }) }
  }
  return status === 408 || status >= 500 ? { kind: 'again' } : { kind: 'refused' }
}

/** The header rounds what Discord says exactly in the body (https://discord.com/developers/docs/topics/rate-limits): the larger counts. */
function waitOf(answer: Extract<PostAnswer, { status: number }>, now: Date): number | undefined {
  const header = answer.retryAfter === null ? undefined : retryAfterSeconds({ get: () => answer.retryAfter }, now)
  const body = retryAfterOf(answer.text)
  return header === undefined ? body : Math.max(header, body ?? 0)
}
function retryAfterOf(text: string): number | undefined {
  try {
    const body = parseJson(text)
    const seconds = typeof body === 'object' && body !== null && 'retry_after' in body ? body.retry_after : undefined
    return typeof seconds === 'number' && seconds >= 0 ? seconds : undefined
  } catch {
    return undefined
  }
}
