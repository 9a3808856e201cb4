import { type Refusal, readJson, type Webhook } from '@um/shared/contract'
import { signature } from '@um/shared/kit'
import type { Settings, Tenant } from './definition.ts'
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
 * It holds no time: redelivered events are legitimately old, and repeats are recognised by what they are about.
 * Accounts behind a switcher sign with its secret. https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
 */
export const verify = signature<Settings>({
  header,
  encoding: 'base64',
  secrets: ({ channelSecret, switcherSecret }) => [channelSecret, switcherSecret],
})
