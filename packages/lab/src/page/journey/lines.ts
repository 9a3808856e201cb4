import type { DeskEntry, Journey, JourneyHop, PhoneEntry } from '../../protocol.ts'
import { describeBody } from '../message/describe.ts'
import type { LabState } from '../state.ts'
import { deskSteps, hopSteps, phoneSteps, type Step } from './steps.ts'
import { whyStuck } from './words.ts'

/** One message, from the finger of its writer to the eyes of its reader, as far as it has come. */
export interface JourneyLine {
  /** unique among the lines */
  id: string
  /** of the fleet; absent as long as the fleet does not know it */
  message?: string
  direction: Journey['direction']
  tenantId: string | undefined
  guest: string
  guestName: string
  preview: string
  kind?: string
  firstAt: string
  lastAt: string
  state: Journey['state']
  /** of a stuck or failed one */
  why?: string
  steps: Step[]
}

type Entries = Pick<LabState, 'journeys' | 'phones' | 'phoneTimelines' | 'conversations' | 'deskTimelines'>

/** Latest first. A message that has left its writer but is not known to the fleet yet has a line too: that is where many get stuck. */
export function journeyLines(state: Entries): JourneyLine[] {
  const index = indexEntries(state)
  const lines: JourneyLine[] = []
  const joined = new Set<PhoneEntry | DeskEntry>()
  for (const journey of Object.values(state.journeys)) {
    // That somebody types is told on the way, but is no message.
    if (journey.kind === 'typing') continue
    const phone = first(journey.hops, hop => index.phone.get(`${journey.guest} ${hop.platformId}`))
    const desk = first(journey.hops, hop => index.desk.get(hop.platformId ?? ''))
    if (phone !== undefined) joined.add(phone)
    if (desk !== undefined) joined.add(desk)
    lines.push(lineOf(state, journey, phone, desk))
  }
  for (const timeline of Object.values(state.phoneTimelines)) {
    for (const entry of timeline.entries) if (isOnItsWay(entry.from === 'guest', entry.state) && !joined.has(entry)) lines.push(phoneLine(state, entry))
  }
  for (const timeline of Object.values(state.deskTimelines)) {
    for (const entry of timeline.entries) {
      if (isOnItsWay(entry.from === 'agent' || entry.from === 'bot', entry.state) && !joined.has(entry)) lines.push(deskLine(state, entry))
    }
  }
  return lines.toSorted((a, b) => (a.firstAt < b.firstAt ? 1 : a.firstAt > b.firstAt ? -1 : 0))
}

function lineOf(state: Entries, journey: Journey, phone: PhoneEntry | undefined, desk: DeskEntry | undefined): JourneyLine {
  const body = (journey.direction === 'toAgent' ? (phone ?? desk) : (desk ?? phone))?.body
  const before = journey.direction === 'toAgent' ? phoneSteps(phone, 'leaves') : deskSteps(desk, 'leaves')
  const after = journey.direction === 'toAgent' ? deskSteps(desk, 'arrives') : phoneSteps(phone, 'arrives')
  // The reader's side may have it before the service that sent it tells so.
  const steps = [...before, ...hopSteps(journey.hops), ...after].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const last = journey.hops.at(-1)
  const why = last === undefined ? undefined : whyOf(journey, last)
  return {
    id: `${journey.direction} ${journey.message}`,
    message: journey.message,
    direction: journey.direction,
    tenantId: journey.tenantId,
    guest: journey.guest,
    guestName: guestName(state, journey.tenantId, journey.guest),
    preview: body === undefined ? (journey.kind ?? 'message') : describeBody(body),
    ...(journey.kind === undefined ? {} : { kind: journey.kind }),
    firstAt: steps[0]?.at ?? journey.firstAt,
    lastAt: journey.lastAt,
    state: journey.state,
    ...(why === undefined ? {} : { why }),
    steps,
  }
}

function whyOf(journey: Journey, last: JourneyHop): string | undefined {
  if (journey.state === 'stuck') return whyStuck(last, last.service)
  if (journey.state !== 'failed') return undefined
  const failed = journey.hops.findLast(hop => hop.hop === 'failed' || hop.hop === 'dead') ?? last
  return whyStuck(failed, failed.service)
}

/** Delivered to the fleet without a trace in the journal happens too (the journal is best effort); then there is nothing to tell. */
function isOnItsWay(leaves: boolean, state: string): boolean {
  return leaves && (state === 'queued' || state === 'retrying' || state === 'lost')
}

function phoneLine(state: Entries, entry: PhoneEntry): JourneyLine {
  const phone = state.phones[entry.phone]
  return {
    id: `phone ${entry.phone} ${entry.id}`,
    direction: 'toAgent',
    tenantId: phone?.tenantId,
    guest: phone?.guest.id ?? '',
    guestName: phone?.guest.name ?? 'Guest',
    ...edgeLine(entry, phoneSteps(entry, 'leaves'), 'the platform cannot hand it to the webhook'),
  }
}

function deskLine(state: Entries, entry: DeskEntry): JourneyLine {
  const conversation = state.conversations[entry.conversation]
  return {
    id: `desk ${entry.conversation} ${entry.id}`,
    direction: 'toGuest',
    tenantId: conversation?.tenantId,
    guest: conversation?.guest.id ?? '',
    guestName: conversation?.guest.name ?? 'Guest',
    ...edgeLine(entry, deskSteps(entry, 'leaves'), 'the contact centre cannot hand it to the webhook'),
  }
}

function edgeLine(entry: PhoneEntry | DeskEntry, steps: Step[], cause: string) {
  const answer = entry.status === undefined || entry.status === 0 ? cause : `the webhook answered ${entry.status}`
  const reason = entry.why === undefined ? answer : `${answer}: ${entry.why}`
  const why = entry.attempts === undefined ? reason : `${reason}; attempt ${entry.attempts}`
  const state: JourneyLine['state'] = entry.state === 'lost' ? 'failed' : entry.state === 'retrying' ? 'stuck' : 'underway'
  return {
    preview: describeBody(entry.body),
    kind: entry.body.kind,
    firstAt: entry.at,
    lastAt: steps.at(-1)?.at ?? entry.at,
    state,
    ...(state === 'underway' ? {} : { why }),
    steps,
  }
}

/** Platform ids of guests' messages are unique within a conversation only, hence the guest in the key; the desk's are unique everywhere. */
function indexEntries(state: Entries): { phone: Map<string, PhoneEntry>; desk: Map<string, DeskEntry> } {
  const phone = new Map<string, PhoneEntry>()
  const desk = new Map<string, DeskEntry>()
  for (const [id, timeline] of Object.entries(state.phoneTimelines)) {
    const guest = state.phones[id]?.guest.id ?? ''
    for (const entry of timeline.entries) for (const ref of entry.refs) phone.set(`${guest} ${ref}`, entry)
  }
  for (const timeline of Object.values(state.deskTimelines)) for (const entry of timeline.entries) for (const ref of entry.refs) desk.set(ref, entry)
  return { phone, desk }
}

function first<T>(hops: readonly JourneyHop[], find: (hop: JourneyHop) => T | undefined): T | undefined {
  for (const hop of hops) {
    const found = hop.platformId === undefined ? undefined : find(hop)
    if (found !== undefined) return found
  }
  return undefined
}

function guestName(state: Entries, tenantId: string, guest: string): string {
  const phone = Object.values(state.phones).find(known => known.guest.id === guest && (known.tenantId ?? tenantId) === tenantId)
  return phone?.guest.name ?? Object.values(state.conversations).find(known => known.guest.id === guest)?.guest.name ?? guest
}
