import { type Call, type Method, obeyRates, send, writableChat } from '../call.ts'
import type { FormattedText } from '../entities.ts'
import { readFormatted } from '../entities.ts'
import { badRequest } from '../errors.ts'
import { readMarkup } from '../markup.ts'
import type { MessageContent } from '../types.ts'

const maxText = 4096
const maxCaption = 1024
const maxVcardBytes = 2048
const actions = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_audio',
  'record_voice',
  'upload_audio',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'pick_up_location',
  'record_video_note',
  'upload_video_note',
])
const actionMs = 5000

export function textContent(call: Call): MessageContent {
  const { text, entities } = readFormatted(call.params, 'text', 'entities')
  if (text === '') throw badRequest('message text is empty')
  if (text.length > maxText) throw badRequest('message is too long')
  return { text, ...(entities.length === 0 ? {} : { entities }) }
}

export function captionContent({ text, entities }: FormattedText): MessageContent {
  if (text.length > maxCaption) throw badRequest('message caption is too long')
  return text === '' ? {} : { caption: text, ...(entities.length === 0 ? {} : { caption_entities: entities }) }
}

function sendMessage(call: Call): unknown {
  const content = textContent(call)
  const markup = readMarkup(call.params)
  const chat = writableChat(call)
  obeyRates(call, chat)
  return send(call, chat, content, markup)
}

function readLocation({ params }: Call): { latitude: number; longitude: number } {
  const latitude = params.number('latitude')
  const longitude = params.number('longitude')
  if (latitude === undefined) throw badRequest('latitude is empty')
  if (longitude === undefined) throw badRequest('longitude is empty')
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest('wrong location coordinates specified')
  return { latitude, longitude }
}

function sendLocation(call: Call): unknown {
  const location = readLocation(call)
  const chat = writableChat(call)
  obeyRates(call, chat)
  return send(call, chat, { location })
}

function sendVenue(call: Call): unknown {
  const location = readLocation(call)
  const title = call.params.text('title')
  if (title === '') throw badRequest('venue title must be non-empty')
  const address = call.params.text('address')
  if (address === '') throw badRequest('venue address must be non-empty')
  const chat = writableChat(call)
  obeyRates(call, chat)
  return send(call, chat, { location, venue: { location, title, address } })
}

function sendContact(call: Call): unknown {
  const { params } = call
  const phone_number = params.required('phone_number')
  const first_name = params.required('first_name')
  const vcard = params.text('vcard')
  if (Buffer.byteLength(vcard) > maxVcardBytes) throw badRequest('vcard is too long')
  const chat = writableChat(call)
  obeyRates(call, chat)
  const contact = { phone_number, first_name, ...(params.has('last_name') ? { last_name: params.text('last_name') } : {}), ...(vcard === '' ? {} : { vcard }) }
  return send(call, chat, { contact })
}

/** Lasts five seconds, or until the next message; there is no way to end it, but for `cancel`. */
function sendChatAction(call: Call): unknown {
  const action = call.params.text('action').toLowerCase()
  if (action !== 'cancel' && !actions.has(action)) throw badRequest('wrong parameter action in request')
  const chat = writableChat(call)
  chat.action = action === 'cancel' ? undefined : { what: action, until: call.world.now() + actionMs }
  call.world.count('chatActions')
  call.events.phone(chat)
  return true
}

export const textMethods: Readonly<Record<string, Method>> = { sendMessage, sendLocation, sendVenue, sendContact, sendChatAction }
