import type { DataOf } from '@um/shared/model'
import { z } from 'zod'

type WireHop = DataOf<'um.journey.v1'>['hops'][number]
export type Detail = NonNullable<WireHop['detail']>

/** A hop as it is kept. */
export interface KeptHop {
  hop: string
  service: string
  replica: string
  at: number
  platformId?: string
  detail?: Detail
}
/** All that is known of one message. */
export interface Journey {
  message: string
  tenantId: string
  guest: string
  direction: 'toAgent' | 'toGuest'
  kind?: string
  key?: string
  text?: string
  hops: KeptHop[]
  /** hops that were dropped behind the first ones */
  leftOut: number
}
/** What one replica of a service has told of one message at a time: one entry of the list that Redis keeps of it. */
export interface Visit {
  service: string
  replica: string
  hops: WireHop[]
}

/**
 * The kept form is JSON in which only values stand, because there are millions of them: first what the message is, then the visits; hop names have one letter,
 * and times are milliseconds after the first of their visit.
 */
const Head = z.tuple([z.literal(0), z.string(), z.string(), z.string(), z.literal([0, 1])])
const HopRow = z.tuple([z.string(), z.number(), z.string().nullable(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable()])
const VisitRow = z.tuple([z.string(), z.string(), z.number(), z.array(HopRow), z.record(z.string(), z.string())])
const Gap = z.tuple([z.literal(1), z.number()])

/** Never to be changed, only added to: what is kept must stay readable. */
const letters: Readonly<Record<string, string>> = {
  received: 'r',
  verified: 'v',
  spooled: 'o',
  published: 'p',
  consumed: 'c',
  stored: 'm',
  unstored: 'n',
  rendered: 'l',
  waiting: 'w',
  retry: 'y',
  parked: 'k',
  sent: 's',
  reported: 'q',
  receipt: 't',
  duplicate: 'd',
  failed: 'f',
  dead: 'x',
  replayed: 'a',
  discarded: 'z',
}
const names = new Map(Object.entries(letters).map(([name, letter]) => [letter, name]))

export function encodeHead({ message, tenantId, guest, direction }: Pick<WireHop, 'message' | 'tenantId' | 'guest' | 'direction'>): string {
  return JSON.stringify([0, message, tenantId, guest, direction === 'toGuest' ? 1 : 0])
}
export function encodeVisit({ service, replica, hops }: Visit): string {
  const times = hops.map(({ at }) => Date.parse(at))
  const base = Math.min(...times)
  const facts = Object.assign({}, ...hops.map(({ kind, key, text }) => ({ ...(kind && { k: kind }), ...(key && { i: key }), ...(text && { t: text }) })))
  let platformId: string | undefined
  const rows = hops.map((hop, index) => {
    // the same id again and again: told once per visit
    const isNew = hop.platformId !== undefined && hop.platformId !== platformId
    platformId = hop.platformId ?? platformId
    return [letters[hop.hop] ?? hop.hop, (times[index] ?? base) - base, isNew ? hop.platformId : null, hop.detail ?? null]
  })
  return JSON.stringify([service, replica, base, rows, facts])
}

/** Undefined for what is not, or not any more, a journey. Entries that came twice (the broker delivers again) count once. */
export function decodeJourney(entries: readonly string[]): Journey | undefined {
  const [first, ...rest] = [...new Set(entries)].map(parsed)
  const head = Head.safeParse(first).data
  if (head === undefined) return undefined
  const [, message, tenantId, guest, toGuest] = head
  const journey: Journey = { message, tenantId, guest, direction: toGuest === 1 ? 'toGuest' : 'toAgent', hops: [], leftOut: 0 }
  for (const row of rest) {
    const gap = Gap.safeParse(row).data
    if (gap !== undefined) journey.leftOut += gap[1]
    const visit = VisitRow.safeParse(row).data
    if (visit === undefined) continue
    const [service, replica, base, hops, facts] = visit
    if (facts.k !== undefined) journey.kind ??= facts.k
    if (facts.i !== undefined) journey.key ??= facts.i
    if (facts.t !== undefined) journey.text ??= facts.t
    for (const [letter, after, platformId, detail] of hops) {
      journey.hops.push({
        hop: names.get(letter) ?? letter,
        service,
        replica,
        at: base + after,
        ...(platformId === null ? {} : { platformId }),
        ...(detail === null ? {} : { detail }),
      })
    }
  }
  return journey
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
