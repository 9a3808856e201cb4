import type { Conversation, Desk, DeskEntry } from './desk.ts'
import type { Fault } from './fault.ts'
import type { JourneyHop } from './journey.ts'
import type { Account, Phone, PhoneEntry } from './phone.ts'
import type { Exchange, LabInfo } from './status.ts'

/**
 * Events of `GET /lab/api/events`. Each is an unnamed server-sent event (`onmessage`): `data` is one LabEvent as JSON, `id` resumes after it.
 *
 * All but `hello` and `reset` are upserts or removals by id, and may be applied twice without harm. A page first opens the stream, then
 * loads what it shows, and applies events on top. EventSource sends `Last-Event-ID` by itself when it reconnects; what was missed follows, or,
 * when too much was missed, a `reset`: load everything again.
 */
export type LabEvent =
  /** first on every connection; `instance` differs after a restart of the Lab */
  | { type: 'hello'; instance: string }
  | { type: 'reset'; why: string }
  | { type: 'account'; account: Account }
  | { type: 'phone'; phone: Phone }
  | { type: 'phoneRemoved'; phone: string }
  | { type: 'phoneEntry'; entry: PhoneEntry }
  | { type: 'desk'; desk: Desk }
  | { type: 'deskRemoved'; desk: string }
  | { type: 'conversation'; conversation: Conversation }
  | { type: 'conversationRemoved'; conversation: string }
  | { type: 'deskEntry'; entry: DeskEntry }
  | { type: 'hop'; hop: JourneyHop }
  | { type: 'exchange'; exchange: Exchange }
  /** the whole list of active faults, with their counters; at most a few times a second */
  | { type: 'faults'; faults: Fault[] }
  /** at most once a second */
  | { type: 'status'; info: LabInfo }
  /** everything has been cleared by `POST /reset` */
  | { type: 'cleared' }
