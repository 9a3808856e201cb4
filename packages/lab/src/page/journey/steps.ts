import type { DeskEntry, JourneyHop, PhoneEntry } from '../../protocol.ts'
import { factsOfHop, formatDuration, type Outcome, wordsOfHop } from './words.ts'

/** One stop of a message: a hop that a service told, or its beginning and end at the two people. */
export interface Step {
  key: string
  at: string
  /** 'Phone', 'Desk', or the service */
  place: string
  title: string
  outcome: Outcome
  /** attempts, answers, reasons */
  facts: string[]
  replica?: string
}

/** The same hop told again and again (a tenant that stays paused, an earlier message that takes its time) is one step. */
export function hopSteps(hops: readonly JourneyHop[]): Step[] {
  const runs: [JourneyHop, ...JourneyHop[]][] = []
  for (const hop of hops) {
    const run = runs.at(-1)
    if (run !== undefined && isRepeat(run[0], hop)) run.push(hop)
    else runs.push([hop])
  }
  return runs.map(stepOf)
}

function isRepeat(before: JourneyHop, hop: JourneyHop): boolean {
  return before.hop === hop.hop && before.service === hop.service && wordsOfHop(hop.hop).outcome === 'wait' && before.detail?.why === hop.detail?.why
}

function stepOf(run: [JourneyHop, ...JourneyHop[]]): Step {
  const hop = run.at(-1) ?? run[0]
  const { why, status, attempt, waitMs, rest } = factsOfHop(hop)
  const words = wordsOfHop(hop.hop)
  return {
    key: `hop ${run[0].seq}`,
    at: hop.at,
    place: hop.service,
    title: words.title,
    outcome: words.outcome,
    facts: [
      ...(why === undefined ? [] : [why]),
      ...(status === undefined ? [] : [`answer ${status}`]),
      ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
      ...(waitMs === undefined ? [] : [`waits ${formatDuration(waitMs)}`]),
      ...rest.map(([name, value]) => `${name} ${value}`),
      ...(run.length === 1 ? [] : [`${run.length} times`]),
    ],
    replica: hop.replica,
  }
}

export function phoneSteps(entry: PhoneEntry | undefined, way: 'leaves' | 'arrives'): Step[] {
  if (entry === undefined) return []
  const step = { key: `phone ${entry.id}`, at: entry.at, place: 'Phone' }
  if (way === 'leaves') return [{ ...step, ...leaving(entry, 'Written by the guest') }]
  if (entry.state === 'refused') return [{ ...step, title: 'Refused by the platform', outcome: 'bad', facts: answersOf(entry) }]
  return [{ ...step, title: 'Shown to the guest', outcome: 'ok', facts: [] }]
}

export function deskSteps(entry: DeskEntry | undefined, way: 'leaves' | 'arrives'): Step[] {
  if (entry === undefined) return []
  const step = { key: `desk ${entry.id}`, at: entry.at, place: 'Desk' }
  if (way === 'leaves') return [{ ...step, ...leaving(entry, entry.from === 'bot' ? 'Written by the bot' : 'Written by the agent') }]
  return [
    {
      ...step,
      title: 'Shown to the agent',
      outcome: 'ok',
      facts: entry.repeats === undefined || entry.repeats === 0 ? [] : [`came ${entry.repeats + 1} times`],
    },
  ]
}

function leaving(entry: PhoneEntry | DeskEntry, title: string): Pick<Step, 'title' | 'outcome' | 'facts'> {
  const outcome = entry.state === 'lost' ? 'bad' : entry.state === 'retrying' || entry.state === 'queued' ? 'wait' : 'ok'
  const more = entry.state === 'lost' ? ', given up' : entry.state === 'retrying' ? ', tried again' : ''
  const facts = outcome === 'ok' && (entry.attempts ?? 1) <= 1 ? [] : answersOf(entry)
  return { title: `${title}${more}`, outcome, facts }
}

function answersOf(entry: PhoneEntry | DeskEntry): string[] {
  return [
    ...(entry.why === undefined ? [] : [entry.why]),
    ...(entry.status === undefined || entry.status === 0 ? [] : [`answer ${entry.status}`]),
    ...(entry.attempts === undefined ? [] : [`attempt ${entry.attempts}`]),
  ]
}
