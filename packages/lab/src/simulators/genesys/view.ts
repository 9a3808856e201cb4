import type { EventHub } from '../../kit/event-hub.ts'
import type { Ownership } from '../../kit/simulator.ts'
import type { Body, Conversation, Desk, DeskEntry } from '../../protocol.ts'
import type { ConversationState, Integration, StoredEntry, World } from './world.ts'

/** How the Lab shows Genesys Cloud, and how it tells the live stream what changed. */

export const platform = 'gcloudcx'
export const simulator = 'genesys'

export class GenesysView {
  private readonly world: World
  private readonly hub: EventHub
  private readonly owners: Ownership

  constructor(world: World, owners: Ownership) {
    this.world = world
    this.hub = world.context.events
    this.owners = owners
  }

  desk(integration: Integration): Desk {
    let conversations = 0
    for (const conversation of this.world.conversations.values()) {
      if (conversation.integration === integration && conversation.endedAt === undefined) conversations += 1
    }
    return {
      platform,
      id: integration.id,
      name: integration.name,
      webhookUrl: integration.webhookUrl,
      ...this.owners.ofDesk(integration.name),
      conversations,
    }
  }

  conversation(conversation: ConversationState): Conversation {
    const { guest, integration } = conversation
    const owner = this.owners.ofDesk(integration.name)
    const latest = conversation.entries.last(1)[0]
    return {
      id: conversation.id,
      desk: integration.id,
      deskName: integration.name,
      ...(owner === undefined ? {} : { tenantId: owner.tenantId }),
      guest: {
        id: guest.id,
        name: guest.nickname ?? ([guest.firstName, guest.lastName].filter(Boolean).join(' ') || guest.id),
        ...(guest.firstName === undefined ? {} : { firstName: guest.firstName }),
        ...(guest.lastName === undefined ? {} : { lastName: guest.lastName }),
        ...(guest.email === undefined ? {} : { email: guest.email }),
        ...(guest.image === undefined ? {} : { imageUrl: guest.image }),
      },
      participantData: { ...conversation.participantData },
      state: conversation.endedAt === undefined ? 'open' : 'ended',
      startedAt: iso(conversation.startedAt),
      lastAt: iso(conversation.lastAt),
      ...(conversation.endedAt === undefined ? {} : { endedAt: iso(conversation.endedAt) }),
      ...(conversation.typingUntil === undefined || conversation.typingUntil <= this.world.now() ? {} : { typingUntil: iso(conversation.typingUntil) }),
      agent: { name: this.world.settings.agentName },
      entries: conversation.entries.total,
      preview: latest === undefined ? '' : previewOf(latest.body),
    }
  }

  entry(conversation: ConversationState, stored: StoredEntry): DeskEntry {
    return {
      id: stored.id,
      conversation: conversation.id,
      from: stored.from,
      ...(stored.authorName === undefined ? {} : { authorName: stored.authorName }),
      at: iso(stored.at),
      body: stored.body,
      state: stored.state,
      ...(stored.attempts === undefined ? {} : { attempts: stored.attempts }),
      ...(stored.status === undefined ? {} : { status: stored.status }),
      ...(stored.why === undefined || stored.why === '' ? {} : { why: stored.why }),
      ...(stored.receipts === undefined ? {} : { receipts: stored.receipts }),
      ...(stored.repeats === undefined ? {} : { repeats: stored.repeats }),
      refs: [stored.id, ...(stored.messageId === undefined ? [] : [stored.messageId])],
    }
  }

  tellDesk(integration: Integration): void {
    this.hub.touch(`desk:${integration.id}`, () =>
      this.world.integrations.has(integration.id) ? { type: 'desk', desk: this.desk(integration) } : { type: 'deskRemoved', desk: integration.id },
    )
  }
  tellConversation(conversation: ConversationState): void {
    this.hub.touch(`conversation:${conversation.id}`, () => {
      if (!this.world.conversations.has(conversation.id)) return { type: 'conversationRemoved', conversation: conversation.id }
      return { type: 'conversation', conversation: this.conversation(conversation) }
    })
  }
  tellEntry(conversation: ConversationState, stored: StoredEntry): void {
    this.hub.touch(`deskEntry:${stored.id}`, () => ({ type: 'deskEntry', entry: this.entry(conversation, stored) }))
  }
}

function previewOf(body: Body): string {
  switch (body.kind) {
    case 'text':
      return body.text.slice(0, 100)
    case 'parts':
      return body.parts.map(previewOf).join(' ').slice(0, 100)
    case 'choice':
      return body.title
    case 'quickReplies':
    case 'cards':
    case 'listPicker':
    case 'timePicker':
    case 'event':
    case 'other':
      return (body.text ?? `[${body.kind}]`).slice(0, 100)
    case 'contact':
      return body.name
    case 'sticker':
      return body.emoji ?? '[sticker]'
    case 'location':
      return body.title ?? '[location]'
    default:
      return body.caption ?? body.media.name
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
