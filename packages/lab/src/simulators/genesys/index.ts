import { ApiError } from '@um/shared/errors'
import { newest } from '../../kit/bounded-map.ts'
import type { LabContext } from '../../kit/context.ts'
import { FaultBoard } from '../../kit/faults/board.ts'
import { Listener } from '../../kit/listener.ts'
import { Poster } from '../../kit/poster.ts'
import type { DeskSide, Ownership, Simulator } from '../../kit/simulator.ts'
import type { AgentAction, AgentActionInput, AgentActionResult, Audit, Conversation, Desk, DeskTimeline, List } from '../../protocol.ts'
import { AgentAction as AgentActionSchema } from '../../protocol.ts'
import { Agents } from './agent.ts'
import { genesysFaults } from './fault-kinds.ts'
import { GenesysServer, operations } from './server.ts'
import { GenesysView, simulator } from './view.ts'
import { type ConversationState, defaultSettings, type GenesysSettings, type ReceiptRecord, type ReceivedRecord, World } from './world.ts'

export type { GenesysSettings, ReceiptRecord, ReceivedRecord } from './world.ts'

export interface GenesysOptions extends Partial<GenesysSettings> {
  port?: number
  webhookTimeoutMs?: number
}

const label = 'Genesys Cloud'

/** The simulated Genesys Cloud organization: login, Platform API, and agents at a desk. */
export class Genesys implements Simulator, DeskSide {
  readonly id = simulator
  readonly label = label
  readonly faults: FaultBoard
  private readonly world: World
  private readonly view: GenesysView
  private readonly agents: Agents
  private readonly poster: Poster
  private readonly context: LabContext
  private listener: Listener | undefined

  static async start(context: LabContext, owners: Ownership, options: GenesysOptions = {}): Promise<Genesys> {
    const genesys = new Genesys(context, owners, options)
    genesys.listener = await Listener.open(new GenesysServer(genesys.world, genesys.view).handle, context.host, options.port ?? 0)
    return genesys
  }

  private constructor(context: LabContext, owners: Ownership, { port: _port, webhookTimeoutMs, ...settings }: GenesysOptions) {
    this.context = context
    this.faults = new FaultBoard({
      simulator,
      label,
      kinds: genesysFaults,
      operations,
      changed: () => context.faultsChanged(),
      now: () => context.now(),
    })
    this.faults.onDown = isDown => (isDown ? this.opened().down() : this.opened().raise())
    this.poster = new Poster({ timeoutMs: webhookTimeoutMs ?? 10_000, maxSockets: 200 })
    this.world = new World(context, this.faults, this.poster, { ...defaultSettings, ...settings })
    this.view = new GenesysView(this.world, owners)
    this.agents = new Agents(this.world, this.view, () => this.url)
  }

  /** For a tenant's `apiUrl` and `loginUrl`. */
  get url(): string {
    return `http://${this.context.publicHost}:${this.opened().port}`
  }
  get isUp(): boolean {
    return this.opened().isUp
  }
  counters(): Record<string, number> {
    return { ...this.world.counters, repeats: this.world.tally.repeats, pending: this.world.queues.size }
  }
  audit(): Audit {
    return { simulator, counters: this.counters(), repeated: this.world.tally.repeated() }
  }
  reset(): void {
    this.world.reset()
  }
  async close(): Promise<void> {
    this.faults.close()
    this.world.queues.close()
    await this.listener?.down()
    this.poster.close()
  }

  /** Registers an OAuth client: from then on it must give this secret. */
  addClient(id: string, secret: string): void {
    this.world.clients.set(id, secret)
  }
  /** All tokens in use are refused from now on; new logins work. Returns how many there were. */
  revokeTokens(): number {
    let revoked = 0
    for (const token of this.world.tokens.values()) {
      if (!token.revoked) revoked += 1
      token.revoked = true
    }
    return revoked
  }

  desks(): Desk[] {
    return [...this.world.integrations.values()].map(integration => this.view.desk(integration))
  }
  conversations(limit: number, state: 'open' | 'ended' | undefined): List<Conversation> {
    const isWanted = ({ endedAt }: ConversationState) => state === undefined || (endedAt === undefined) === (state === 'open')
    const { items, more } = newest(this.world.conversations, limit, isWanted)
    return { items: items.map(conversation => this.view.conversation(conversation)), more }
  }
  deskTimeline(id: string, limit: number): DeskTimeline {
    const conversation = this.conversationOf(id)
    return {
      conversation: this.view.conversation(conversation),
      entries: conversation.entries.last(limit).map(stored => this.view.entry(conversation, stored)),
      truncated: conversation.entries.total > Math.min(limit, conversation.entries.size),
    }
  }
  async agentActs(id: string, action: AgentAction): Promise<AgentActionResult> {
    const conversation = this.conversationOf(id)
    return { entries: this.agents.act(conversation, action).map(stored => this.view.entry(conversation, stored)) }
  }

  /** For tests: as `agentActs`, with defaults left out. */
  agent(id: string, action: AgentActionInput): AgentActionResult {
    const conversation = this.conversationOf(id)
    return { entries: this.agents.act(conversation, AgentActionSchema.parse(action)).map(stored => this.view.entry(conversation, stored)) }
  }
  /** The open conversation of a guest. */
  conversationWith(integration: string, guest: string): Conversation | undefined {
    const known = this.world.integrations.get(integration)
    const conversation = known === undefined ? undefined : this.world.openConversation(known, guest)
    return conversation === undefined ? undefined : this.view.conversation(conversation)
  }
  /** All messages of guests as they arrived, repeats included, oldest first (bounded by `limits.audit`). */
  received(wanted: { integration?: string; guest?: string } = {}): ReceivedRecord[] {
    return this.world.received
      .all()
      .filter(
        record =>
          (wanted.integration === undefined || record.integration === wanted.integration) && (wanted.guest === undefined || record.guest === wanted.guest),
      )
  }
  receipts(message?: string): ReceiptRecord[] {
    return this.world.receipts.all().filter(record => message === undefined || record.id === message)
  }
  /** Calls back at each message of a guest, repeats included; returns what ends it. */
  onReceived(listener: (record: ReceivedRecord) => void): () => void {
    this.world.receivedListeners.add(listener)
    return () => this.world.receivedListeners.delete(listener)
  }
  /** Webhooks that wait. */
  pendingWebhooks(): number {
    return this.world.queues.size
  }

  private opened(): Listener {
    if (this.listener === undefined) throw new Error('the simulator has not started')
    return this.listener
  }
  private conversationOf(id: string): ConversationState {
    const conversation = this.world.conversations.get(id)
    if (conversation === undefined) throw new ApiError('notFound', 'This conversation is not known (any more).')
    return conversation
  }
}
