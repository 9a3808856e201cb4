import { mediaView, type StoredMedia } from '../../kit/media-store.ts'
import type { Ownership } from '../../kit/simulator.ts'
import type { Account, Body, Button, MediaView, Phone, PhoneEntry, TextSpan } from '../../protocol.ts'
import type { FileTable } from './files.ts'
import type { InlineKeyboard, KeyboardButton, Message, MessageEntity } from './types.ts'
import type { Bot, ChatState, StoredMessage, World } from './world.ts'

/** How the Lab shows Telegram: the platform's own forms in the neutral ones of the protocol. */

export const platform = 'telegram'

export function phoneId(bot: number, guest: number): string {
  return `${platform}:${bot}:${guest}`
}

export function accountView(bot: Bot, owners: Ownership): Account {
  const owner = owners.ofAccount(platform, String(bot.id))
  return {
    platform,
    id: String(bot.id),
    name: bot.user.first_name,
    ...(bot.user.username === undefined ? {} : { username: bot.user.username }),
    ...owner,
    webhook: {
      url: bot.webhook.url,
      pending: bot.queues.size,
      ...(bot.webhook.lastError === undefined
        ? {}
        : { lastError: bot.webhook.lastError.message, lastErrorAt: new Date(bot.webhook.lastError.at).toISOString() }),
    },
  }
}

export function phoneView(world: World, chat: ChatState, owners: Ownership): Phone {
  const { user, avatars } = chat.guest
  const avatar = avatars[0] === undefined ? undefined : world.context.media.get(avatars[0])
  const keyboard = keyboardView(chat)
  const isTyping = chat.action !== undefined && chat.action.until > world.now()
  return {
    id: phoneId(chat.bot.id, user.id),
    platform,
    account: String(chat.bot.id),
    ...owners.ofAccount(platform, String(chat.bot.id)),
    guest: {
      id: String(user.id),
      name: [user.first_name, user.last_name].filter(Boolean).join(' '),
      ...(user.username === undefined ? {} : { username: user.username }),
      ...(user.language_code === undefined ? {} : { language: user.language_code }),
      ...(avatar === undefined ? {} : { avatar: mediaView(avatar) }),
    },
    createdAt: new Date(chat.createdAt).toISOString(),
    lastAt: new Date(chat.lastAt).toISOString(),
    blocked: chat.blocked,
    started: chat.started,
    ...(isTyping && chat.action !== undefined ? { typingUntil: new Date(chat.action.until).toISOString(), typingWhat: chat.action.what } : {}),
    ...(keyboard === undefined ? {} : { keyboard }),
    entries: chat.messages.total,
  }
}

function keyboardView({ keyboard }: ChatState): Phone['keyboard'] {
  if (keyboard === undefined) return undefined
  if (keyboard.kind === 'force') return { rows: [], oneTime: true, ...(keyboard.placeholder === undefined ? {} : { placeholder: keyboard.placeholder }) }
  const { markup } = keyboard
  return {
    rows: markup.keyboard.map((row, y) => row.map((button, x) => keyboardButton(button, `${y}.${x}`))),
    oneTime: markup.one_time_keyboard ?? false,
    ...(markup.input_field_placeholder === undefined ? {} : { placeholder: markup.input_field_placeholder }),
  }
}
function keyboardButton(button: KeyboardButton, id: string): Button {
  if (button.request_contact === true) return { id, title: button.text, action: 'contact' }
  if (button.request_location === true) return { id, title: button.text, action: 'location' }
  if (button.web_app !== undefined) return { id, title: button.text, action: 'webApp', url: button.web_app.url }
  return { id, title: button.text, action: 'reply' }
}

export function entryView(world: World, chat: ChatState, stored: StoredMessage): PhoneEntry {
  const { message } = stored
  const phone = phoneId(chat.bot.id, chat.guest.user.id)
  return {
    id: stored.entry,
    phone,
    from: stored.from,
    at: new Date(stored.at).toISOString(),
    body: stored.body ?? (message === undefined ? { kind: 'other', what: 'empty' } : bodyView(world.files, message)),
    ...(message?.reply_markup === undefined ? {} : { buttons: inlineView(message.reply_markup) }),
    ...(message?.media_group_id === undefined ? {} : { album: message.media_group_id }),
    ...(message?.reply_to_message === undefined ? {} : { replyTo: String(message.reply_to_message.message_id) }),
    ...(stored.editedAt === undefined ? {} : { editedAt: new Date(stored.editedAt).toISOString() }),
    ...(stored.deletedAt === undefined ? {} : { deletedAt: new Date(stored.deletedAt).toISOString() }),
    ...(stored.reactions === undefined || stored.reactions.length === 0 ? {} : { reactions: stored.reactions }),
    state: stored.state,
    ...(stored.attempts === undefined ? {} : { attempts: stored.attempts }),
    ...(stored.status === undefined ? {} : { status: stored.status }),
    ...(stored.why === undefined || stored.why === '' ? {} : { why: stored.why }),
    refs: refsOf(chat, stored),
  }
}
function refsOf(chat: ChatState, { message, updateId, refs: further = [] }: StoredMessage): string[] {
  const refs = [...further]
  if (message !== undefined) refs.push(String(message.message_id), `${chat.guest.user.id}:${message.message_id}`)
  if (updateId !== undefined) refs.push(String(updateId))
  return refs
}

