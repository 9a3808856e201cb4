import { setTimeout as sleep } from 'node:timers/promises'
import { exchanges } from '@um/shared/amqp'
import { stateOf } from '@um/shared/journal'
import { readEnvelope } from '@um/shared/model'
import { connect } from 'amqplib'
import { BoundedMap, newest } from './kit/bounded-map.ts'
import type { EventHub } from './kit/event-hub.ts'
import { Ring } from './kit/ring.ts'
import type { JournalStatus, Journey, JourneyHop, List } from './protocol.ts'

export interface JourneyQuery {
  limit: number
  guest?: string | undefined
  tenantId?: string | undefined
  message?: string | undefined
  platformId?: string | undefined
}

const hopsPerMessage = 64

/** The journeys of the last messages, as the services tell them on the fleet's journal. */
export class Journeys {
  private readonly byMessage: BoundedMap<string, Ring<JourneyHop>>
  private readonly events: EventHub
  private seq = 0

  constructor(capacity: number, events: EventHub) {
    this.byMessage = new BoundedMap(capacity)
    this.events = events
  }

  get hops(): number {
    return this.seq
  }

  add(facts: Omit<JourneyHop, 'seq'>): void {
    this.seq += 1
    const hop = { seq: this.seq, ...facts }
    const key = `${hop.direction} ${hop.message}`
    const known = this.byMessage.touch(key)
    if (known === undefined) {
      const hops = new Ring<JourneyHop>(hopsPerMessage)
      hops.push(hop)
      this.byMessage.set(key, hops)
    } else {
      known.push(hop)
    }
    if (!this.events.isIdle) this.events.touch(`hop:${hop.seq}`, () => ({ type: 'hop', hop }))
  }

  find(query: JourneyQuery): List<Journey> {
    const { items, more } = newest(this.byMessage, query.limit, hops => matches(hops.all(), query))
    return { items: items.map(hops => journeyOf(hops.all())), more }
  }
  clear(): void {
    this.byMessage.clear()
  }
}

function matches(hops: JourneyHop[], { guest, tenantId, message, platformId }: JourneyQuery): boolean {
  return hops.some(
    hop =>
      (guest === undefined || hop.guest === guest) &&
      (tenantId === undefined || hop.tenantId === tenantId) &&
      (message === undefined || hop.message === message) &&
      (platformId === undefined || hop.platformId === platformId),
  )
}

function journeyOf(unsorted: JourneyHop[]): Journey {
  // services tell their hops side by side: the order of arrival is not the order of events
  const hops = unsorted.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.seq - b.seq)
  const [first] = hops
  const last = hops.at(-1)
  if (first === undefined || last === undefined) throw new Error('a journey has at least one hop')
  const kind = hops.find(hop => hop.kind !== undefined)?.kind
  return {
    message: first.message,
    tenantId: first.tenantId,
    guest: first.guest,
    direction: first.direction,
    ...(kind === undefined ? {} : { kind }),
    firstAt: first.at,
    lastAt: last.at,
    // the page shows for itself how long nothing has been heard
    state: stateOf(
      hops.map(({ at, ...hop }) => ({ ...hop, at: Date.parse(at) })),
      Date.parse(last.at),
    ),
    hops,
  }
}
/** Listens to the journal; comes back by itself when RabbitMQ was away. What was told meanwhile is lost: the journal is best effort. */
export class JournalListener {
  private readonly url: string
  private readonly journeys: Journeys
  private readonly changed: () => void
  private state: JournalStatus['state'] = 'connecting'
  private why: string | undefined
  private readonly ending = new AbortController()
  private close: (() => Promise<void>) | undefined
  private running: Promise<void> | undefined

  constructor(url: string, journeys: Journeys, changed: () => void) {
    this.url = url
    this.journeys = journeys
    this.changed = changed
  }

  get status(): JournalStatus {
    return { state: this.state, ...(this.why === undefined ? {} : { why: this.why }), hops: this.journeys.hops }
  }
  start(): void {
    this.running ??= this.run()
  }
  async stop(): Promise<void> {
    this.ending.abort()
    await this.close?.()
    await this.running
  }

  private async run(): Promise<void> {
    let attempt = 0
    while (!this.ending.signal.aborted) {
      try {
        await this.listenOnce(() => {
          attempt = 0
        })
        this.become('down', 'the connection has ended')
      } catch (error) {
        this.become('down', reasonOf(error))
      }
      attempt += 1
      await sleep(Math.min(250 * 2 ** attempt, 5000), undefined, { signal: this.ending.signal }).catch(() => undefined)
    }
  }

  /** Returns when the connection has ended. The exchange belongs to the services: it is waited for, never declared here. */
  private async listenOnce(connected: () => void): Promise<void> {
    const connection = await connect(this.url, { timeout: 10_000 })
    const ended = new Promise<void>(resolve => connection.on('close', () => resolve()))
    connection.on('error', error => {
      this.why = reasonOf(error)
    })
    this.close = () => connection.close().catch(() => undefined)
    try {
      if (this.ending.signal.aborted) return
      const channel = await connection.createChannel()
      channel.on('error', error => {
        this.why = reasonOf(error)
      })
      channel.on('close', () => void connection.close().catch(() => undefined))
      await channel.checkExchange(exchanges.journal)
      const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false, arguments: { 'x-max-length': 20_000 } })
      await channel.bindQueue(queue, exchanges.journal, '#')
      await channel.consume(queue, message => (message === null ? channel.close().catch(() => undefined) : this.take(message.content)), { noAck: true })
      connected()
      this.become('up', undefined)
      await ended
    } finally {
      this.close = undefined
      await connection.close().catch(() => undefined)
    }
  }

  private take(body: Buffer): void {
    try {
      const envelope = readEnvelope(body)
      if (envelope.type !== 'um.journey.v1') return
      const { service, replica, hops } = envelope.data
      for (const { tenantId, guest, message, hop, direction, at, kind, platformId, detail } of hops) {
        this.journeys.add({
          ...{ tenantId, guest, message, service, replica, hop, direction, at },
          ...(kind === undefined ? {} : { kind }),
          ...(platformId === undefined ? {} : { platformId }),
          ...(detail === undefined ? {} : { detail }),
        })
      }
    } catch {
      // not one of the fleet's envelopes: nothing that a journey could show
    }
  }
  private become(state: JournalStatus['state'], why: string | undefined): void {
    this.state = state
    this.why = why
    this.changed()
  }
}

/** Error texts of a broken URL or a refused login may name the password. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || ('code' in error ? String(error.code) : error.name) : String(error)
  return text.replace(/\/\/[^@/\s]*@/g, '//***@')
}
