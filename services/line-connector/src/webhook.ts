import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Refusal, readJson, type Webhook } from '@um/shared/contract'
import type { Tenant } from './definition.ts'
import { Addressed } from './schema.ts'

const header = 'x-line-signature'

/** The body names the account that it is for: the user id of the bot, which `register` has learned. */
export function locate(hook: Webhook): string | Refusal {
  if (!hook.headers.has(header)) return { refused: 'unauthenticated', why: `${header} is missing` }
  const body = Addressed.safeParse(readJson(hook.raw))
  return body.success ? body.data.destination : { refused: 'malformed', why: 'names no destination' }
}
export function keys({ state }: Tenant): string[] {
  return state.botUserId === undefined ? [] : [state.botUserId]
}

/**
 * HMAC-SHA256 of the raw body. It holds no time: redelivered events are legitimately old, and repeats are recognised by what they are about.
 * Accounts behind a switcher sign with its secret. https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
 */
export function verify(hook: Webhook, { settings }: Tenant): Refusal | undefined {
  const given = Buffer.from(hook.headers.get(header) ?? '')
  const secrets = [settings.channelSecret, settings.switcherSecret].filter(secret => secret !== undefined)
  const matches = secrets.filter(secret => {
    const expected = Buffer.from(createHmac('sha256', secret).update(hook.raw).digest('base64'))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return matches.length > 0 ? undefined : { refused: 'unauthenticated', why: `${header} is wrong` }
}
