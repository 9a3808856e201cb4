import { type BenchTenant, benchTenant, genesysSignature, guestNumber } from '../tenants.ts'
import { mark } from './ledger.ts'

export type Direction = 'toAgent' | 'toGuest'

const words = 'Good afternoon, I have not received the confirmation of my booking yet. Could you please have a look? '

const tenants: BenchTenant[] = []
function tenantOf(number: number): BenchTenant {
  let tenant = tenants[number]
  if (tenant === undefined) {
    tenant = benchTenant(number)
    tenants[number] = tenant
  }
  return tenant
}

/** A guest writes: the whole request as Telegram sends it. https://core.telegram.org/bots/api#update */
export function telegramUpdate(number: number, tenantNumber: number, guestIndex: number, content?: object): Buffer {
  const tenant = tenantOf(tenantNumber)
  const guest = guestNumber(tenantNumber, guestIndex)
  const person = { id: guest, first_name: 'Ada', last_name: `Guest ${guestIndex}`, username: `guest${guest}` }
  const body = JSON.stringify({
    update_id: number,
    message: {
      message_id: number,
      from: { ...person, is_bot: false, language_code: 'en' },
      chat: { ...person, type: 'private' },
      date: Math.floor(Date.now() / 1000),
      ...(content ?? { text: words + mark(number) }),
    },
  })
  return request('/telegram', body, `x-telegram-bot-api-secret-token: ${tenant.webhookSecret}\r\n`)
}

/** Ends in the marker by way of its caption; the file is of `bytes` bytes. */
export function photo(number: number, bytes: number): object {
  return {
    photo: [{ file_id: `photo-${number}-${bytes}`, file_unique_id: `unique-${number}`, width: 1200, height: 900, file_size: bytes }],
    caption: words + mark(number),
  }
}

/** An agent answers: the whole request as Genesys Cloud sends it. https://developer.genesys.cloud/commdigital/digital/openmessaging/outboundMessages */
export function genesysMessage(number: number, tenantNumber: number, guestIndex: number): Buffer {
  const tenant = tenantOf(tenantNumber)
  const guest = String(guestNumber(tenantNumber, guestIndex))
  const body = JSON.stringify({
    id: `message-${tenantNumber}-${number}`,
    channel: {
      id: tenant.integrationId,
      platform: 'Open',
      type: 'Private',
      messageId: `channel-${number}`,
      to: { id: guest, idType: 'Opaque' },
      from: { id: tenant.integrationId, idType: 'Opaque' },
      time: new Date().toISOString(),
    },
    type: 'Text',
    text: words + mark(number),
    originatingEntity: 'Human',
    direction: 'Outbound',
    conversationId: conversationOf(tenant.integrationId, guest),
  })
  return request('/openmessaging', body, `x-hub-signature-256: ${genesysSignature(Buffer.from(body), tenant)}\r\n`)
}

export function conversationOf(integrationId: string, guest: string): string {
  return `conversation-${integrationId}-${guest}`
}

function request(path: string, body: string, headers: string): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
