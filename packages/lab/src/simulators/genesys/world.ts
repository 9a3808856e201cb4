import { randomUUID } from 'node:crypto'
import { BoundedMap } from '../../kit/bounded-map.ts'
import type { LabContext } from '../../kit/context.ts'
import type { FaultBoard } from '../../kit/faults/board.ts'
import { KeyedQueues } from '../../kit/keyed-queues.ts'
import type { Poster } from '../../kit/poster.ts'
import type { FixedWindow } from '../../kit/rate-limit.ts'
import { Ring } from '../../kit/ring.ts'
import { Tally } from '../../kit/tally.ts'
import type { Body, DeskEntry, DeskReceipt } from '../../protocol.ts'
import type { FromUser } from './types.ts'

export interface GenesysSettings {
  /** per token; the documented default is 300 */
  requestsPerMinute: number
  tokenSeconds: number
  /** clients that nobody registered may log in (default); a registered one must always give its own secret */
  acceptUnknownClients: boolean
  requireHttps: boolean
  /** how long an integration is `Initiated` before it is `Completed` */
  integrationSetupMs: number
  /** attachments of agents are served to callers with a token only */
  downloadsNeedToken: boolean
  /** tell of guests' messages: `Published` as soon as they are in; none: say nothing */
  receiptsForGuests: 'published' | 'none'
  /** send `Presence`/`Disconnect` when an agent ends the conversation (not documented for Open Messaging) */
  presenceOnDisconnect: boolean
  /** fetch guests' attachments, as the platform does */
  fetchAttachments: boolean
  agentName: string
}
export const defaultSettings: GenesysSettings = {
  requestsPerMinute: 300,
  tokenSeconds: 86_400,
  acceptUnknownClients: true,
  requireHttps: false,
  integrationSetupMs: 300,
  downloadsNeedToken: false,
  receiptsForGuests: 'published',
  presenceOnDisconnect: false,
  fetchAttachments: true,
  agentName: 'Aiko Lange',
}

export interface AccessToken {
  value: string
  clientId: string
  expiresAt: number
  revoked: boolean
  window: FixedWindow
}

export interface Integration {
  readonly id: string
  name: string
  webhookUrl: string
  webhookToken: string
  webhookHeaders: Record<string, string>
  supportedContentId: string | undefined
  readonly createdAt: number
  completedAt: number
  flow: { id: string; name: string } | undefined
  version: number
}

export interface StoredEntry {
  readonly id: string
  readonly from: DeskEntry['from']
  readonly authorName?: string
  readonly at: number
  body: Body
  state: DeskEntry['state']
  attempts?: number
  status?: number
  why?: string
  receipts?: DeskReceipt[]
  repeats?: number
  messageId?: string
}

export interface ConversationState {
  readonly id: string
  readonly integration: Integration
  guest: FromUser
  participantData: Record<string, string>
  readonly startedAt: number
  lastAt: number
  endedAt: number | undefined
  typingUntil: number | undefined
  readonly entries: Ring<StoredEntry>
  readonly byId: Map<string, StoredEntry>
  agentJoinedAt: number | undefined
}

/** One message of a guest as it arrived, kept compactly for assertions. */
export interface ReceivedRecord {
  at: number
  integration: string
  conversation: string
  guest: string
  messageId: string
  /** ours */
  id: string
  kind: 'message' | 'structuredResponse' | 'legacy'
  /** at most 200 characters */
  text: string
  attachmentUrl?: string
  /** how often this messageId has come by now: 2 or more is a repeat, which shows nothing new */
  times: number
}
/** One receipt as it arrived. */
export interface ReceiptRecord {
  at: number
  id: string
  status: string
  reasons: string[]
  /** a final receipt for this message had come before */
  afterFinal: boolean
}

export interface Flow {
  id: string
  name: string
  type: 'INBOUNDSHORTMESSAGE'
}

