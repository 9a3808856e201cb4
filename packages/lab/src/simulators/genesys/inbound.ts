import type { Body } from '../../protocol.ts'
import { announced, fetchAttachment } from './attachments.ts'
import { type Answer, type Call, integrationOf } from './call.ts'
import { checkMetadata, isObject, readChannel, readMessage, readReceipt, readResponse, requireText } from './check.ts'
import { badRequest, notFound } from './errors.ts'
import type { Attachment, InboundChannel } from './types.ts'
import { deliver } from './webhook.ts'
import { type ConversationState, type Integration, newMessageId, type ReceivedRecord, type StoredEntry } from './world.ts'

/** What the fleet posts for guests: messages, choices, typing; and receipts for agents' messages. */

const typingMs = 5000

interface Guests {
  channel: InboundChannel
  kind: ReceivedRecord['kind']
  body: Body
  text: string
  attachment?: Attachment
}

export function inboundMessage(call: Call): Answer {
  const integration = integrationOf(call)
  checkMetadata(call.body)
  const channel = readChannel(call.body)
  const { text, attachment } = readMessage(call.body)
  const { conversation, id } = take(call, integration, {
    channel,
    kind: 'message',
    body: shownAs(text, attachment),
    text: text ?? '',
    ...(attachment === undefined ? {} : { attachment }),
  })
  return { status: 200, body: answer(call, channel, conversation, id, { type: 'Text', ...(text === undefined ? {} : { text }), content: call.body.content }) }
}

export function structuredResponse(call: Call): Answer {
  const integration = integrationOf(call)
  checkMetadata(call.body)
  const channel = readChannel(call.body)
  const response = readResponse(call.body)
  const { conversation, id } = take(call, integration, {
    channel,
    kind: 'structuredResponse',
    body: { kind: 'choice', title: response.text, payload: response.payload, of: response.of },
    text: response.text,
  })
  return { status: 200, body: answer(call, channel, conversation, id, { type: 'Structured', text: response.text }) }
}

/** The deprecated end point: texts and receipts in one. */
export function legacyInbound(call: Call): Answer {
  const { body, world } = call
  if (body.type === 'Receipt') return inboundReceipt(call)
  const channel = readChannel(body)
  if (body.type !== 'Text') throw badRequest(`The value [${String(body.type)}] is not valid for field type [type]`, 'invalid.value')
  if (body.direction !== 'Inbound') throw badRequest("The request could not be understood: should have required property '.direction'")
  if (channel.platform !== 'Open' || channel.type !== 'Private') {
    throw badRequest("The request could not be understood: should have required property 'channel.platform', should have required property 'channel.type'")
  }
  if (channel.to?.id === undefined) throw badRequest("The request could not be understood: should have required property 'channel.to.id'")
  const integration = world.integrations.get(channel.to.id)
  if (integration === undefined) throw notFound('integration')
  checkMetadata(body)
  const { text, attachment } = readMessage(body)
  const { conversation, id } = take(call, integration, {
    channel,
    kind: 'legacy',
    body: shownAs(text, attachment),
    text: text ?? '',
    ...(attachment === undefined ? {} : { attachment }),
  })
  return { status: 200, body: answer(call, channel, conversation, id, { type: 'Text', ...(text === undefined ? {} : { text }), content: body.content }) }
}

export function inboundEvent(call: Call): Answer {
  const integration = integrationOf(call)
  const channel = readChannel(call.body)
  const { events } = call.body
  if (!Array.isArray(events) || events.length === 0) throw badRequest("The request could not be understood: should have required property '.events'")
  for (const event of events) {
    if (!isObject(event) || event.eventType !== 'Typing') {
      throw badRequest(
        `The value [${isObject(event) ? String(event.eventType) : ''}] is not valid for field type [eventType]. Allowable values are: Typing`,
        'invalid.value',
      )
    }
  }
  const conversation = call.world.openConversation(integration, channel.from.id)
  call.world.count('typing')
  if (conversation !== undefined) {
    conversation.typingUntil = call.world.now() + typingMs
    call.view.tellConversation(conversation)
  }
  return { status: 200, body: { id: newMessageId(), channel, type: 'Event', events, direction: 'Inbound' } }
}

export function inboundReceipt({ world, view, body }: Call): Answer {
  const receipt = readReceipt(body)
  const conversation = world.agentMessages.get(receipt.id)
  if (conversation === undefined) throw notFound('message')
  const entry = conversation.byId.get(receipt.id)
  const afterFinal = entry?.receipts?.some(each => each.final) ?? false
  world.count(`receipts${receipt.status}`)
  if (afterFinal) world.count('receiptsAfterFinal')
  const at = world.now()
  world.receipts.push({ at, id: receipt.id, status: receipt.status, reasons: receipt.reasons.map(({ code }) => code), afterFinal })
  if (entry !== undefined) {
    entry.receipts = [
      ...(entry.receipts ?? []).slice(-9),
      { status: receipt.status, at: new Date(at).toISOString(), reasons: receipt.reasons, final: receipt.final },
    ]
    view.tellEntry(conversation, entry)
  }
  return { status: 200, body: { id: receipt.id, type: 'Receipt', status: receipt.status, direction: 'Outbound', conversationId: conversation.id } }
}

