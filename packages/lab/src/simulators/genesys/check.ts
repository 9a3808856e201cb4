import { badRequest } from './errors.ts'
import type { Attachment, FromUser, InboundChannel, MediaType, Reason } from './types.ts'
import { reasonCodes } from './types.ts'

/** Checks of inbound bodies, with the platform's complaints. */

export type Fields = Record<string, unknown>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
export function requireObject(value: unknown, name: string): Fields {
  if (!isObject(value)) throw badRequest(`The request could not be understood: should have required property '${name}'`)
  return value
}
export function requireText(fields: Fields, name: string, path: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '') throw badRequest(`The request could not be understood: should have required property '${path}.${name}'`)
  return value
}
function optionalText(fields: Fields, name: string, path: string): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw badRequest(`The value of '${path}.${name}' should be string`, 'invalid.value')
  return value
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/
const idTypes = ['email', 'phone', 'opaque']

export function readChannel(body: Fields): InboundChannel {
  const channel = requireObject(body.channel, 'channel')
  const messageId = optionalText(channel, 'messageId', 'channel')
  const metadata = readAttributes(channel.metadata)
  return {
    from: readFrom(requireObject(channel.from, 'channel.from')),
    time: readTime(channel),
    ...(messageId === undefined ? {} : { messageId }),
    ...(isObject(channel.to) && typeof channel.to.id === 'string' ? { to: { id: channel.to.id } } : {}),
    ...(typeof channel.platform === 'string' ? { platform: channel.platform } : {}),
    ...(typeof channel.type === 'string' ? { type: channel.type } : {}),
    ...(metadata === undefined ? {} : { metadata: { customAttributes: metadata } }),
  }
}

export function readTime(channel: Fields): string {
  const time = requireText(channel, 'time', 'channel')
  if (!instant.test(time) || Number.isNaN(Date.parse(time)))
    throw badRequest(`The value [${time}] for 'channel.time' is not an ISO-8601 date-time`, 'invalid.value')
  return time
}

function readFrom(from: Fields): FromUser {
  const id = requireText(from, 'id', 'channel.from')
  const idType = requireText(from, 'idType', 'channel.from')
  if (!idTypes.includes(idType.toLowerCase())) {
    throw badRequest(`The value [${idType}] is not valid for field type [idType]. Allowable values are: Email, Phone, Opaque`, 'invalid.value')
  }
  const user: FromUser = { id, idType }
  for (const name of ['nickname', 'firstName', 'lastName', 'email', 'image'] as const) {
    const value = optionalText(from, name, 'channel.from')
    if (value !== undefined) user[name] = value
  }
  return user
}

function readAttributes(metadata: unknown): Record<string, string> | undefined {
  if (metadata === undefined || metadata === null) return undefined
  if (!isObject(metadata)) throw badRequest("The value of 'channel.metadata' should be object", 'invalid.value')
  if (metadata.customAttributes === undefined) return undefined
  if (!isObject(metadata.customAttributes)) throw badRequest("The value of 'channel.metadata.customAttributes' should be object", 'invalid.value')
  return flatTexts(metadata.customAttributes, 'channel.metadata.customAttributes')
}

/** Top-level `metadata` must be flat: an object inside it is refused. */
export function checkMetadata(body: Fields): void {
  if (body.metadata === undefined || body.metadata === null) return
  if (!isObject(body.metadata)) throw badRequest("The value of 'metadata' should be object")
  flatTexts(body.metadata, 'metadata')
}

function flatTexts(fields: Fields, path: string): Record<string, string> {
  const read: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string') throw badRequest(`The value of '${path}.${name}' should be string`)
    read[name] = value
  }
  return read
}

const mediaTypes: readonly string[] = ['Image', 'Video', 'Audio', 'File', 'Link']

