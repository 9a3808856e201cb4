import { randomUUID } from 'node:crypto'
import { type Broker, exchanges } from '../amqp/index.ts'
import type { Content } from '../contract/index.ts'
import type { Counter } from '../metrics/index.ts'
import { type DataOf, envelope } from '../model/index.ts'
import { type HopName, hopFacts } from './hops.ts'
import { wordsOf } from './words.ts'

type WireHop = DataOf<'um.journey.v1'>['hops'][number]
export interface Hop extends Omit<WireHop, 'hop' | 'at' | 'text'> {
  hop: HopName
  /** default now */
  at?: Date
}

/** Hops are told in batches: so many, or what there is after so long. */
const batchHops = 200
const flushMilliseconds = 75
/** While RabbitMQ does not take them, no more than this are kept; the oldest go. */
const maxKept = 2000
/** A wait that is told again and again with the same words is told once in this time. */
const sameWaitMilliseconds = 10_000
const maxWaits = 2000
const maxDetailCharacters = 300

/**
 * Tells where messages are. Best effort: it never blocks, never throws, costs a message next to nothing, and its memory is bounded whatever RabbitMQ does.
 */
export class Journal {
  private readonly broker: Pick<Broker, 'takesLightly' | 'publishLightly'>
  private readonly service: string
  private readonly replica: string
  private readonly bodies: boolean
  private readonly dropped: Counter
  private readonly now: () => Date
  private readonly kept: WireHop[] = []
  /** messages that wait here, with what was told of it last */
  private readonly waits = new Map<string, { told: string; at: number }>()
  private timer: NodeJS.Timeout | undefined

  constructor(options: {
    broker: Pick<Broker, 'takesLightly' | 'publishLightly'>
    service: string
    replica: string
    /** the deployer wants the messages' words told */
    bodies: boolean
    dropped: Counter
    now?: () => Date
  }) {
    this.broker = options.broker
    this.service = options.service
    this.replica = options.replica
    this.bodies = options.bodies
    this.dropped = options.dropped
    this.now = options.now ?? (() => new Date())
  }

  /** `content`: where the message appears for the first time; its words are told only if the deployer wants that. */
  tell({ at = this.now(), detail, ...hop }: Hop, content?: Content): void {
    if (this.isOldNews(hop.hop, hop.message, detail, at)) return
    const text = this.bodies && content !== undefined ? wordsOf(content) : undefined
    if (this.kept.length >= maxKept) {
      this.kept.shift()
      this.dropped.increment()
    }
    this.kept.push({ ...hop, at: at.toISOString(), ...(detail === undefined ? {} : { detail: shortened(detail) }), ...(text === undefined ? {} : { text }) })
    if (this.kept.length >= batchHops) this.flush()
    this.schedule()
  }

  /** Tells what there is, as far as RabbitMQ takes it now. */
  flush(): void {
    while (this.kept.length > 0 && this.broker.takesLightly) {
      const hops = this.kept.splice(0, batchHops)
      const facts = { id: randomUUID(), source: `/${this.service}`, subject: this.service, time: this.now() }
      try {
        this.broker.publishLightly(exchanges.journal, this.service, envelope('um.journey.v1', facts, { service: this.service, replica: this.replica, hops }))
      } catch {
        this.dropped.increment(undefined, hops.length)
      }
    }
  }

  /** The last chance before the connection is closed. */
  close(): void {
    clearTimeout(this.timer)
    this.flush()
  }

  private schedule(): void {
    if (this.kept.length === 0 || this.timer !== undefined) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.flush()
      this.schedule()
    }, flushMilliseconds).unref()
  }

  /** A message that waits is taken up again and again: that would fill its journey with the same few hops. */
  private isOldNews(hop: HopName, message: string, detail: Hop['detail'], at: Date): boolean {
    const { effect } = hopFacts[hop]
    if (effect === 'about') return false
    const before = this.waits.get(message)
    if (hop === 'consumed' || hop === 'rendered') return before !== undefined
    this.waits.delete(message)
    // what was spooled is taken up by its queue later, for the first time
    if (effect !== 'wait' || hop === 'spooled') return false
    const told = `${hop} ${detail?.why} ${detail?.attempt}`
    const isSame = before?.told === told && at.getTime() - before.at < sameWaitMilliseconds
    this.waits.set(message, isSame ? before : { told, at: at.getTime() })
    if (this.waits.size > maxWaits) this.forgetOldestWait()
    return isSame
  }
  private forgetOldestWait(): void {
    for (const message of this.waits.keys()) {
      this.waits.delete(message)
      return
    }
  }
}

function shortened(detail: NonNullable<Hop['detail']>): NonNullable<Hop['detail']> {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > maxDetailCharacters ? `${value.slice(0, maxDetailCharacters - 1)}…` : value,
    ]),
  )
}
