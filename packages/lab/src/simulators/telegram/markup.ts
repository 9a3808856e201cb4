import { badRequest } from './errors.ts'
import type { Params } from './params.ts'
import type { InlineButton, InlineKeyboard, KeyboardButton, ReplyMarkup } from './types.ts'

type Fields = Record<string, unknown>
const maxButtons = 100
const maxCallbackBytes = 64
const maxCopiedText = 256
const maxPlaceholder = 64

/** `reply_markup`, checked as the platform checks it. */
export function readMarkup(params: Params): ReplyMarkup | undefined {
  const value = params.json('reply_markup', 'reply keyboard markup')
  if (value === undefined) return undefined
  if (!isObject(value)) throw badRequest('object expected as reply markup')
  if (Array.isArray(value.inline_keyboard)) {
    const markup = { inline_keyboard: readRows(value.inline_keyboard, 'inline_keyboard', 'InlineKeyboardMarkup', readInlineButton) }
    return { kind: 'inline', markup }
  }
  if (Array.isArray(value.keyboard)) {
    const placeholder = readPlaceholder(value)
    return {
      kind: 'keyboard',
      markup: {
        keyboard: readRows(value.keyboard, 'keyboard', 'ReplyKeyboardMarkup', readKeyboardButton),
        ...(value.one_time_keyboard === true ? { one_time_keyboard: true } : {}),
        ...(placeholder === undefined ? {} : { input_field_placeholder: placeholder }),
      },
    }
  }
  if (value.remove_keyboard === true) return { kind: 'remove' }
  if (value.force_reply === true) {
    const placeholder = readPlaceholder(value)
    return { kind: 'force', ...(placeholder === undefined ? {} : { placeholder }) }
  }
  return undefined
}

/** For edits: only inline keyboards make sense there; an empty one removes it. */
export function readInlineMarkup(params: Params): InlineKeyboard | undefined {
  const markup = readMarkup(params)
  return markup?.kind === 'inline' && markup.markup.inline_keyboard.length > 0 ? markup.markup : undefined
}

function readRows<B>(rows: unknown[], field: string, type: string, readButton: (button: unknown) => B): B[][] {
  let count = 0
  const read = rows.map(row => {
    if (!Array.isArray(row)) throw badRequest(`field "${field}" of the ${type} must be an Array of Arrays`)
    count += row.length
    return row.map(readButton)
  })
  if (count > maxButtons) throw badRequest('reply markup is too long')
  return read.filter(row => row.length > 0)
}

function readInlineButton(value: unknown): InlineButton {
  const fail = (why: string) => badRequest(`can't parse inline keyboard button: ${why}`)
  if (!isObject(value)) throw fail('InlineKeyboardButton must be an Object')
  const text = value.text
  if (typeof text !== 'string' || text === '') throw fail('Field "text" must be of type String')
  if (typeof value.url === 'string' && value.url !== '') {
    if (!isUrl(value.url)) throw badRequest(`inline keyboard button URL '${value.url}' is invalid: Wrong HTTP URL`)
    return { text, url: value.url }
  }
  if (typeof value.callback_data === 'string' && value.callback_data !== '') {
    if (Buffer.byteLength(value.callback_data) > maxCallbackBytes) throw badRequest('BUTTON_DATA_INVALID')
    return { text, callback_data: value.callback_data }
  }
  if (isObject(value.web_app) && typeof value.web_app.url === 'string') return { text, web_app: { url: value.web_app.url } }
  if (isObject(value.copy_text) && typeof value.copy_text.text === 'string') {
    if (value.copy_text.text.length > maxCopiedText) throw badRequest('BUTTON_COPY_TEXT_INVALID')
    return { text, copy_text: { text: value.copy_text.text } }
  }
  throw fail('Text buttons are unallowed in the inline keyboard')
}

function readKeyboardButton(value: unknown): KeyboardButton {
  if (typeof value === 'string') return { text: value }
  if (!isObject(value)) throw badRequest("can't parse keyboard button: KeyboardButton must be a String or an Object")
  if (typeof value.text !== 'string') throw badRequest('can\'t parse keyboard button: Can\'t find field "text"')
  return {
    text: value.text,
    ...(value.request_contact === true ? { request_contact: true } : {}),
    ...(value.request_location === true ? { request_location: true } : {}),
    ...(isObject(value.web_app) && typeof value.web_app.url === 'string' ? { web_app: { url: value.web_app.url } } : {}),
  }
}

function readPlaceholder(value: Fields): string | undefined {
  const placeholder = value.input_field_placeholder
  if (typeof placeholder !== 'string' || placeholder === '') return undefined
  return placeholder.slice(0, maxPlaceholder)
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function isUrl(text: string): boolean {
  return URL.canParse(text) && /^(https?|tg|ton):/i.test(text)
}
