import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Evidence } from './audit/evidence.ts'
import { Ledger } from './audit/ledger.ts'
import { duration } from './audit/table.ts'
import type { Breakage } from './chaos/actions.ts'
import { Monkey } from './chaos/monkey.ts'
import type { Subject } from './fleet/subject.ts'
import { LabClient } from './lab/client.ts'
import { ExchangeWatch } from './lab/exchange-watch.ts'
import { type Places, Watch } from './lab/watch.ts'
import { loadPhoto } from './load/photo.ts'
import { Speaker } from './load/speaker.ts'
import { utterances } from './load/utterances.ts'
import type { VerifyOptions } from './options.ts'

/** After the last news, for what might still come twice. */
const quietMs = 6000
const exchangesEveryMs = 1000
const desksEveryMs = 500
const progressEveryMs = 5000
const shortestPauseMs = 1000

/** One load from its first word to the last look at what became of it. */
export class Run {
  readonly ledger: Ledger
  private readonly subject: Subject
  private readonly options: VerifyOptions
  private readonly tell: (line: string) => void
  private readonly lab: LabClient
  private readonly places: Places[]
  private readonly watch: Watch
  private readonly exchanges: ExchangeWatch
  private readonly speaker: Speaker
  private readonly conversationOf: ReadonlyMap<string, number>
  private monkey: Monkey | undefined
  /** what never came to rest */
  private restless: readonly string[] = []
  private readonly began = performance.now()

  /** Opens every guest's phone. */
  static async prepare(subject: Subject, options: VerifyOptions, tell: (line: string) => void): Promise<Run> {
    const lab = new LabClient(subject.labUrl)
    const photo = loadPhoto()
    const upload = await lab.upload('photo.jpg', 'image/jpeg', photo)
    const firstGuest = randomInt(1_000_000_000, 2_000_000_000)
    const places: Places[] = []
    const conversationOf = new Map<string, number>()
    for (let conversation = 0; conversation < options.conversations; conversation += 1) {
      const tenant = subject.tenants[conversation % subject.tenants.length]
      if (tenant === undefined) throw new Error('there is no tenant to write to')
      const id = String(firstGuest + conversation)
      const phone = await lab.openPhone({ platform: 'telegram', account: tenant.bot, guest: { id, name: `Guest ${conversation}` } })
      places.push({ phone: phone.id, desk: undefined })
      conversationOf.set(id, conversation)
    }
    return new Run({ subject, options, tell, lab, places, conversationOf, photo: upload.id, photoBytes: photo.length })
  }

  private constructor(parts: {
    subject: Subject
    options: VerifyOptions
    tell: (line: string) => void
    lab: LabClient
    places: Places[]
    conversationOf: ReadonlyMap<string, number>
    photo: string
    photoBytes: number
  }) {
    const { subject, options, tell, lab, places, conversationOf, photo, photoBytes } = parts
    this.subject = subject
    this.options = options
    this.tell = tell
    this.lab = lab
    this.places = places
    this.conversationOf = conversationOf
    this.ledger = new Ledger(options.conversations)
    this.watch = new Watch({ lab, ledger: this.ledger, places, photoBytes })
    this.exchanges = new ExchangeWatch(lab, conversationOf)
    this.speaker = new Speaker({ lab, ledger: this.ledger, places, photo })
  }

  get evidence(): Evidence {
    return { exchanges: this.exchanges.spoiled, breakdowns: this.monkey?.breakdowns ?? [], faultKinds: this.monkey?.faultKinds ?? new Map() }
  }

