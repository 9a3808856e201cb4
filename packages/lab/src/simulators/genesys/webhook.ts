import { createHmac } from 'node:crypto'
import type { Hit } from '../../kit/faults/board.ts'
import type { Task, TaskResult } from '../../kit/keyed-queues.ts'
import type { OutboundBody } from './types.ts'
import { type ConversationState, type Integration, newMessageId, type World } from './world.ts'

/**
 * Webhooks of the contact centre: signed, in order per guest, repeated up to five times at five seconds' distance after a time-out, a 429 or a 5xx;
 * any other answer is final.
 */
const maxRepeats = 5
const repeatAfterMs = 5000

export interface DeliveryState {
  state: 'delivered' | 'retrying' | 'lost'
  attempts: number
  status: number
  why: string
}
export interface Outbound {
  id: string
  /** absent: neither a person nor a bot (agentless, flow) */
  author?: 'Human' | 'Bot'
  direction: 'Outbound' | 'Inbound'
  body: OutboundBody
}

/** `sha256=` and the standard base64 of the HMAC over exactly these bytes. */
export function sign(token: string, body: Buffer): string {
  return `sha256=${createHmac('sha256', token).update(body).digest('base64')}`
}

export function deliver(world: World, conversation: ConversationState, outbound: Outbound, told: (state: DeliveryState) => void): void {
  if (world.queues.size >= world.context.limits.pending) {
    world.count('webhooksDropped')
    told({ state: 'lost', attempts: 0, status: 0, why: 'too many webhooks wait' })
    return
  }
  world.count('webhooks')
  enqueue(world, new Delivery(world, conversation, outbound, told))
}
function enqueue(world: World, delivery: Delivery): void {
  world.queues.push(`${delivery.integration.id} ${delivery.guest}`, delivery)
}

function envelope(integration: Integration, conversation: ConversationState, outbound: Outbound, time: Date): object {
  const customAttributes = conversation.participantData
  return {
    id: outbound.id,
    channel: {
      id: integration.id,
      platform: 'Open',
      type: 'Private',
      messageId: outbound.id,
      to: { id: conversation.guest.id, idType: 'Opaque' },
      from: { nickname: integration.name, id: integration.id, idType: 'Opaque' },
      time: time.toISOString(),
      ...(Object.keys(customAttributes).length === 0 ? {} : { metadata: { customAttributes } }),
    },
    ...outbound.body,
    direction: outbound.direction,
    ...(outbound.author === undefined ? {} : { originatingEntity: outbound.author }),
    conversationId: conversation.id,
  }
}

class Delivery implements Task {
  readonly integration: Integration
  readonly guest: string
  private readonly world: World
  private readonly conversation: ConversationState
  private readonly outbound: Outbound
  private readonly told: (state: DeliveryState) => void
  private readonly body: Buffer
  /** a copy that a fault made: no faults strike it again */
  private readonly isCopy: boolean
  private hits: readonly Hit[] | undefined
  private attempts = 0

  constructor(world: World, conversation: ConversationState, outbound: Outbound, told: (state: DeliveryState) => void, copyOf?: Buffer) {
    this.world = world
    this.conversation = conversation
    this.integration = conversation.integration
    this.guest = conversation.guest.id
    this.outbound = outbound
    this.told = told
    this.isCopy = copyOf !== undefined
    this.body = copyOf ?? Buffer.from(JSON.stringify(envelope(this.integration, conversation, outbound, world.context.now())))
  }

  async run(): Promise<TaskResult> {
    const held = this.strike()
    if (held !== undefined) return held
    const outcome = await this.world.poster.post(this.integration.webhookUrl, this.headers(sign(this.integration.webhookToken, this.body)), this.body)
    this.attempts += 1
    this.record(outcome.status, outcome.ms, outcome.why)
    const { status, why } = outcome
    if (status >= 200 && status < 300) {
      this.world.count('webhooksAccepted')
      this.told({ state: 'delivered', attempts: this.attempts, status, why: '' })
      this.copy()
      return { done: true }
    }
    this.world.count('webhooksRefused')
    const isTemporary = status === 0 || status === 429 || status >= 500
    if (isTemporary && this.attempts <= maxRepeats) {
      this.told({ state: 'retrying', attempts: this.attempts, status, why })
      return { againInMs: repeatAfterMs * this.world.context.timeScale }
    }
    this.world.count('webhooksLost')
    this.told({ state: 'lost', attempts: this.attempts, status, why })
    return { done: true }
  }

  private headers(signature: string): Record<string, string> {
    return { ...this.integration.webhookHeaders, 'Content-Type': 'application/json', 'X-Hub-Signature-256': signature }
  }

  /** Faults strike a webhook once, before its first attempt. Returns what makes it wait. */
  private strike(): TaskResult | undefined {
    if (this.hits !== undefined || this.isCopy) return undefined
    this.hits = this.world.faults.strike('webhooks', { operation: this.outbound.body.type, account: this.integration.id, guest: this.guest })
    if (this.hits.some(hit => hit.kind === 'drop')) {
      this.world.count('webhooksSwallowed')
      this.told({ state: 'delivered', attempts: 1, status: 200, why: '' })
      return { done: true }
    }
    if (this.hits.some(hit => hit.kind === 'forged')) void this.forge()
    const late = this.hits.find(hit => hit.kind === 'delay')
    if (late !== undefined) return { againInMs: Number(late.params.ms) }
    const overtaken = this.hits.find(hit => hit.kind === 'reorder')
    return overtaken === undefined ? undefined : { behindWithinMs: Number(overtaken.params.withinMs) }
  }

  private copy(): void {
    const twice = this.hits?.find(hit => hit.kind === 'duplicate')
    if (twice === undefined) return
    const push = () => {
      for (let copy = 0; copy < Number(twice.params.copies); copy += 1) {
        this.world.count('duplicateWebhooks')
        enqueue(this.world, new Delivery(this.world, this.conversation, this.outbound, () => undefined, this.again(twice.params.newId === true)))
      }
    }
    if (twice.params.afterMs === 0) push()
    else setTimeout(push, Number(twice.params.afterMs)).unref()
  }
  private again(newId: boolean): Buffer {
    if (!newId) return this.body
    const outbound = { ...this.outbound, id: newMessageId() }
    return Buffer.from(JSON.stringify(envelope(this.integration, this.conversation, outbound, this.world.context.now())))
  }

  private async forge(): Promise<void> {
    const body = Buffer.from(this.body.toString('utf8').replace(/"text":"(?:[^"\\]|\\.)*"/, '"text":"This message is forged"'))
    const outcome = await this.world.poster.post(this.integration.webhookUrl, this.headers(sign(`${this.integration.webhookToken}x`, body)), body)
    this.world.count(outcome.status >= 200 && outcome.status < 300 ? 'forgedAccepted' : 'forgedRefused')
    this.record(outcome.status, outcome.ms, outcome.why)
  }

  private record(status: number, ms: number, why: string): void {
    const fault = this.hits?.[0]?.fault
    this.world.context.exchanges.record({
      simulator: 'genesys',
      direction: 'webhook',
      operation: this.outbound.body.type,
      account: this.integration.id,
      guest: this.guest,
      status,
      ms,
      attempt: this.attempts,
      ...(fault === undefined ? {} : { fault }),
      ...(why === '' ? {} : { why }),
      at: this.world.context.now().toISOString(),
    })
  }
}
