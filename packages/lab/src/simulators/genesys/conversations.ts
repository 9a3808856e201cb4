import { type Answer, type Call, conversationOf } from './call.ts'
import { notFound } from './errors.ts'
import type { ConversationState, World } from './world.ts'

const agentId = '3c8e4d10-9a5b-4d6e-8f72-1b2a3c4d5e6f'

export function getConversation(call: Call): Answer {
  const conversation = conversationOf(call)
  const { world } = call
  return {
    status: 200,
    body: {
      id: conversation.id,
      startTime: iso(conversation.startedAt),
      ...(conversation.endedAt === undefined ? {} : { endTime: iso(conversation.endedAt) }),
      participants: participants(world, conversation),
      recordingState: 'NONE',
      selfUri: `/api/v2/conversations/messages/${conversation.id}`,
    },
  }
}

/** The conversation is over for all of them at once. */
function participants(world: World, conversation: ConversationState): object[] {
  const { integration, guest, endedAt } = conversation
  const common = {
    state: endedAt === undefined ? 'connected' : 'disconnected',
    ...(endedAt === undefined ? {} : { endTime: iso(endedAt), disconnectType: 'peer' }),
    type: 'open',
    provider: 'PureCloud Messaging',
  }
  const customer = {
    id: derived(conversation.id, 'c'),
    purpose: 'customer',
    connectedTime: iso(conversation.startedAt),
    name: guest.nickname ?? guest.id,
    toAddress: { name: integration.name, addressNormalized: integration.id },
    fromAddress: { name: guest.nickname ?? '', addressNormalized: guest.id },
    attributes: conversation.participantData,
    ...common,
  }
  if (conversation.agentJoinedAt === undefined) return [customer]
  const agent = {
    id: derived(conversation.id, 'a'),
    purpose: 'agent',
    connectedTime: iso(conversation.agentJoinedAt),
    name: world.settings.agentName,
    user: { id: agentId, selfUri: `/api/v2/users/${agentId}` },
    attributes: {},
    ...common,
  }
  return [customer, agent]
}

export function getMessageDetails({ world, id }: Call): Answer {
  const conversation = world.agentMessages.get(id)
  const entry = conversation?.byId.get(id)
  if (conversation === undefined || entry === undefined) throw notFound('message')
  return {
    status: 200,
    body: {
      id,
      conversationId: conversation.id,
      direction: 'outbound',
      messengerType: 'open',
      fromAddress: conversation.integration.id,
      toAddress: conversation.guest.id,
      status: entry.state === 'delivered' ? 'sent' : 'queued',
      ...(entry.body.kind === 'text' ? { textBody: entry.body.text } : {}),
      timestamp: iso(entry.at),
      ...(entry.from === 'agent' ? { createdBy: { id: agentId, name: entry.authorName, selfUri: `/api/v2/users/${agentId}` } } : {}),
      selfUri: `/api/v2/conversations/messages/${id}/details`,
    },
  }
}

export function disconnectConversation(call: Call): Answer {
  const conversation = conversationOf(call)
  call.world.endConversation(conversation)
  call.view.tellConversation(conversation)
  call.view.tellDesk(conversation.integration)
  return { status: 202 }
}

/** The participant's id: the conversation's with another beginning. */
function derived(id: string, first: string): string {
  return `${first}${id.slice(1)}`
}
function iso(at: number): string {
  return new Date(at).toISOString()
}
