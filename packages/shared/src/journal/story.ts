import { factsOf } from './hops.ts'
import { type JourneyState, lastStation, lostBy, sinceReplay, stateOf, type Told } from './state.ts'
import { clock, duration } from './time.ts'

/** What is known besides a message's own hops. */
export interface Surroundings {
  now: number
  /** of the tenant, for people */
  tenant?: string | undefined
  /** why the tenant is paused at a service; undefined: it is not, or nobody knows */
  pausedAt?(service: string): string | undefined
  /** the message of the same guest that has to go first, and where it is */
  behind?: { message: string; because: string } | undefined
}
export interface Story {
  state: JourneyState
  /** one sentence: where it is, or how it ended */
  summary: string
  /** the same for a stuck one, else null */
  stuckBecause: string | null
}

/** A next try that is overdue by no more than this is a matter of a busy machine, or of a wait that was told once for several. */
const graceMilliseconds = 15_000

/** What became of a message, as far as its hops tell (in their order, at least one). */
export function tellStory(hops: readonly Told[], around: Surroundings): Story {
  const state = stateOf(hops, around.now)
  if (state === 'failed') return { state, summary: howItFailed(hops, around.now), stuckBecause: null }
  if (state === 'done') return { state, summary: howItArrived(hops, around.now), stuckBecause: null }
  const last = lastStation(sinceReplay(hops))
  if (last === undefined) return { state, summary: 'Nothing is known of it.', stuckBecause: null }
  if (factsOf(last.hop).effect === 'wait') return stuck(whyItWaits(hops, last, around))
  if (around.behind !== undefined) return stuck(`Waits behind message ${around.behind.message} of the same guest: ${around.behind.because}`)
  if (state === 'stuck') return stuck(whyItIsSilent(last, around))
  return { state, summary: `On its way: last seen in ${last.service} at ${clock(last.at, around.now)}, ${whatHappened(last)}.`, stuckBecause: null }
}

/** It waits by a service's own word, not only by silence: what comes behind it in its conversation waits for it. */
export function holdsUpOthers(hops: readonly Told[], now: number): boolean {
  const last = lastStation(sinceReplay(hops))
  return last !== undefined && stateOf(hops, now) === 'stuck' && factsOf(last.hop).effect === 'wait'
}

function stuck(sentence: string): Story {
  return { state: 'stuck', summary: sentence, stuckBecause: sentence }
}

function whyItWaits(hops: readonly Told[], last: Told, { now, tenant, pausedAt }: Surroundings): string {
  const since = clock(beginOfWait(hops, last).at, now)
  if (last.hop === 'spooled') return `Waits in ${last.service} since ${since}: RabbitMQ did not take it, and it is handed on as soon as RabbitMQ does.`
  const told = whyOf(last)
  const attempt = last.detail?.attempt === undefined ? '' : `, attempt ${last.detail.attempt} failed`
  return `Waits in ${last.service} since ${since}: ${cause()}${attempt}${nextTry(last, now)}${also()}.`

  function cause(): string {
    if (last.hop !== 'parked') return withoutStop(told ?? factsOf(last.hop).title.toLowerCase())
    if (last.detail?.gate === 'broken') return `its platform fails again and again${inBrackets(told)}`
    return `${pausedTenant(tenant)}${inBrackets(told)}`
  }
  function also(): string {
    const paused = last.hop === 'parked' ? undefined : pausedAt?.(last.service)
    return paused === undefined ? '' : ` (${pausedTenant(tenant)}${paused === '' ? '' : `: ${withoutStop(paused)}`})`
  }
}
function pausedTenant(tenant: string | undefined): string {
  return `tenant ${tenant ?? 'of this message'} is paused`
}
function inBrackets(text: string | undefined): string {
  return text === undefined ? '' : ` (${withoutStop(text)})`
}

function nextTry(last: Told, now: number): string {
  const wait = last.detail?.waitMilliseconds
  if (typeof wait !== 'number') return ''
  const due = last.at + wait
  if (due > now) return `, next try in ${duration(due - now)}`
  if (now - due <= graceMilliseconds) return ', next try any moment'
  return `; its next try was due at ${clock(due, now)} and nothing has been heard of it since`
}

