import type { InboundEvent, Refusal, Reply, Verified, Webhook } from '@um/shared/contract'
import { signature } from '@um/shared/kit'
import { senderOf } from './calls.ts'
import type { Settings, Tenant } from './definition.ts'

const header = 'X-Viber-Content-Signature'
/** Nothing in a webhook says whose it is: it belongs to the tenant whose token has signed it. */
const everybody = 'viber'

export function locate(hook: Webhook): string | Refusal {
  return signatureOf(hook) === undefined ? { refused: 'unauthenticated', why: `${header} is missing` } : everybody
}
export function keys(): string[] {
  return [everybody]
}

/** It holds no time. The parameter `sig` is what Viber's own SDK reads. https://developers.viber.com/docs/api/rest-bot-api/#callbacks */
export const verify = signature<Settings>({ header, from: signatureOf, encoding: 'hex', secrets: ({ apiToken }) => [apiToken] })
function signatureOf({ headers, query }: Webhook): string | undefined {
  return headers.get(header) ?? query.get('sig') ?? undefined
}

/** Who has opened the chat may be greeted in the answer, and only there. https://developers.viber.com/docs/api/rest-bot-api/#sending-a-welcome-message */
export function acknowledge([event]: InboundEvent[], _hook: Verified, tenant: Tenant): Reply {
  const text = tenant.settings.welcomeText
  const isOpened = event?.type === 'lifecycle' && event.change === 'started'
  return isOpened && text !== undefined ? { status: 200, body: { sender: senderOf(tenant), type: 'text', text } } : { status: 200 }
}
