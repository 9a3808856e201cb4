import { type Call, type Method, writableChat } from '../call.ts'
import { readFormatted } from '../entities.ts'
import { badRequest } from '../errors.ts'
import { readInlineMarkup } from '../markup.ts'
import type { Message } from '../types.ts'
import type { ChatState, StoredMessage } from '../world.ts'
import { captionContent, textContent } from './text.ts'

const deletableMs = 48 * 60 * 60 * 1000
const notModified = () =>
  badRequest(
    'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
  )

function editMessageText(call: Call): unknown {
  const content = textContent(call)
  const { chat, stored, message } = editable(call)
  if (message.text === undefined) throw badRequest('there is no text in the message to edit')
  const { text: _text, entities: _entities, ...rest } = message
  return replace(call, chat, stored, withMarkup(call, { ...rest, ...content }))
}

function editMessageCaption(call: Call): unknown {
  const content = captionContent(readFormatted(call.params, 'caption', 'caption_entities'))
  const { chat, stored, message } = editable(call)
  if (message.text !== undefined) throw badRequest('there is no caption in the message to edit')
  const { caption: _caption, caption_entities: _entities, ...rest } = message
  return replace(call, chat, stored, withMarkup(call, { ...rest, ...content }))
}

function editMessageReplyMarkup(call: Call): unknown {
  const { chat, stored, message } = editable(call)
  return replace(call, chat, stored, withMarkup(call, message))
}

/** An edit without a keyboard removes the one that was there. */
function withMarkup(call: Call, { reply_markup: _old, ...message }: Message): Message {
  const markup = readInlineMarkup(call.params)
  return markup === undefined ? message : { ...message, reply_markup: markup }
}

function replace(call: Call, chat: ChatState, stored: StoredMessage, message: Message): Message {
  const { edit_date: _old, ...before } = stored.message ?? message
  const { edit_date: _older, ...after } = message
  if (JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))) throw notModified()
  const now = call.world.now()
  stored.message = { ...message, edit_date: Math.floor(now / 1000) }
  stored.editedAt = now
  call.world.count('edits')
  call.events.entry(chat, stored)
  return stored.message
}
function sorted(message: object): [string, unknown][] {
  return Object.entries(message).sort(([a], [b]) => (a < b ? -1 : 1))
}

function editable(call: Call): { chat: ChatState; stored: StoredMessage; message: Message } {
  const chat = writableChat(call)
  const stored = chat.byMessageId.get(call.params.integer('message_id', 0, 0, Number.MAX_SAFE_INTEGER))
  if (stored?.message === undefined || stored.deletedAt !== undefined) throw badRequest('message to edit not found')
  if (stored.from !== 'business') throw badRequest("message can't be edited")
  return { chat, stored, message: stored.message }
}

function deleteMessage(call: Call): unknown {
  const id = call.params.integer('message_id', 0, 0, Number.MAX_SAFE_INTEGER)
  if (!call.params.has('chat_id')) throw badRequest('chat identifier is not specified')
  if (id === 0) throw badRequest('message identifier is not specified')
  const chat = writableChat(call)
  const stored = chat.byMessageId.get(id)
  if (stored?.message === undefined || stored.deletedAt !== undefined) throw badRequest('message to delete not found')
  if (call.world.now() - stored.at > deletableMs) throw badRequest("message can't be deleted for everyone")
  stored.deletedAt = call.world.now()
  call.world.count('deletions')
  call.events.entry(chat, stored)
  return true
}

export const editMethods: Readonly<Record<string, Method>> = { editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessage }
