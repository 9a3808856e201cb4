import { type PlatformCall, present } from '@um/shared/contract'
import type { Out, Tenant } from './definition.ts'
import type { GenesysReason } from './reasons.ts'

/** The calls of the inbound API, as https://developer.genesys.cloud/commdigital/digital/openmessaging names them. */
export const openIntegrations = '/api/v2/conversations/messaging/integrations/open'

type Leaf = 'message' | 'event' | 'receipt' | 'structured/response'

/** A tenant that is not registered has no integration: the call meets a 404, which says so to the tenant. */
export function integrationId(tenant: Tenant): string {
  return tenant.state.integrationId ?? 'not-registered'
}
function inboundPath(tenant: Tenant, leaf: Leaf): string {
  if (isLegacy(tenant)) return '/api/v2/conversations/messages/inbound/open'
  return `/api/v2/conversations/messages/${encodeURIComponent(integrationId(tenant))}/inbound/open/${leaf}`
}
export function isLegacy(tenant: Tenant): boolean {
  return tenant.settings.inboundApi === 'legacy'
}

export interface OpenAttachment {
  mediaType: 'Image' | 'Video' | 'Audio' | 'File'
  url: string
  mime: string
  filename?: string
  text?: string
}
/** Genesys Cloud takes one attachment with each message. */
export function messageCall(out: Out, body: { text?: string; attachment?: OpenAttachment }, id = out.id): PlatformCall {
  const { tenant } = out
  return {
    method: 'POST',
    path: inboundPath(tenant, 'message'),
    ...(tenant.settings.prefetchConversationId ? { query: { prefetchConversationId: 'true' } } : {}),
    idempotent: true,
    json: {
      channel: {
        platform: 'Open',
        type: 'Private',
        messageId: id,
        to: { id: integrationId(tenant) },
        from: guest(out),
        time: out.at.toISOString(),
        ...metadata(out),
      },
      ...present({ text: body.text }),
      ...(body.attachment === undefined ? {} : { content: [{ contentType: 'Attachment', attachment: { id, ...body.attachment } }] }),
      ...(isLegacy(tenant) ? { type: 'Text', direction: 'Inbound' } : {}),
    },
  }
}

/** `Opaque` always: with other types Genesys Cloud would look for external contacts and insist on their form. */
function guest({ to, profile }: Out): object {
  const { displayName, nickname, firstName, lastName, email, avatar } = profile
  return {
    id: to.guest,
    idType: 'Opaque',
    ...present({ nickname: displayName ?? nickname, firstName, lastName, image: avatar !== undefined && 'url' in avatar ? avatar.url : undefined, email }),
  }
}
/** Participant data: what is known of the guest, then the tenant's own, which wins. */
function metadata({ profile, tenant }: Out): object {
  const attributes = Object.entries({ ...profile.participantData, ...tenant.settings.customData }).filter(([, value]) => value !== '')
  return attributes.length === 0 ? {} : { metadata: { customAttributes: Object.fromEntries(attributes) } }
}

export function choiceCall(out: Out, answer: { type: 'QuickReply' | 'Button' | 'DatePicker'; text: string; payload: string; of: string }): PlatformCall {
  const { of, ...buttonResponse } = answer
  return {
    method: 'POST',
    path: inboundPath(out.tenant, 'structured/response'),
    idempotent: true,
    json: {
      channel: { from: { id: out.to.guest, idType: 'Opaque' }, messageId: out.id, time: out.at.toISOString() },
      buttonResponse,
      originatingMessageId: of,
    },
  }
}

export function typingCall(out: Out): PlatformCall {
  return {
    method: 'POST',
    path: inboundPath(out.tenant, 'event'),
    auxiliary: true,
    json: { channel: { from: { id: out.to.guest, idType: 'Opaque' }, time: out.at.toISOString() }, events: [{ eventType: 'Typing' }] },
  }
}

/** Both states are final: Genesys Cloud takes one receipt for each message. */
export function receiptCall(
  tenant: Tenant,
  receipt: { of: string; guest: string; at: Date; failed?: { code: GenesysReason; message?: string } },
): PlatformCall {
  const { of, guest: guestId, at, failed } = receipt
  const legacy = isLegacy(tenant)
  return {
    method: 'POST',
    path: inboundPath(tenant, 'receipt'),
    idempotent: true,
    auxiliary: true,
    json: {
      id: of,
      channel: {
        ...(legacy ? { platform: 'Open', type: 'Private', from: { id: integrationId(tenant) } } : {}),
        to: { id: guestId, idType: 'Opaque' },
        time: at.toISOString(),
      },
      ...(legacy ? { type: 'Receipt' } : {}),
      status: failed === undefined ? 'Delivered' : 'Failed',
      isFinalReceipt: true,
      direction: 'Outbound',
      ...(failed === undefined ? {} : { reasons: [failed] }),
    },
  }
}

/** Puts words that are not the guest's into the conversation; they come back through the webhook, to be shown to the guest. */
export function agentlessCall(out: Out, text: string): PlatformCall {
  return {
    method: 'POST',
    path: '/api/v2/conversations/messages/agentless',
    json: {
      fromAddress: integrationId(out.tenant),
      toAddress: out.to.guest,
      toAddressMessengerType: 'open',
      textBody: text,
      useExistingActiveConversation: true,
    },
  }
}

export function disconnectCall(conversationId: string): PlatformCall {
  return { method: 'POST', path: `/api/v2/conversations/${encodeURIComponent(conversationId)}/disconnect`, auxiliary: true, idempotent: true }
}
export function isDisconnect(call: PlatformCall): boolean {
  return call.method === 'POST' && call.path.endsWith('/disconnect')
}
export function isTyping(call: PlatformCall): boolean {
  return call.path.endsWith('/inbound/open/event')
}