/** The first of the waits at this service which nothing interrupted. */
function beginOfWait(hops: readonly Told[], last: Told): Told {
  const stations = hops.slice(0, hops.indexOf(last) + 1).filter(({ hop }) => factsOf(hop).effect !== 'about')
  const before = stations.findLastIndex(({ hop, service }) => factsOf(hop).effect !== 'wait' || service !== last.service)
  return stations[before + 1] ?? last
}

function whyItIsSilent(last: Told, { now, tenant, pausedAt }: Surroundings): string {
  const seen = `Last seen in ${last.service} at ${clock(last.at, now)}, ${whatHappened(last)}`
  const next = nextService(last)
  const paused = pausedAt?.(next ?? last.service)
  const reason = paused === undefined ? '' : ` (${pausedTenant(tenant)} there${paused === '' ? '' : `: ${withoutStop(paused)}`})`
  if (next === undefined) return `${seen}; nothing has been heard of it since${reason}.`
  return `${seen}; ${next} has not told of it since: it is behind or down, or its word was lost${reason}.`
}

function howItFailed(hops: readonly Told[], now: number): string {
  const recent = sinceReplay(hops)
  const by = lostBy(recent)
  if (by === undefined) return 'It was not delivered.'
  const at = clock(by.at, now)
  const why = whyOf(by) ?? (by.detail?.reason === undefined ? 'no reason was told' : String(by.detail.reason))
  switch (by.hop) {
    case 'dead':
      return `Given up by ${by.service} at ${at}: ${withoutStop(why)}; it waits among the dead letters.`
    case 'discarded':
      return `Discarded from the dead letters at ${at}${givenUpBefore(recent)}.`
    case 'failed':
      return `Not delivered, said ${by.service} at ${at}: ${withoutStop(why)}.`
    default:
      return `Sent, but the platform reported to ${by.service} at ${at} that it failed: ${withoutStop(why)}.`
  }
}
function givenUpBefore(hops: readonly Told[]): string {
  const dead = hops.findLast(({ hop }) => hop === 'dead')
  const why = dead === undefined ? undefined : whyOf(dead)
  return dead === undefined || why === undefined ? '' : `, after ${dead.service} had given it up: ${withoutStop(why)}`
}

function howItArrived(hops: readonly Told[], now: number): string {
  const recent = sinceReplay(hops)
  const sent = recent.find(({ hop }) => factsOf(hop).effect === 'end')
  const [first] = hops
  const reports = recent.flatMap(({ hop, detail }) => (hop === 'reported' || hop === 'receipt' ? [detail?.state] : []))
  const farthest = ['read', 'delivered'].find(state => reports.includes(state))
  const afterwards = farthest === undefined ? '' : `; ${farthest === 'read' ? 'read' : 'delivered'}, says the platform`
  if (sent === undefined) {
    if (reports.length === 0)
      return `Recognised by ${first?.service ?? 'a service'} at ${clock(first?.at ?? now, now)} as a repeat of a message that it had handled.`
    return `Sent, as its receipt tells${afterwards}.`
  }
  const begin = hops.find(({ hop }) => hop === 'received')
  const took = begin === undefined || sent.at < begin.at ? '' : `, ${duration(sent.at - begin.at)} after it had arrived`
  return `Sent by ${sent.service} at ${clock(sent.at, now)}${took}${afterwards}.`
}

function whatHappened(last: Told): string {
  const next = nextService(last)
  const title = factsOf(last.hop).title
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}${next === undefined ? '' : ` to ${next}`}`
}
/** Where it was handed to. */
function nextService(last: Told): string | undefined {
  const to = last.detail?.to
  return typeof to === 'string' && to !== '' ? to : undefined
}
function whyOf({ detail }: Told): string | undefined {
  return typeof detail?.why === 'string' && detail.why !== '' ? detail.why : undefined
}
function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '')
}
