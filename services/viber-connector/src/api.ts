import type { Authorization, BudgetRule, PlatformCall, Recipient, SentFacts } from '@um/shared/contract'
import type { Ctx, Settings, Tenant } from './definition.ts'
import * as schema from './schema.ts'

export function bases({ apiUrl }: Settings): { api: string } {
  return { api: apiUrl }
}
/** It does not expire. https://developers.viber.com/docs/api/rest-bot-api/#authentication-token */
export async function authorize({ tenant: { settings } }: Ctx): Promise<Authorization> {
  return { headers: { 'X-Viber-Auth-Token': settings.apiToken } }
}

/** Buttons that wait for an answer are remembered with the conversation, until the guest writes or others are offered. */
export function sent(answer: unknown, { json }: PlatformCall): SentFacts {
  const read = schema.Sent.safeParse(answer)
  const { keyboard, type } = (json ?? {}) as { keyboard?: object; type?: string }
  const address = keyboard ? { keyboard: JSON.stringify(keyboard) } : type === 'rich_media' ? { keyboard: '' } : undefined
  return { ...(read.success ? { id: read.data.message_token } : {}), ...(address ? { address } : {}) }
}

/** Told for broadcasts only; nothing else may be faster. https://developers.viber.com/docs/api/rest-bot-api/#broadcast-message */
export function budgets(_call: PlatformCall, _to: Recipient | undefined, { id }: Tenant): BudgetRule[] {
  return [{ key: id, limit: 500, perSeconds: 10 }]
}

/** Viber still reports a delivery after a fortnight. */
export const receiptWindowSeconds = 14 * 86_400
export function readCoversEarlier({ seenCoversEarlier }: Settings): boolean {
  return seenCoversEarlier
}
