import { setTimeout as sleep } from 'node:timers/promises'
import type { Breakdown } from '../audit/evidence.ts'
import type { Mend, Subject } from '../fleet/subject.ts'
import type { LabClient } from '../lab/client.ts'
import type { Direction } from '../load/utterances.ts'
import { type Action, type Breakage, describe } from './actions.ts'

/** Who delivers to the guest, and who to the agent: its end in the middle of a call leaves doubt. */
const delivers: Readonly<Record<string, Direction>> = {
  'telegram-connector': 'toGuest',
  'gcloudcx-connector': 'toAgent',
  telegram: 'toGuest',
  genesys: 'toAgent',
}

/** Breaks what the plan says, one thing every few seconds, and mends each after its time. */
export class Monkey {
  readonly breakdowns: Breakdown[] = []
  /** fault id → its kind */
  readonly faultKinds = new Map<string, string>()
  private readonly subject: Subject
  private readonly lab: LabClient
  private readonly plan: Iterator<Breakage>
  private readonly tell: (line: string) => void
  private readonly mending = new Set<Promise<void>>()

  constructor(options: { subject: Subject; lab: LabClient; plan: Iterator<Breakage>; tell: (line: string) => void }) {
    this.subject = options.subject
    this.lab = options.lab
    this.plan = options.plan
    this.tell = options.tell
  }

  /** Until `signal`; what is broken then is mended at once. */
  async run(everyMs: number, signal: AbortSignal): Promise<void> {
    for (let due = performance.now() + everyMs; !signal.aborted; due += everyMs) {
      await sleep(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await this.breakNext(signal)
    }
    await Promise.all(this.mending)
  }

  /** What is broken already is passed over: the next in the plan comes instead. */
  private async breakNext(signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < 50; tries += 1) {
      const { value: breakage, done } = this.plan.next()
      if (done === true) return
      const mend = await this.breakDown(breakage)
      if (mend === undefined) continue
      this.tell(describe(breakage))
      this.mendLater(breakage, mend, signal)
      return
    }
  }

  private async breakDown({ action }: Breakage): Promise<Mend | undefined> {
    if (action.do !== 'fault') return this.subject.breakDown(action)
    const { id, kind } = await this.lab.addFault(action.fault)
    this.faultKinds.set(id, kind)
    return () => this.lab.removeFault(id)
  }

  private mendLater(breakage: Breakage, mend: Mend, signal: AbortSignal): void {
    const breakdown = { what: describe(breakage), kills: killsOf(breakage.action), from: Date.now(), until: Number.POSITIVE_INFINITY }
    this.breakdowns.push(breakdown)
    const mending = sleep(breakage.forMs, undefined, { signal })
      .catch(() => undefined)
      .then(mend)
      .catch(error => {
        this.tell(`could not be mended: ${breakdown.what}: ${error instanceof Error ? error.message : String(error)}`)
      })
      .finally(() => {
        breakdown.until = Date.now()
        this.mending.delete(mending)
      })
    this.mending.add(mending)
  }
}

function killsOf(action: Action): Direction | undefined {
  if (action.do === 'killReplica') return delivers[action.service]
  return action.do === 'fault' && action.fault.kind === 'down' ? delivers[action.fault.simulator] : undefined
}
