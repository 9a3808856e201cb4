import { createHash, timingSafeEqual } from 'node:crypto'
import type { Refusal, SettingsOf, TenantView, Webhook } from '@um/shared/contract'
import type { telegram } from './definition.ts'

export type Tenant = TenantView<SettingsOf<typeof telegram>>

/**
 * Telegram signs nothing: it repeats the secret that it was given with setWebhook. The secret also tells whose update it is, since the body does not name the bot.
 * https://core.telegram.org/bots/api#setwebhook
 */
const header = 'x-telegram-bot-api-secret-token'

/** Hex SHA-256: what `state` keeps of a secret, and the key by which a tenant is found. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex')
}

export function locate(hook: Webhook): string | Refusal {
  const secret = hook.headers.get(header)
  return secret === null || secret === '' ? { refused: 'unauthenticated', why: `${header} is missing` } : digestOf(secret)
}

/**
 * The secret of the settings; the one that Telegram was last told, until it has taken the new one; and the one before that, for the updates under way.
 * The last is a key for longer than `verify` takes it, as no clock is at hand here.
 */
export function keys({ settings, state }: Tenant): string[] {
  return [digestOf(settings.webhookSecret), state.secretDigest, state.previousSecretDigest].filter(key => key !== undefined)
}

export function verify(hook: Webhook, tenant: Tenant, now: Date): Refusal | undefined {
  const digest = locate(hook)
  if (typeof digest !== 'string') return digest
  const { secretDigest, previousSecretDigest, previousSecretUntil } = tenant.state
  const inTime = previousSecretUntil !== undefined && now < new Date(previousSecretUntil)
  const known = [digestOf(tenant.settings.webhookSecret), secretDigest, inTime ? previousSecretDigest : undefined]
  const matches = known.filter(each => each !== undefined && timingSafeEqual(Buffer.from(each), Buffer.from(digest)))
  return matches.length > 0 ? undefined : { refused: 'unauthenticated', why: `${header} is wrong` }
}