export function agentless({ world, view, body }: Call): Answer {
  const integration = world.integrations.get(requireText(body, 'fromAddress', ''))
  const guest = requireText(body, 'toAddress', '')
  const text = requireText(body, 'textBody', '')
  if (body.toAddressMessengerType !== 'open') throw badRequest('toAddressMessengerType must be open', 'invalid.value')
  if (integration === undefined) throw notFound('integration')
  if (text.length > 2000) throw badRequest('textBody must not be longer than 2000 characters', 'invalid.value')
  const open = body.useExistingActiveConversation === true ? world.openConversation(integration, guest) : undefined
  const conversation = open ?? world.startConversation(integration, { id: guest, idType: 'Opaque' })
  const entry: StoredEntry = { id: newMessageId(), from: 'system', at: world.now(), body: { kind: 'text', text }, state: 'queued' }
  world.store(conversation, entry)
  world.agentMessages.set(entry.id, conversation)
  deliver(world, conversation, { id: entry.id, direction: 'Outbound', body: { type: 'Text', text } }, state => {
    Object.assign(entry, state)
    view.tellEntry(conversation, entry)
  })
  view.tellConversation(conversation)
  view.tellEntry(conversation, entry)
  return {
    status: 202,
    body: { id: entry.id, conversationId: conversation.id, fromAddress: integration.id, toAddress: guest, messengerType: 'open', textBody: text },
  }
}

/** Puts a guest's message into its conversation, once per `messageId`. */
function take(call: Call, integration: Integration, guests: Guests): { conversation: ConversationState; id: string } {
  const { world, view } = call
  const { channel } = guests
  const key = channel.messageId === undefined ? undefined : `${integration.id} ${channel.messageId}`
  const times = key === undefined ? 1 : world.tally.count(key)
  const known = key === undefined ? undefined : world.guestMessages.get(key)
  const earlier = known === undefined ? undefined : world.conversations.get(known.conversation)
  if (known !== undefined && earlier !== undefined) {
    world.count('repeatedMessages')
    note(call, integration, earlier, guests, known.id, times)
    const entry = earlier.byId.get(known.id)
    if (entry !== undefined) {
      entry.repeats = times - 1
      view.tellEntry(earlier, entry)
    }
    return { conversation: earlier, id: known.id }
  }
  const existing = world.openConversation(integration, channel.from.id)
  const conversation = existing ?? world.startConversation(integration, channel.from)
  if (existing === undefined) view.tellDesk(integration)
  conversation.guest = { ...conversation.guest, ...channel.from }
  Object.assign(conversation.participantData, channel.metadata?.customAttributes)
  conversation.typingUntil = undefined
  const entry: StoredEntry = {
    id: newMessageId(),
    from: 'customer',
    at: world.now(),
    body: guests.body,
    state: 'received',
    ...(channel.messageId === undefined ? {} : { messageId: channel.messageId }),
  }
  world.store(conversation, entry)
  if (key !== undefined) world.guestMessages.set(key, { id: entry.id, conversation: conversation.id })
  world.count('messagesReceived')
  note(call, integration, conversation, guests, entry.id, times)
  view.tellConversation(conversation)
  view.tellEntry(conversation, entry)
  after(call, conversation, entry, guests.attachment)
  return { conversation, id: entry.id }
}

function note({ world }: Call, integration: Integration, conversation: ConversationState, guests: Guests, id: string, times: number): void {
  const record: ReceivedRecord = {
    at: world.now(),
    integration: integration.id,
    conversation: conversation.id,
    guest: guests.channel.from.id,
    messageId: guests.channel.messageId ?? '',
    id,
    kind: guests.kind,
    text: guests.text.slice(0, 200),
    ...(guests.attachment === undefined ? {} : { attachmentUrl: guests.attachment.url }),
    times,
  }
  world.received.push(record)
  for (const listener of world.receivedListeners) listener(record)
}

/** What the platform does by itself once a message is in: it tells so, and fetches the attachment. */
function after({ world, view }: Call, conversation: ConversationState, entry: StoredEntry, attachment: Attachment | undefined): void {
  if (world.settings.receiptsForGuests === 'published') {
    deliver(world, conversation, { id: entry.id, direction: 'Inbound', body: { type: 'Receipt', status: 'Published', isFinalReceipt: false } }, () => undefined)
  }
  if (attachment !== undefined && attachment.mediaType !== 'Link' && world.settings.fetchAttachments) {
    fetchAttachment(world, view, conversation, entry, attachment).catch(error => world.context.report(error, 'attachment'))
  }
}

function shownAs(text: string | undefined, attachment: Attachment | undefined): Body {
  if (attachment === undefined) return { kind: 'text', text: text ?? '' }
  return text === undefined ? announced(attachment) : { kind: 'parts', parts: [{ kind: 'text', text }, announced(attachment)] }
}

function answer({ query }: Call, channel: InboundChannel, conversation: ConversationState, id: string, said: object): object {
  const isAsked = query.get('prefetchConversationId') === 'true'
  return { id, channel, ...said, direction: 'Inbound', ...(isAsked ? { conversationId: conversation.id } : {}) }
}