  /** Returns what makes the audit less sure than it looks. */
  async toTheEnd(plan: Iterator<Breakage>, interrupted: AbortSignal): Promise<string[]> {
    const { seed, messages, conversations, media, rate, chaos, everySeconds } = this.options
    const over = new AbortController()
    const watching = Promise.all([
      this.repeat(over.signal, desksEveryMs, () => this.findDesks()),
      this.repeat(over.signal, shortestPauseMs, () => this.watch.look(false)),
      this.repeat(over.signal, exchangesEveryMs, () => this.exchanges.look()),
      this.repeat(over.signal, progressEveryMs, async () => this.progress()),
    ])
    // what goes wrong while all else is awaited must not count as unhandled
    watching.catch(() => undefined)
    try {
      const spoken = new AbortController()
      const monkey = new Monkey({ subject: this.subject, lab: this.lab, plan, tell: line => this.say(line) })
      this.monkey = monkey
      const breaking = chaos.length === 0 ? Promise.resolve() : monkey.run(everySeconds * 1000, AbortSignal.any([spoken.signal, interrupted]))
      // told when it is awaited
      breaking.catch(() => undefined)
      try {
        await this.speaker.sayAll(utterances({ seed, messages, conversations, media }), rate, interrupted)
      } finally {
        spoken.abort()
        await breaking
      }
      this.say('everything is said; healing')
      await this.subject.heal()
      await this.accountedFor(interrupted)
    } finally {
      over.abort()
    }
    await watching
    await this.exchanges.look()
    await this.watch.look(true)
    return this.remarks()
  }

  /** Until the fate of each is known and nothing comes any more, or nothing new has happened for too long. */
  private async accountedFor(interrupted: AbortSignal): Promise<void> {
    let news = this.ledger.news
    for (let since = performance.now(); performance.now() - since < this.options.patienceSeconds * 1000; ) {
      const isComplete = this.ledger.unsettled === 0 && this.speaker.holding === 0
      if (isComplete && performance.now() - since > quietMs && (await this.subject.busy()).length === 0 && (await this.nothingPends())) return
      if (interrupted.aborted) return this.say('interrupted: what is missing counts as lost')
      await sleep(500)
      if (this.ledger.news !== news) since = performance.now()
      news = this.ledger.news
    }
    this.say(`nothing new for ${this.options.patienceSeconds} s: what is missing counts as lost`)
    this.restless = await this.subject.busy()
  }
  private async nothingPends(): Promise<boolean> {
    const audits = await Promise.all(['telegram', 'genesys'].map(simulator => this.lab.audit(simulator)))
    return audits.every(({ counters }) => (counters.pending ?? 0) === 0)
  }

  private async findDesks(): Promise<void> {
    if (this.places.every(({ desk }) => desk !== undefined)) return
    for (const { id, guest } of await this.lab.conversations()) {
      const conversation = this.conversationOf.get(guest.id)
      const place = conversation === undefined ? undefined : this.places[conversation]
      if (conversation === undefined || place === undefined || place.desk !== undefined) continue
      place.desk = id
      this.speaker.begun(conversation)
    }
  }

  /** Pauses are as long as the work was, so that watching never takes more than half of a core. */
  private async repeat(over: AbortSignal, everyMs: number, work: () => Promise<void>): Promise<void> {
    while (!over.aborted) {
      const began = performance.now()
      await work()
      await sleep(Math.max(everyMs, (performance.now() - began) * 2), undefined, { signal: over }).catch(() => undefined)
    }
  }

  private progress(): void {
    const incidents = this.subject.incidents().length
    const { said, holding } = this.speaker
    this.say(
      `said ${said} of ${this.options.messages}, ${this.ledger.unsettled} under way${holding === 0 ? '' : `, ${holding} answers wait for their conversation`}${incidents === 0 ? '' : `, ${incidents} incidents`}`,
    )
  }
  private say(line: string): void {
    this.tell(`${duration(performance.now() - this.began).padStart(8)}  ${line}`)
  }

  private async remarks(): Promise<string[]> {
    const limited = await Promise.all(
      ['telegram', 'genesys'].map(async simulator => ({ simulator, count: (await this.lab.audit(simulator)).counters.rateLimited ?? 0 })),
    )
    return [
      ...limited
        .filter(({ count }) => count > 0)
        .map(({ simulator, count }) => `${simulator} said 429 by itself ${count} times: the fleet exceeded its limits`),
      ...this.restless.map(what => `never came to rest: ${what}`),
      ...(this.speaker.holding === 0 ? [] : [`${this.speaker.holding} answers were never said: their conversations did not begin`]),
      ...(this.exchanges.missed === 0 ? [] : ['the Lab forgot exchanges before they were read: evidence may be missing']),
      ...(this.watch.truncated.size === 0 ? [] : [`${this.watch.truncated.size} timelines of the Lab were too short: what they forgot counts as lost`]),
    ]
  }
}
