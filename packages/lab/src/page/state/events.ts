import type { Conversation, DeskEntry, LabEvent, Phone, PhoneEntry } from '../../protocol.ts'
import { describeBody } from '../message/describe.ts'
import { withHop } from './journeys.ts'
import { accountKey, type LabState } from './model.ts'
import { followConversation, isInSight } from './selection.ts'
import { hasEntry, upsertEntry } from './timeline.ts'

const keptExchanges = 300

/** All events but `hello` and `reset` are upserts or removals by id: applying one twice changes nothing. */
export function withEvent(state: LabState, event: LabEvent): LabState {
  switch (event.type) {
    case 'account':
      return { ...state, accounts: { ...state.accounts, [accountKey(event.account.platform, event.account.id)]: event.account } }
    case 'phone':
      return { ...state, phones: { ...state.phones, [event.phone.id]: event.phone } }
    case 'phoneRemoved':
      return withoutPhone(state, event.phone)
    case 'phoneEntry':
      return withPhoneEntry(state, event.entry)
    case 'desk':
      return { ...state, desks: { ...state.desks, [event.desk.id]: event.desk } }
    case 'deskRemoved':
      return { ...state, desks: without(state.desks, event.desk) }
    case 'conversation':
      return withConversation(state, event.conversation)
    case 'conversationRemoved':
      return withoutConversation(state, event.conversation)
    case 'deskEntry':
      return withDeskEntry(state, event.entry)
    case 'hop':
      return { ...state, journeys: withHop(state.journeys, event.hop) }
    case 'exchange':
      if (state.exchanges.some(known => known.seq === event.exchange.seq)) return state
      return { ...state, exchanges: [event.exchange, ...state.exchanges].slice(0, keptExchanges) }
    case 'faults':
      return { ...state, faults: event.faults }
    case 'status':
      return { ...state, info: event.info }
    case 'cleared':
      return cleared(state)
    // The session answers these by loading everything again.
    case 'hello':
    case 'reset':
      return state
  }
}

export function withPhoneEntry(state: LabState, entry: PhoneEntry): LabState {
  const timeline = state.phoneTimelines[entry.phone]
  const next = { ...state, phoneTimelines: { ...state.phoneTimelines, [entry.phone]: upsertEntry(timeline, entry) } }
  const arrived = entry.from === 'business' && entry.state === 'shown' && entry.editedAt === undefined && !hasEntry(timeline, entry.id)
  if (!arrived) return next
  if (isInSight(state, 'phone', entry.phone)) return announced(next, `On the phone: ${describeBody(entry.body)}`)
  return { ...next, phoneUnread: counted(next.phoneUnread, entry.phone) }
}

export function withDeskEntry(state: LabState, entry: DeskEntry): LabState {
  const timeline = state.deskTimelines[entry.conversation]
  const next = { ...state, deskTimelines: { ...state.deskTimelines, [entry.conversation]: upsertEntry(timeline, entry) } }
  // A repeat of an old message, of which only the count is new, is not news.
  const arrived = entry.from === 'customer' && (entry.repeats ?? 0) === 0 && !hasEntry(timeline, entry.id)
  if (!arrived) return next
  const text = `At the desk, ${nameOf(state.conversations[entry.conversation])}: ${describeBody(entry.body)}`
  if (isInSight(state, 'desk', entry.conversation)) return announced(next, text)
  return announced({ ...next, deskUnread: counted(next.deskUnread, entry.conversation) }, text)
}

function withConversation(state: LabState, conversation: Conversation): LabState {
  const isNew = state.conversations[conversation.id] === undefined
  const next = { ...state, conversations: { ...state.conversations, [conversation.id]: conversation } }
  return isNew ? followConversation(next, conversation) : next
}

function withoutPhone(state: LabState, phone: string): LabState {
  const { phone: chosen, ...rest } = state
  return {
    ...rest,
    ...(chosen === undefined || chosen === phone ? { hand: state.hand + 1 } : { phone: chosen }),
    phones: without(state.phones, phone),
    phoneTimelines: without(state.phoneTimelines, phone),
    phoneUnread: without(state.phoneUnread, phone),
  }
}

function withoutConversation(state: LabState, conversation: string): LabState {
  const { conversation: chosen, ...rest } = state
  return {
    ...rest,
    ...(chosen === undefined || chosen === conversation ? {} : { conversation: chosen }),
    conversations: without(state.conversations, conversation),
    deskTimelines: without(state.deskTimelines, conversation),
    deskUnread: without(state.deskUnread, conversation),
  }
}

/** `POST /reset` forgets phones, conversations, journeys and exchanges; accounts, desks and faults stay. */
function cleared(state: LabState): LabState {
  const { phone: _phone, conversation: _conversation, ...rest } = state
  return {
    ...rest,
    phones: {},
    phoneTimelines: {},
    phoneUnread: {},
    conversations: {},
    deskTimelines: {},
    deskUnread: {},
    journeys: {},
    exchanges: [],
  }
}

function announced(state: LabState, text: string): LabState {
  return { ...state, announcement: { seq: state.announcement.seq + 1, text } }
}

function nameOf(conversation: Conversation | undefined): string {
  return conversation?.guest.name ?? 'a guest'
}

function counted(counts: Record<string, number>, key: string): Record<string, number> {
  return { ...counts, [key]: (counts[key] ?? 0) + 1 }
}

export function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  if (!(key in record)) return record
  const { [key]: _gone, ...rest } = record
  return rest
}

export function phonesById(phones: readonly Phone[]): Record<string, Phone> {
  return Object.fromEntries(phones.map(phone => [phone.id, phone]))
}
