import { createHmac } from 'node:crypto'
import { extensionOf, isActiveType } from './mime.ts'

/** Control characters, what has a meaning in paths and URLs, and marks that turn the reading direction (`gpj.exe` shown as `exe.jpg`). */
const unsafe = /[\p{Cc}/\\?#%\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const unsafeInHeaders = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const extension = /\.[A-Za-z0-9]{1,10}$/
const maxKeyNameBytes = 100
const maxShownNameBytes = 255

/** A file name that is safe in keys and URLs, at most 100 bytes of UTF-8, with its extension (or the one of its type). */
export function safeName(original: string | undefined, mime: string): string {
  const clean = wellFormed(original ?? '')
    .replace(unsafe, '_')
    .trim()
    .replace(/^\.+/, dots => '_'.repeat(dots.length))
  return shorten(withExtension(clean === '' ? 'file' : clean, mime), maxKeyNameBytes)
}

/** The name that people see when they save the file. */
export function shownName(original: string | undefined, mime: string): string {
  const clean = wellFormed(original ?? '')
    .replace(unsafeInHeaders, '_')
    .trim()
  return shorten(withExtension(clean === '' ? 'file' : clean, mime), maxShownNameBytes)
}

/** Names the folder of a conversation. Keyed, because guests are often known by their phone numbers, which a plain hash would give away. */
export function conversationFolder(secret: string, tenantId: string, guest: string): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['conversation', tenantId, guest]))
    .digest('hex')
    .slice(0, 32)
}

/** `random`: 16 bytes; they are what protects a public URL from being guessed. */
export function objectKey(parts: { prefix: string; tenantId: string; conversation: string; random: Buffer; name: string }): string {
  const path = [parts.tenantId, parts.conversation, `${parts.random.toString('hex')}-${parts.name}`].join('/')
  return parts.prefix === '' ? path : `${parts.prefix}/${path}`
}

/** A key as the path of a URL: each segment percent-encoded after RFC 3986, the slashes kept. */
export function encodeKey(key: string): string {
  return key.split('/').map(percentEncoded).join('/')
}

/** Opened in place, except what could run there. RFC 6266 with the encoding of RFC 5987. */
export function contentDisposition(name: string, mime: string): string {
  return `${isActiveType(mime) ? 'attachment' : 'inline'}; filename*=UTF-8''${percentEncoded(name)}`
}

/** No cache keeps an attachment longer than the storage does. */
export function cacheControl(purgeDelaySeconds: number): string {
  return `private, max-age=${Math.max(60, purgeDelaySeconds)}`
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
function wellFormed(text: string): string {
  return text.toWellFormed().normalize('NFC')
}
function withExtension(name: string, mime: string): string {
  if (extension.test(name)) return name
  const known = extensionOf(mime)
  return known === undefined ? name : `${name}.${known}`
}
function shorten(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const end = extension.exec(name)?.[0] ?? ''
  let room = maxBytes - end.length
  let kept = ''
  for (const character of name.slice(0, name.length - end.length)) {
    room -= Buffer.byteLength(character)
    if (room < 0) break
    kept += character
  }
  return kept + end
}