/** Text and the one attachment that a message may have; one of them must be there. */
export function readMessage(body: Fields): { text?: string; attachment?: Attachment } {
  const text = optionalText(body, 'text', '')
  const { content } = body
  if (content !== undefined && !Array.isArray(content)) throw badRequest("The value of 'content' should be array")
  if ((text === undefined || text === '') && (content === undefined || content.length === 0)) {
    throw badRequest("The request could not be understood: should have required property 'content', should have required property '.text'")
  }
  if (content !== undefined && content.length > 1) throw badRequest('Only one attachment is allowed per message', 'invalid.value')
  const attachment = content === undefined || content.length === 0 ? undefined : readAttachment(content[0])
  return { ...(text === undefined || text === '' ? {} : { text }), ...(attachment === undefined ? {} : { attachment }) }
}

function readAttachment(value: unknown): Attachment {
  const content = requireObject(value, 'content[0]')
  if (content.contentType !== 'Attachment')
    throw badRequest(`The value [${String(content.contentType)}] is not valid for field type [contentType]`, 'invalid.value')
  const attachment = requireObject(content.attachment, 'content[0].attachment')
  const mediaType = requireText(attachment, 'mediaType', 'content[0].attachment')
  if (!mediaTypes.includes(mediaType)) {
    throw badRequest(`The value [${mediaType}] is not valid for field type [mediaType]. Allowable values are: ${mediaTypes.join(', ')}`, 'invalid.value')
  }
  const url = requireText(attachment, 'url', 'content[0].attachment')
  const mime = requireText(attachment, 'mime', 'content[0].attachment')
  const filename = optionalText(attachment, 'filename', 'content[0].attachment')
  const text = optionalText(attachment, 'text', 'content[0].attachment')
  const id = optionalText(attachment, 'id', 'content[0].attachment')
  return {
    mediaType: mediaType as MediaType,
    url,
    mime,
    ...(id === undefined ? {} : { id }),
    ...(filename === undefined ? {} : { filename }),
    ...(text === undefined ? {} : { text }),
  }
}

const receiptStates: readonly string[] = ['Sent', 'Delivered', 'Failed', 'Published', 'Removed']

export function readReceipt(body: Fields): { id: string; status: string; final: boolean; reasons: Reason[] } {
  const id = requireText(body, 'id', '')
  const status = requireText(body, 'status', '')
  if (!receiptStates.includes(status)) {
    throw badRequest(`The value [${status}] is not valid for field type [status]. Allowable values are: ${receiptStates.join(', ')}`, 'invalid.value')
  }
  const channel = requireObject(body.channel, 'channel')
  requireText(requireObject(channel.to, 'channel.to'), 'id', 'channel.to')
  readTime(channel)
  if (body.reasons !== undefined && !Array.isArray(body.reasons)) throw badRequest("The value of 'reasons' should be array")
  return { id, status, final: body.isFinalReceipt === true, reasons: (body.reasons ?? []).map(readReason) }
}
function readReason(value: unknown): Reason {
  const reason = requireObject(value, 'reasons[0]')
  const code = requireText(reason, 'code', 'reasons[0]')
  if (!reasonCodes.includes(code)) throw badRequest(`The value [${code}] is not valid for field type [code]`, 'invalid.value')
  return { code, ...(typeof reason.message === 'string' ? { message: reason.message } : {}) }
}

const responseTypes: readonly string[] = ['QuickReply', 'Button', 'DatePicker', 'Form', 'ListPicker']

export function readResponse(body: Fields): { type: string; text: string; payload: string; of: string } {
  const response = requireObject(body.buttonResponse, 'buttonResponse')
  const type = requireText(response, 'type', 'buttonResponse')
  if (!responseTypes.includes(type)) throw badRequest(`The value [${type}] is not valid for field type [type]`, 'invalid.value')
  return {
    type,
    text: requireText(response, 'text', 'buttonResponse'),
    payload: requireText(response, 'payload', 'buttonResponse'),
    of: requireText(body, 'originatingMessageId', ''),
  }
}
