import type { Definition } from '@um/shared/contract'
import { type Hop, type Journal, serviceOf } from '@um/shared/journal'
import { type DataOf, type EnvelopeOf, readContent } from '@um/shared/model'
import { z } from 'zod'
import type { DeadLetter } from '../dead-letters/letter.ts'

type Teller = Pick<Journal, 'tell'>

/** A message of an IVR is accepted; and, behind it, safe on its way. */
export function tellAccepted(journal: Teller, message: EnvelopeOf<'um.message.v1'>, key: string | undefined): void {
  journal.tell({ ...hopOf(message), hop: 'received', ...(key === undefined ? {} : { key }) }, readContent(message.data.content))
}
export function tellPublished(journal: Teller, message: EnvelopeOf<'um.message.v1'>): void {
  journal.tell({ ...hopOf(message), hop: 'published', detail: { to: serviceOf(message.data.to) } })
}
/** Its request is answered with 503; the IVR may repeat it. */
export function tellRefused(journal: Teller, message: EnvelopeOf<'um.message.v1'>, why: string): void {
  journal.tell({ ...hopOf(message), hop: 'waiting', detail: { why: `${why} The request was answered with 503 and has to be repeated` } })
}
function hopOf({ id, data }: EnvelopeOf<'um.message.v1'>) {
  return { tenantId: data.tenantId, guest: data.guest, message: id, direction: 'toGuest' as const, kind: data.content.kind }
}

/** The IVR can ask from now on what became of its message. */
export function tellReceipt(journal: Teller, { tenantId, guest, of, state, why }: DataOf<'um.receipt.v1'>): void {
  journal.tell({ tenantId, guest, message: of, hop: 'receipt', direction: 'toGuest', detail: { state, ...(why === undefined ? {} : { why }) } })
}

/** A person has decided over a dead letter. Nothing is told of one that is no message. */
export function tellDecision(
  journal: Teller,
  connectors: ReadonlyMap<string, Definition>,
  letter: DeadLetter,
  { hop, body }: { hop: 'replayed' | 'discarded'; body: string | undefined },
): void {
  const { messageId, tenantId, guest, key } = letter
  if (messageId === null || tenantId === null || guest === null || !isMessage(letter, body)) return
  const direction = directionOf(key, connectors)
  if (direction === undefined) return
  const [, connector = ''] = key.split('.')
  journal.tell({ tenantId, guest, message: messageId, hop, direction, ...(hop === 'replayed' ? { detail: { to: serviceOf(connector) } } : {}) })
}
/** Events are messages, or say something of one. */
function isMessage({ type }: DeadLetter, body: string | undefined): boolean {
  if (type !== 'um.event.v1') return type === 'um.message.v1'
  try {
    return MessageEvent.safeParse(JSON.parse(body ?? '')).success
  } catch {
    return false
  }
}
const MessageEvent = z.object({ data: z.object({ event: z.object({ type: z.literal('message') }) }) })

/** A routing key says which way a message goes; an event goes from its connector to the other side. */
function directionOf(key: string, connectors: ReadonlyMap<string, Definition>): Hop['direction'] | undefined {
  const [direction, connector = ''] = key.split('.')
  if (direction === 'inbound') return 'toAgent'
  if (direction === 'outbound') return 'toGuest'
  const role = connectors.get(connector)?.role
  return role === undefined ? undefined : role === 'messaging' ? 'toAgent' : 'toGuest'
}