function inlineView({ inline_keyboard }: InlineKeyboard): Button[][] {
  return inline_keyboard.map((row, y) =>
    row.map((button, x): Button => {
      const common = { id: `${y}.${x}`, title: button.text }
      if (button.url !== undefined) return { ...common, action: 'url', url: button.url }
      if (button.web_app !== undefined) return { ...common, action: 'webApp', url: button.web_app.url }
      if (button.copy_text !== undefined) return { ...common, action: 'copy', copies: button.copy_text.text }
      return { ...common, action: button.callback_data === undefined ? 'none' : 'reply' }
    }),
  )
}

function bodyView(files: FileTable, message: Message): Body {
  const caption = captionOf(message)
  if (message.venue !== undefined) return { kind: 'location', ...place(message.venue.location), title: message.venue.title, address: message.venue.address }
  if (message.location !== undefined) return { kind: 'location', ...place(message.location) }
  if (message.contact !== undefined) {
    const { contact } = message
    return {
      kind: 'contact',
      name: [contact.first_name, contact.last_name].filter(Boolean).join(' '),
      phones: [contact.phone_number],
      ...(contact.vcard === undefined ? {} : { vcard: contact.vcard }),
    }
  }
  if (message.sticker !== undefined) {
    const media = viewOf(files.storedById(message.sticker.file_id))
    return {
      kind: 'sticker',
      ...(message.sticker.emoji === undefined ? {} : { emoji: message.sticker.emoji }),
      ...(message.sticker.set_name === undefined ? {} : { pack: message.sticker.set_name }),
      ...(media === undefined ? {} : { media }),
    }
  }
  const file = fileOf(message)
  if (file !== undefined) {
    const media = viewOf(files.storedById(file.id))
    if (media === undefined) return { kind: 'other', what: file.kind, text: 'no longer kept' }
    const durationSeconds = message.voice?.duration ?? message.video?.duration ?? message.audio?.duration
    return { kind: file.kind, media: { ...media, ...(durationSeconds === undefined ? {} : { durationSeconds }) }, ...caption }
  }
  if (message.text !== undefined) return { kind: 'text', text: message.text, ...spansOf(message.entities) }
  return { kind: 'other', what: 'message' }
}

function fileOf(message: Message): { kind: 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'file'; id: string } | undefined {
  const picture = message.photo?.at(-1)
  if (picture !== undefined) return { kind: 'photo', id: picture.file_id }
  if (message.animation !== undefined) return { kind: 'animation', id: message.animation.file_id }
  if (message.video !== undefined) return { kind: 'video', id: message.video.file_id }
  if (message.audio !== undefined) return { kind: 'audio', id: message.audio.file_id }
  if (message.voice !== undefined) return { kind: 'voice', id: message.voice.file_id }
  if (message.document !== undefined) return { kind: 'file', id: message.document.file_id }
  return undefined
}

const spanStyles: Readonly<Record<string, TextSpan['style']>> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'strikethrough',
  code: 'code',
  pre: 'pre',
  spoiler: 'spoiler',
  blockquote: 'quote',
  text_link: 'link',
  url: 'link',
  mention: 'mention',
  bot_command: 'command',
}
function spansOf(entities: MessageEntity[] | undefined): { spans?: TextSpan[] } {
  const spans = (entities ?? []).flatMap(({ type, offset, length, url }): TextSpan[] => {
    const style = spanStyles[type]
    return style === undefined ? [] : [{ style, offset, length, ...(url === undefined ? {} : { url }) }]
  })
  return spans.length === 0 ? {} : { spans }
}
function captionOf({ caption, caption_entities }: Message): { caption?: string; spans?: TextSpan[] } {
  return caption === undefined ? {} : { caption, ...spansOf(caption_entities) }
}
function place({ latitude, longitude }: { latitude: number; longitude: number }): { latitude: number; longitude: number } {
  return { latitude, longitude }
}
function viewOf(stored: StoredMedia | undefined): MediaView | undefined {
  return stored === undefined ? undefined : mediaView(stored)
}
