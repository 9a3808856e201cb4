import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { parseJson, type Refusal, type Reply, type Webhook } from '@um/shared/contract'
import { z } from 'zod'
import type { Tenant } from './definition.ts'

const signatureHeader = 'x-hub-signature-256'

const Address = z.object({
  channel: z
    .object({ id: z.string().optional().catch(undefined), from: z.object({ id: z.string() }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

/** All tenants share one address: the integration named in the body, unproved yet, says whose token proves it. */
export function locate(hook: Webhook): string | Refusal {
  if (!hook.headers.has(signatureHeader)) return { refused: 'unauthenticated', why: 'the signature is missing' }
  const address = Address.safeParse(bodyOf(hook.raw))
  if (!address.success) return { refused: 'malformed', why: 'the body is not a JSON object' }
  const channel = address.data.channel
  return channel?.id ?? channel?.from?.id ?? { refused: 'unknown', why: 'the body names no integration' }
}
function bodyOf(raw: Buffer): unknown {
  try {
    return parseJson(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

/** https://developer.genesys.cloud/commdigital/digital/openmessaging/validate : HMAC-SHA256 of the bytes as they came, in standard base64. */
export function verify(hook: Webhook, tenant: Tenant): Refusal | undefined {
  const { webhookToken, webhookHeaders } = tenant.settings
  const expected = `sha256=${createHmac('sha256', webhookToken).update(hook.raw).digest('base64')}`
  if (!same(hook.headers.get(signatureHeader), expected)) return { refused: 'unauthenticated', why: 'the signature is wrong' }
  for (const [name, value] of Object.entries(webhookHeaders)) {
    if (!same(hook.headers.get(name), value)) return { refused: 'unauthenticated', why: `the header ${name} is wrong or missing` }
  }
  return undefined
}
/** Compares digests, so that neither content nor length shows in the time it takes. */
function same(given: string | null, expected: string): boolean {
  return given !== null && timingSafeEqual(digest(given), digest(expected))
}
function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}

export function acknowledge(): Reply {
  return { status: 200, body: {} }
}
export function keys(tenant: Tenant): string[] {
  return tenant.state.integrationId ? [tenant.state.integrationId] : []
}
