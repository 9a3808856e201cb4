import type { Conversation, Phone } from '../../protocol.ts'
import { accountKey, type LabState, type Panel } from './model.ts'

/** Whether a person looking at the page sees the messages of this phone or conversation. */
export function isInSight(state: LabState, panel: 'phone' | 'desk', id: string): boolean {
  return state.visible[panel] && (panel === 'phone' ? state.phone : state.conversation) === id
}

export function withAccountChosen(state: LabState, account: string): LabState {
  const latest = phonesOf(state.phones, account)[0]
  return withPhoneChosen({ ...state, account }, latest?.id)
}

/** Takes a phone in hand, and opens its guest's conversation at the desk if there is one. */
export function withPhoneChosen(state: LabState, id: string | undefined): LabState {
  const { phone: _before, ...others } = state
  const rest = { ...others, hand: state.hand + 1 }
  const phone = id === undefined ? undefined : state.phones[id]
  if (phone === undefined) return rest
  const chosen = seen({ ...rest, phone: phone.id, account: accountKey(phone.platform, phone.account) })
  const conversation = conversationOf(chosen, phone)
  return conversation === undefined ? chosen : withConversationChosen(chosen, conversation.id)
}

export function withPhoneMade(state: LabState, phone: Phone, of: string | undefined): LabState {
  const known = { ...state, phones: { ...state.phones, [phone.id]: state.phones[phone.id] ?? phone } }
  if (of === undefined) return withPhoneChosen(known, phone.id)
  // Somebody else's phone was taken in hand while this one was being made: it stays there.
  return state.phone === undefined && state.account === of ? { ...withPhoneChosen(known, phone.id), hand: state.hand } : known
}

export function withConversationChosen(state: LabState, conversation: string): LabState {
  return seen({ ...state, conversation })
}

/** A new conversation opens by itself when nothing worth reading is open: nothing at all, or one that has ended, or when it is the guest's on the phone. */
export function followConversation(state: LabState, conversation: Conversation): LabState {
  const open = state.conversation === undefined ? undefined : state.conversations[state.conversation]
  const phone = state.phone === undefined ? undefined : state.phones[state.phone]
  const ofPhone = phone !== undefined && isOf(conversation, phone)
  if (open === undefined || open.state === 'ended' || ofPhone) return withConversationChosen(state, conversation.id)
  return state
}

export function withPanelsShown(state: LabState, visible: Record<Panel, boolean>): LabState {
  return seen({ ...state, visible })
}

/** Picks something to show when the page opens, or when what was shown is gone. */
export function withDefaults(state: LabState): LabState {
  let next = state
  if (next.phone === undefined || next.phones[next.phone] === undefined) {
    const account = next.account !== undefined && next.accounts[next.account] !== undefined ? next.account : undefined
    const latest = (account === undefined ? latestFirst(Object.values(next.phones)) : phonesOf(next.phones, account))[0]
    const first = account ?? Object.keys(next.accounts)[0]
    next = withPhoneChosen(first === undefined ? next : { ...next, account: first }, latest?.id)
  }
  if (next.conversation === undefined || next.conversations[next.conversation] === undefined) {
    const { conversation: _gone, ...rest } = next
    const latest = latestFirst(Object.values(next.conversations))[0]
    next = latest === undefined ? rest : withConversationChosen(rest, latest.id)
  }
  return next
}

export function phonesOf(phones: LabState['phones'], account: string): Phone[] {
  return latestFirst(Object.values(phones).filter(phone => accountKey(phone.platform, phone.account) === account))
}

/** The phone's conversation at the desk: the open one, else the last. */
export function conversationOf(state: LabState, phone: Phone): Conversation | undefined {
  const own = latestFirst(Object.values(state.conversations).filter(conversation => isOf(conversation, phone)))
  return own.find(conversation => conversation.state === 'open') ?? own[0]
}

/** A load test leaves thousands: lists show these, and always the chosen one. */
const listed = 100

/** The latest of many, for a list; `chosen` is among them however old it is. */
export function shortlist<T extends { id: string; lastAt: string }>(items: readonly T[], chosen: string | undefined): T[] {
  const latest = latestFirst(items)
  const short = latest.slice(0, listed)
  const missing = short.some(item => item.id === chosen) ? undefined : latest.find(item => item.id === chosen)
  return missing === undefined ? short : [...short, missing]
}

export function latestFirst<T extends { lastAt: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0))
}

function isOf(conversation: Conversation, phone: Phone): boolean {
  if (conversation.guest.id !== phone.guest.id) return false
  return conversation.tenantId === undefined || phone.tenantId === undefined || conversation.tenantId === phone.tenantId
}

/** Messages of what is in sight are read. */
function seen(state: LabState): LabState {
  const { phone, conversation } = state
  const phoneUnread = phone !== undefined && isInSight(state, 'phone', phone) ? dropped(state.phoneUnread, phone) : state.phoneUnread
  const deskUnread = conversation !== undefined && isInSight(state, 'desk', conversation) ? dropped(state.deskUnread, conversation) : state.deskUnread
  return { ...state, phoneUnread, deskUnread }
}

function dropped(counts: Record<string, number>, key: string): Record<string, number> {
  if (counts[key] === undefined) return counts
  const { [key]: _read, ...rest } = counts
  return rest
}
