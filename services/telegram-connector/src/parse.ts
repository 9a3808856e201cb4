import { type InboundEvent, type InboundMessage, type LifecycleChange, present, type Refusal, readJson, type Verified } from '@um/shared/contract'
import { z } from 'zod'
import { addressOf, isGroup, isPrivate, keyOf, listensTo } from './chats.ts'
import { type BotName, isForBot } from './mentions.ts'
import { contentOf, unsupported } from './parse-content.ts'
import { authorOf, isWrittenByBot, nameOf, profileOf } from './people.ts'
import { CallbackQuery, Chat, Contact, DeletedMessages, MemberChange, Message, PaymentQuery, PollAnswer, Reaction, Update, User } from './schema.ts'
import type { Tenant } from './webhook.ts'

/** What of an update every reader needs besides the member that it reads. */
interface Facts {
  id: string
  kind: string
  payload: unknown
  tenant: Tenant
}
type Reader = (facts: Facts) => InboundEvent[] | Refusal

export function parse(hook: Verified, tenant: Tenant): InboundEvent[] | Refusal {
  const update = Update.safeParse(readJson(hook.raw))
  if (!update.success) return { refused: 'malformed', why: 'the body is not an Update' }
  const kinds = Object.keys(update.data).filter(key => key !== 'update_id')
  const kind = kinds.find(key => Object.hasOwn(readers, key)) ?? kinds[0]
  if (kind === undefined) return { refused: 'malformed', why: 'the update says nothing' }
  const facts = { id: update.data.update_id, kind, payload: update.data[kind], tenant }
  return (Object.hasOwn(readers, kind) && readers[kind] ? readers[kind] : anything)(facts)
}
function reader<S extends z.ZodType>(schema: S, read: (value: z.infer<S>, facts: Facts) => InboundEvent[]): Reader {
  return facts => {
    const known = schema.safeParse(facts.payload)
    if (known.success) return read(known.data, facts)
    const events = anything(facts)
    return events.length > 0 ? events : { refused: 'malformed', why: `the ${facts.kind} has not its form` }
  }
}
const readers: Record<string, Reader> = {
  message: reader(Message, readMessage),
  edited_message: reader(Message, readMessage),
  channel_post: reader(Message, readMessage),
  edited_channel_post: reader(Message, readMessage),
  business_message: reader(Message, readMessage),
  edited_business_message: reader(Message, readMessage),
  deleted_business_messages: reader(DeletedMessages, readDeleted),
  // tells of the owner of a business account, who is no guest
  business_connection: () => [],
  callback_query: reader(CallbackQuery, readCallback),
  my_chat_member: reader(MemberChange, readMemberChange),
  message_reaction: reader(Reaction, readReaction),
  poll_answer: reader(PollAnswer, readPollAnswer),
  pre_checkout_query: reader(PaymentQuery, readPayment),
  shipping_query: reader(PaymentQuery, readPayment),
}

function readMessage(message: Message, { id, kind, payload, tenant }: Facts): InboundEvent[] {
  const { chat } = message
  const { settings } = tenant
  if (!listensTo(chat, settings) || (kind.includes('business') && !settings.businessMode)) return []
  const edited = kind.startsWith('edited_')
  const at = instant(edited ? (message.edit_date ?? message.date) : message.date)
  if (message.migrate_to_chat_id !== undefined) return [{ type: 'moved', id, at, guest: chat.id, to: message.migrate_to_chat_id }]
  if (message.migrate_from_chat_id !== undefined) return [{ type: 'moved', id, at, guest: message.migrate_from_chat_id, to: chat.id }]
  const bot = botOf(tenant)
  if (isWrittenByBot(message) || (isGroup(chat) && settings.groupMode === 'mentions' && !isForBot(message, bot))) return []
  const read = contentOf(message, bot)
  if (!read) return []
  const content = read.kind === 'unsupported' ? { ...read, raw: payload } : read

  const address = addressOf(message, isGroup(chat) ? message.message_id : '')
  const own = keyOf(chat.id, message.message_id, message.business_connection_id)
  const said = { type: 'message', id, at, guest: chat.id, address, content, ...writerOf(message) } satisfies InboundEvent
  if (edited) return [{ ...said, content: { kind: 'edit', of: own, content } }]
  const start = content.kind === 'text' && /^\/start(?: ([\w-]{1,64}))?$/.exec(content.text)
  if (!start) return [{ ...said, messageId: own }]
  const common = {
    type: 'lifecycle',
    id: `${id}-start`,
    at,
    guest: chat.id,
    address,
    data: present({ payload: start[1] }),
    ...present({ from: said.from }),
  } as const
  if (!settings.startOpensConversation) return [{ ...common, change: 'follow' }]
  return [{ ...common, change: 'started' }, ...(start[1] === undefined ? [] : [{ ...said, messageId: own }])]
}
/** In a business chat the owner of the account may write, too: that is no guest, and its name is not the guest's. */
function writerOf(message: Message): Pick<InboundMessage, 'from' | 'author' | 'agentName'> {
  const { from, chat, business_connection_id } = message
  if (business_connection_id !== undefined && isPrivate(chat) && from !== undefined && from.id !== chat.id) {
    return { author: 'agent', ...present({ agentName: nameOf(from) }) }
  }
  const shared = Contact.safeParse(message.contact)
  const phone = shared.success && shared.data.user_id !== undefined && shared.data.user_id === from?.id ? shared.data.phone_number : undefined
  return { from: { ...authorOf(message), ...present({ phone }) } }
}

