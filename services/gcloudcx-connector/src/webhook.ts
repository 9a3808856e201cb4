import { type Refusal, type Reply, readJson, type Webhook } from '@um/shared/contract'
import { isSame, signature } from '@um/shared/kit'
import { z } from 'zod'
import type { Settings, Tenant } from './definition.ts'

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
  const address = Address.safeParse(readJson(hook.raw))
  if (!address.success) return { refused: 'malformed', why: 'the body is not a JSON object' }
  const channel = address.data.channel
  return channel?.id ?? channel?.from?.id ?? { refused: 'unknown', why: 'the body names no integration' }
}
/** https://developer.genesys.cloud/commdigital/digital/openmessaging/validate : HMAC-SHA256 of the bytes as they came, in standard base64. */
const isSigned = signature<Settings>({ header: signatureHeader, encoding: 'base64', prefix: 'sha256=', secrets: ({ webhookToken }) => [webhookToken] })
/** The headers are those that the tenant has had Genesys Cloud add. */
export function verify(hook: Webhook, tenant: Tenant, now: Date): Refusal | undefined {
  const refusal = isSigned(hook, tenant, now)
  if (refusal !== undefined) return refusal
  const wrong = Object.entries(tenant.settings.webhookHeaders).find(([name, value]) => !hook.headers.has(name) || !isSame(hook.headers.get(name) ?? '', value))
  return wrong && { refused: 'unauthenticated', why: `the header ${wrong[0]} is wrong or missing` }
}

export function acknowledge(): Reply {
  return { status: 200, body: {} }
}
export function keys(tenant: Tenant): string[] {
  return tenant.state.integrationId ? [tenant.state.integrationId] : []
}
