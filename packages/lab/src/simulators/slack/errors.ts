import type { ApiAnswer } from '../../kit/messenger/index.ts'

/** Slack says no, nearly always with HTTP 200. */
export class SlackError extends Error {
  readonly answer: ApiAnswer
  constructor(error: string, more: { status?: number; headers?: Record<string, string>; members?: object } = {}) {
    super(error)
    const { status = 200, headers, members } = more
    this.answer = { status, json: { ok: false, error, ...members }, why: error, ...(headers === undefined ? {} : { headers }) }
  }
}
export function rateLimited(seconds: number): SlackError {
  return new SlackError('ratelimited', { status: 429, headers: { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) } })
}