function readDeleted({ chat, business_connection_id, message_ids }: z.infer<typeof DeletedMessages>, { id, tenant }: Facts): InboundEvent[] {
  if (!tenant.settings.businessMode) return []
  const common = { type: 'message', guest: chat.id, address: addressOf({ business_connection_id }) } as const
  return message_ids.map((message, index) => ({
    ...common,
    id: `${id}-${index}`,
    content: { kind: 'withdrawn', of: keyOf(chat.id, message, business_connection_id) },
  }))
}

/** The event's id is the query's, so that `respond` can answer it. */
function readCallback(query: z.infer<typeof CallbackQuery>, { tenant, payload }: Facts): InboundEvent[] {
  const { message, data, from } = query
  if (message && !listensTo(message.chat, tenant.settings)) return []
  const label = message?.reply_markup?.inline_keyboard.flat().find(button => button.callback_data !== undefined && button.callback_data === data)?.text
  const of = message && keyOf(message.chat.id, message.message_id, message.business_connection_id)
  return [
    {
      type: 'message',
      id: `callback:${query.id}`,
      guest: message?.chat.id ?? from.id,
      address: addressOf(message ?? {}),
      from: profileOf(from, message?.chat),
      content: data === undefined ? { ...unsupported('callback_query'), raw: payload } : { kind: 'choice', payload: data, ...present({ label, of }) },
    },
  ]
}

function readMemberChange(change: z.infer<typeof MemberChange>, { id, tenant }: Facts): InboundEvent[] {
  const { chat, from, date, old_chat_member: before, new_chat_member: after } = change
  const meaning = isPrivate(chat) ? privateChange(after.status) : groupChange(before.status, after.status)
  if (meaning === undefined || !listensTo(chat, tenant.settings)) return []
  return [{ type: 'lifecycle', id, at: instant(date), guest: chat.id, change: meaning, ...(from && isPrivate(chat) ? { from: profileOf(from) } : {}) }]
}
function privateChange(after: string): LifecycleChange | undefined {
  if (after === 'kicked') return 'optOut'
  return after === 'member' ? 'optIn' : undefined
}
function groupChange(before: string, after: string): LifecycleChange | undefined {
  const inside = (status: string): boolean => status !== 'left' && status !== 'kicked'
  if (inside(before) === inside(after)) return undefined
  return inside(after) ? 'joined' : 'ended'
}

function readReaction(reaction: z.infer<typeof Reaction>, { id, tenant }: Facts): InboundEvent[] {
  const { chat, user, message_id, date, old_reaction, new_reaction } = reaction
  // a group's reactions name no bot: they count as talk among others
  if (!listensTo(chat, tenant.settings) || (isGroup(chat) && tenant.settings.groupMode !== 'all')) return []
  const before = old_reaction.map(emojiOf)
  const after = new_reaction.map(emojiOf)
  const changes = [
    ...before.filter(emoji => !after.includes(emoji)).map(emoji => ({ emoji, on: false })),
    ...after.filter(emoji => !before.includes(emoji)).map(emoji => ({ emoji, on: true })),
  ]
  const common = { type: 'message', at: instant(date), guest: chat.id, ...(user ? { from: profileOf(user, chat) } : {}) } as const
  return changes.map((change, index) => ({ ...common, id: `${id}-${index}`, content: { kind: 'reaction', of: keyOf(chat.id, message_id), ...change } }))
}
function emojiOf({ type, emoji }: { type: string; emoji?: string | undefined }): string {
  return emoji ?? (type === 'paid' ? '⭐' : `[${type.replaceAll('_', ' ')}]`)
}

function readPollAnswer({ user, voter_chat, option_ids }: z.infer<typeof PollAnswer>, { id }: Facts): InboundEvent[] {
  const voter = user ?? voter_chat
  if (!voter) return []
  const text = option_ids.length === 0 ? 'Poll answer taken back' : `Poll answer: ${option_ids.map(option => option + 1).join(', ')}`
  return [{ type: 'message', id, guest: voter.id, from: profileOf(voter), content: { kind: 'text', text } }]
}

/** The event's id is the query's, so that `respond` can refuse it. */
function readPayment(query: z.infer<typeof PaymentQuery>, { kind }: Facts): InboundEvent[] {
  const text = kind === 'shipping_query' ? 'Shipping query refused: payments are not supported' : 'Payment refused: payments are not supported'
  return [{ type: 'message', id: `${kind}:${query.id}`, guest: query.from.id, from: profileOf(query.from), content: { kind: 'system', text } }]
}

const Somebody = z.object({
  chat: Chat.optional().catch(undefined),
  message: z.object({ chat: Chat }).optional().catch(undefined),
  user_chat_id: Chat.shape.id.optional().catch(undefined),
  from: User.optional().catch(undefined),
  user: User.optional().catch(undefined),
  date: z.int().optional().catch(undefined),
})
/** A kind that we do not know (or whose form has changed) is kept for the one whom it names; an update that names nobody has no one to be shown to. */
function anything({ id, kind, payload, tenant }: Facts): InboundEvent[] {
  const somebody = Somebody.safeParse(payload)
  if (!somebody.success) return []
  const { message, user_chat_id, from, user, date, chat = message?.chat } = somebody.data
  const guest = chat?.id ?? user_chat_id ?? from?.id ?? user?.id
  if (guest === undefined || (chat && (!listensTo(chat, tenant.settings) || (isGroup(chat) && tenant.settings.groupMode !== 'all')))) return []
  return [{ type: 'message', id, ...(date === undefined ? {} : { at: instant(date) }), guest, content: { ...unsupported(kind), raw: payload } }]
}

function botOf({ settings, state }: Tenant): BotName {
  return { id: settings.apiToken.split(':')[0] ?? '', username: state.botUsername }
}
function instant(seconds: number): Date {
  return new Date(seconds * 1000)
}
