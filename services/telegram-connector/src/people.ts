import { type Profile, present } from '@um/shared/contract'
import type { Chat, Message, User } from './schema.ts'

export function nameOf(person: { first_name?: string | undefined; last_name?: string | undefined; username?: string | undefined }): string | undefined {
  return [person.first_name, person.last_name].filter(Boolean).join(' ') || person.username
}

export function profileOf(user: User | Chat, chat?: Chat): Profile {
  const extras = 'is_premium' in user || 'language_code' in user ? { language_code: user.language_code, is_premium: user.is_premium?.toString() } : {}
  const participantData: Record<string, string> = present({ ...extras, group: chat?.title })
  return present({
    displayName: nameOf(user),
    firstName: user.first_name,
    lastName: user.last_name,
    nickname: user.username,
    participantData: Object.keys(participantData).length > 0 ? participantData : undefined,
  })
}

/** Who wrote: a person, or someone who shows the name of a chat (anonymous administrators, channels). */
export function authorOf(message: Message): Profile {
  const { from, sender_chat: sender, chat } = message
  if (from && !from.is_bot) return profileOf(from, chat)
  const displayName = message.author_signature ?? sender?.title ?? chat.title
  return { ...profileOf(sender ?? chat, chat), ...present({ displayName: displayName ?? nameOf(chat) }) }
}

/** Programs are not guests. People who write under a chat's name come as a helper bot of Telegram's, with that chat beside it. */
export function isWrittenByBot(message: Message): boolean {
  return message.sender_business_bot !== undefined || (message.from?.is_bot === true && message.sender_chat === undefined)
}
