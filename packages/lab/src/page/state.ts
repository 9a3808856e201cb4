import type { DeskEntry, PhoneEntry } from '../protocol.ts'
import { phonesById, withDeskEntry, withEvent, withPhoneEntry } from './state/events.ts'
import { keyed } from './state/journeys.ts'
import { accountKey, type LabChange, type LabState, type Snapshot } from './state/model.ts'
import { withAccountChosen, withConversationChosen, withDefaults, withPanelsShown, withPhoneChosen, withPhoneMade } from './state/selection.ts'
import { hasEntry } from './state/timeline.ts'

export { accountKey, initialState, type LabChange, type LabState, type Panel, type Snapshot } from './state/model.ts'

/** Everything the page shows follows from the changes it was told, in their order: no clock, no network. */
export function reduce(state: LabState, change: LabChange): LabState {
  switch (change.type) {
    case 'events':
      return change.events.reduce(withEvent, state)
    case 'loaded':
      return withDefaults(withSnapshot(state, change.snapshot))
    case 'phoneLoaded': {
      const { phone, entries, truncated } = change.timeline
      return {
        ...state,
        phones: { ...state.phones, [phone.id]: phone },
        phoneTimelines: { ...state.phoneTimelines, [phone.id]: { entries, truncated, loaded: true } },
      }
    }
    case 'deskLoaded': {
      const { conversation, entries, truncated } = change.timeline
      return {
        ...state,
        conversations: { ...state.conversations, [conversation.id]: conversation },
        deskTimelines: { ...state.deskTimelines, [conversation.id]: { entries, truncated, loaded: true } },
      }
    }
    case 'connected':
      return { ...state, connection: { status: 'live' } }
    case 'disconnected':
      return withLoss(state, change.at)
    case 'acted':
      return withAnswers(state, change)
    case 'phoneMade':
      return withPhoneMade(state, change.phone, change.of)
    case 'faultsRead':
      return { ...state, faults: change.faults }
    case 'accountChosen':
      return withAccountChosen(state, change.account)
    case 'phoneChosen':
      return withPhoneChosen(state, change.phone)
    case 'conversationChosen':
      return withConversationChosen(state, change.conversation)
    case 'panelsShown':
      return withPanelsShown(state, change.visible)
  }
}

/** Losing the connection again while it is lost does not make what is shown any younger. */
function withLoss(state: LabState, at: string): LabState {
  if (state.connection.status === 'stale') return state
  return { ...state, connection: state.connection.status === 'live' ? { status: 'stale', since: at } : { status: 'unreachable' } }
}

/** Timelines are loaded on their own; those of phones and conversations that are gone go too, the others are to be loaded again. */
function withSnapshot(state: LabState, snapshot: Snapshot): LabState {
  const phones = phonesById(snapshot.phones)
  const conversations = Object.fromEntries(snapshot.conversations.map(conversation => [conversation.id, conversation]))
  return {
    ...state,
    info: snapshot.info,
    accounts: Object.fromEntries(snapshot.accounts.map(account => [accountKey(account.platform, account.id), account])),
    phones,
    phoneTimelines: unloaded(state.phoneTimelines, phones),
    desks: Object.fromEntries(snapshot.desks.map(desk => [desk.id, desk])),
    conversations,
    deskTimelines: unloaded(state.deskTimelines, conversations),
    journeys: keyed(snapshot.journeys),
    exchanges: snapshot.exchanges,
    faults: snapshot.faults,
    catalog: snapshot.catalog,
  }
}

function unloaded<T extends { loaded: boolean }>(timelines: Record<string, T>, owners: Record<string, unknown>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(timelines)
      .filter(([id]) => owners[id] !== undefined)
      .map(([id, timeline]) => [id, { ...timeline, loaded: false }]),
  )
}

/** An answer may be older than an event that has been applied already: it only fills gaps. */
function withAnswers(state: LabState, answers: { phoneEntries?: PhoneEntry[]; deskEntries?: DeskEntry[] }): LabState {
  let next = state
  for (const entry of answers.phoneEntries ?? []) if (!hasEntry(next.phoneTimelines[entry.phone], entry.id)) next = withPhoneEntry(next, entry)
  for (const entry of answers.deskEntries ?? []) if (!hasEntry(next.deskTimelines[entry.conversation], entry.id)) next = withDeskEntry(next, entry)
  return next
}