/** Everything that the simulated Genesys Cloud organization knows. */
export class World {
  readonly context: LabContext
  readonly settings: GenesysSettings
  readonly faults: FaultBoard
  readonly poster: Poster
  /** client id to secret, for those that were registered */
  readonly clients = new Map<string, string>()
  readonly tokens: BoundedMap<string, AccessToken> = new BoundedMap(10_000)
  readonly integrations = new Map<string, Integration>()
  readonly flows: Flow[] = [
    { id: '6d1b0f5a-58a4-4a3e-9a55-2f3c0d9b7e10', name: 'Universal Messaging', type: 'INBOUNDSHORTMESSAGE' },
    { id: 'b8f0a1de-0c86-4b8c-8a10-5e4c3b2a1f09', name: 'Default Message Flow', type: 'INBOUNDSHORTMESSAGE' },
  ]
  readonly conversations: BoundedMap<string, ConversationState>
  /** `<integration> <guest>` to its open conversation */
  private readonly open = new Map<string, ConversationState>()
  /** webhook message id to where it stands */
  readonly agentMessages: BoundedMap<string, ConversationState>
  /** `<integration> <messageId>` to our id and conversation */
  readonly guestMessages: BoundedMap<string, { id: string; conversation: string }>
  readonly tally: Tally
  readonly received: Ring<ReceivedRecord>
  readonly receipts: Ring<ReceiptRecord>
  readonly queues: KeyedQueues
  readonly counters: Record<string, number> = {}
  readonly receivedListeners = new Set<(record: ReceivedRecord) => void>()

  constructor(context: LabContext, faults: FaultBoard, poster: Poster, settings: GenesysSettings) {
    this.context = context
    this.faults = faults
    this.poster = poster
    this.settings = settings
    const { limits } = context
    this.conversations = new BoundedMap(limits.conversations, (_id, conversation) => this.forgetOpen(conversation))
    this.agentMessages = new BoundedMap(limits.ids)
    this.guestMessages = new BoundedMap(limits.ids)
    this.tally = new Tally(limits.ids)
    this.received = new Ring(limits.audit)
    this.receipts = new Ring(limits.audit)
    this.queues = new KeyedQueues(200)
  }

  now(): number {
    return this.context.now().getTime()
  }
  count(counter: string): void {
    this.counters[counter] = (this.counters[counter] ?? 0) + 1
  }

  openConversation(integration: Integration, guest: string): ConversationState | undefined {
    return this.open.get(`${integration.id} ${guest}`)
  }
  startConversation(integration: Integration, guest: FromUser): ConversationState {
    const now = this.now()
    const conversation: ConversationState = {
      id: randomUUID(),
      integration,
      guest,
      participantData: {},
      startedAt: now,
      lastAt: now,
      endedAt: undefined,
      typingUntil: undefined,
      entries: new Ring(this.context.limits.entries),
      byId: new Map(),
      agentJoinedAt: undefined,
    }
    this.conversations.set(conversation.id, conversation)
    this.open.set(`${integration.id} ${guest.id}`, conversation)
    this.count('conversationsStarted')
    return conversation
  }
  endConversation(conversation: ConversationState): void {
    if (conversation.endedAt !== undefined) return
    conversation.endedAt = this.now()
    conversation.typingUntil = undefined
    this.forgetOpen(conversation)
    this.count('conversationsEnded')
  }

  store(conversation: ConversationState, entry: StoredEntry): void {
    const fallen = conversation.entries.push(entry)
    if (fallen !== undefined) conversation.byId.delete(fallen.id)
    conversation.byId.set(entry.id, entry)
    conversation.lastAt = entry.at
    this.conversations.touch(conversation.id)
  }

  reset(): void {
    this.conversations.clear()
    this.open.clear()
    this.agentMessages.clear()
    this.guestMessages.clear()
    this.tally.clear()
    this.received.clear()
    this.receipts.clear()
    this.queues.clear()
    for (const name of Object.keys(this.counters)) delete this.counters[name]
  }

  private forgetOpen(conversation: ConversationState): void {
    const key = `${conversation.integration.id} ${conversation.guest.id}`
    if (this.open.get(key) === conversation) this.open.delete(key)
  }
}

/** Message ids are 32 hexadecimal digits. */
export function newMessageId(): string {
  return randomUUID().replaceAll('-', '')
}
