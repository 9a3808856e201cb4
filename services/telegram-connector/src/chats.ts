import type { SettingsOf } from '@um/shared/contract'
import type { telegram } from './definition.ts'
import type { Chat, Message } from './schema.ts'

/**
 * A message's identity: numbers count per chat, and the chats of a business account count apart from the bot's own.
 * `sent` names our messages in the same way as `parse` names the guest's.
 */
export function keyOf(chat: string, message: string, business?: string): string {
  return [chat, message, business].filter(part => part !== undefined).join(':')
}
export function messageNumber(key: string): number {
  return Number(key.split(':')[1] ?? key)
}

type Addressed = Pick<Message, 'message_thread_id' | 'is_topic_message' | 'business_connection_id'>
/**
 * What answering takes besides the chat. Every key is always there, as it replaces the one known so far: '' is none.
 * A thread is named only when it is a topic: Telegram numbers chains of replies, too, and does not take those numbers back.
 */
export function addressOf(message: Addressed, replyTo = ''): Record<string, string> {
  return { thread: (message.is_topic_message && message.message_thread_id) || '', business: message.business_connection_id ?? '', replyTo }
}

export function isGroup({ type }: Chat): boolean {
  return type === 'group' || type === 'supergroup'
}
export function isPrivate({ type }: Chat): boolean {
  return type === 'private'
}
/** By its id alone: people have positive ones. */
export function isPerson(guest: string): boolean {
  return /^\d+$/.test(guest)
}
/** Does the tenant want to hear of this chat at all? */
export function listensTo(chat: Chat, settings: SettingsOf<typeof telegram>): boolean {
  if (chat.type === 'channel') return settings.acceptChannelPosts
  return !isGroup(chat) || settings.groupMode !== 'ignore'
}
