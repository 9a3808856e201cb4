import type { Hit } from '../../kit/faults/board.ts'
import type { Task, TaskResult } from '../../kit/keyed-queues.ts'
import { randomToken } from '../../kit/random.ts'
import { optInUpdateKinds, type UpdateKind, type UpdatePayloads } from './types.ts'
import type { Bot, World } from './world.ts'

/**
 * Delivery of updates, as the platform's server does it: in order per chat, at most `max_connections` at a time, the first repeat at once, later
 * ones after 2, 4, 8 ... seconds up to a random 60 to 120, `Retry-After` obeyed, given up after 24 hours.
 */
const giveUpMs = 24 * 60 * 60 * 1000
const dropWebhookAfter410Ms = 23 * 60 * 60 * 1000
const maxRetryAfterSeconds = 3600

export interface DeliveryState {
  state: 'queued' | 'delivered' | 'retrying' | 'lost'
  attempts: number
  status?: number
  why?: string
}

/** Returns the update's id, or undefined when the bot does not want this kind. `told` hears how the delivery fares. */
export function publish<K extends UpdateKind>(
  world: World,
  bot: Bot,
  kind: K,
  payload: UpdatePayloads[K],
  guest: number,
  told: (state: DeliveryState) => void,
): number | undefined {
  if (!wants(bot, kind)) {
    world.count('updatesNotWanted')
    return undefined
  }
  if (bot.queues.size >= world.context.limits.pending) {
    world.count('updatesDropped')
    told({ state: 'lost', attempts: 0, why: 'too many updates wait' })
    return undefined
  }
  const updateId = bot.nextUpdateId
  bot.nextUpdateId += 1
  const update = { update_id: updateId, [kind]: payload }
  enqueue(bot, new Delivery(world, bot, kind, guest, update, told))
  world.count('updates')
  return updateId
}

function enqueue(bot: Bot, delivery: Delivery): void {
  bot.queues.push(String(delivery.guest), delivery)
}

function wants(bot: Bot, kind: UpdateKind): boolean {
  return bot.webhook.allowed === undefined ? !optInUpdateKinds.includes(kind) : bot.webhook.allowed.includes(kind)
}

type Update = { update_id: number } & Record<string, unknown>

class Delivery implements Task {
  readonly guest: number
  private readonly world: World
  private readonly bot: Bot
  private readonly kind: UpdateKind
  private readonly update: Update
  private readonly body: Buffer
  private readonly told: (state: DeliveryState) => void
  private readonly createdAt: number
  /** a copy that a fault made: no faults strike it again */
  private readonly isCopy: boolean
  private hits: readonly Hit[] | undefined
  private attempts = 0
  private delaySeconds = 1

  constructor(world: World, bot: Bot, kind: UpdateKind, guest: number, update: Update, told: (state: DeliveryState) => void, isCopy = false) {
    this.world = world
    this.bot = bot
    this.kind = kind
    this.guest = guest
    this.update = update
    this.body = Buffer.from(JSON.stringify(update))
    this.told = told
    this.createdAt = world.now()
    this.isCopy = isCopy
  }

  async run(): Promise<TaskResult> {
    const held = this.strike()
    if (held !== undefined) return held
    const { webhook } = this.bot
    const headers: Record<string, string> = { 'Content-Type': 'application/json' }
    if (webhook.secret !== '') headers['X-Telegram-Bot-Api-Secret-Token'] = webhook.secret
    const outcome = await this.world.poster.post(webhook.url, headers, this.body)
    this.attempts += 1
    this.record(outcome.status, outcome.ms, outcome.why)
    if (outcome.status >= 200 && outcome.status < 300) {
      webhook.first410At = undefined
      this.world.count('webhooksAccepted')
      this.told({ state: 'delivered', attempts: this.attempts, status: outcome.status })
      this.copy()
      return { done: true }
    }
    this.world.count('webhooksRefused')
    return this.failed(outcome.status, outcome.why, outcome.retryAfterSeconds)
  }

  private failed(status: number, why: string, retryAfterSeconds: number | undefined): TaskResult {
    const { webhook } = this.bot
    const now = this.world.now()
    webhook.lastError = { message: status === 0 ? why : `Wrong response from the webhook: ${why}`, at: now }
    this.note410(status)
    const waitSeconds = this.nextWait(retryAfterSeconds)
    if (now + waitSeconds * 1000 > this.createdAt + giveUpMs) {
      this.world.count('updatesLost')
      this.told({ state: 'lost', attempts: this.attempts, status, why })
      return { done: true }
    }
    this.told({ state: 'retrying', attempts: this.attempts, status, why })
    return { againInMs: waitSeconds * 1000 * this.world.context.timeScale }
  }

  private nextWait(retryAfterSeconds: number | undefined): number {
    if (retryAfterSeconds !== undefined) return Math.min(retryAfterSeconds, maxRetryAfterSeconds)
    if (this.attempts === 1) return 0
    const most = 60 + Math.floor(this.world.context.random() * 61)
    this.delaySeconds = Math.min(most, this.delaySeconds * 2)
    return this.delaySeconds
  }

  /** A webhook that says "gone" for 23 hours is removed. */
  private note410(status: number): void {
    const { webhook } = this.bot
    if (status !== 410) {
      webhook.first410At = undefined
      return
    }
    webhook.first410At ??= this.world.now()
    if (this.world.now() - webhook.first410At > dropWebhookAfter410Ms) {
      webhook.url = ''
      this.bot.queues.pause()
    }
  }

  /** Faults strike a webhook once, before its first attempt. Returns what makes it wait. */
  private strike(): TaskResult | undefined {
    if (this.hits !== undefined || this.isCopy) return undefined
    this.hits = this.world.faults.strike('webhooks', { operation: this.kind, account: String(this.bot.id), guest: String(this.guest) })
    if (this.hits.some(hit => hit.kind === 'drop')) {
      this.world.count('webhooksSwallowed')
      this.told({ state: 'delivered', attempts: 1, status: 200 })
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
        const update = twice.params.newId === true ? { ...this.update, update_id: this.bot.nextUpdateId++ } : this.update
        this.world.count('duplicateWebhooks')
        enqueue(this.bot, new Delivery(this.world, this.bot, this.kind, this.guest, update, () => undefined, true))
      }
    }
    if (twice.params.afterMs === 0) push()
    else setTimeout(push, Number(twice.params.afterMs)).unref()
  }

  private async forge(): Promise<void> {
    const body = Buffer.from(this.body.toString('utf8').replace(/"text":"(?:[^"\\]|\\.)*"/, '"text":"This message is forged"'))
    const outcome = await this.world.poster.post(
      this.bot.webhook.url,
      { 'Content-Type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': randomToken(24) },
      body,
    )
    this.world.count(outcome.status >= 200 && outcome.status < 300 ? 'forgedAccepted' : 'forgedRefused')
    this.record(outcome.status, outcome.ms, outcome.why)
  }

  private record(status: number, ms: number, why: string): void {
    const fault = this.hits?.[0]?.fault
    this.world.context.exchanges.record({
      simulator: 'telegram',
      direction: 'webhook',
      operation: this.kind,
      account: String(this.bot.id),
      guest: String(this.guest),
      status,
      ms,
      attempt: this.attempts,
      ...(fault === undefined ? {} : { fault }),
      ...(why === '' ? {} : { why }),
      at: this.world.context.now().toISOString(),
    })
  }
}
