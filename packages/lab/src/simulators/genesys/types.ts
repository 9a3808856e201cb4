/** What travels, as far as the simulator makes or reads it. Names are the platform's: https://developer.genesys.cloud/commdigital/digital/openmessaging */

export type MediaType = 'Image' | 'Video' | 'Audio' | 'File' | 'Link'
export interface Attachment {
  id?: string
  mediaType: MediaType
  url: string
  mime: string
  filename?: string
  text?: string
  contentSizeBytes?: number
  sha256?: string
}
export interface CardAction {
  type: 'Postback' | 'Link'
  text: string
  payload?: string
  url?: string
}
export interface Card {
  title: string
  description?: string
  image?: string
  actions: CardAction[]
}
export type Content =
  | { contentType: 'Attachment'; attachment: Attachment }
  | { contentType: 'QuickReply'; quickReply: { text: string; payload: string; image?: string; action: 'Message' } }
  | { contentType: 'Card'; card: Card }
  | { contentType: 'Carousel'; carousel: { cards: Card[] } }
  | {
      contentType: 'ListPicker'
      listPicker: {
        id: string
        sections: { title?: string; multipleSelection: boolean; items: { id: string; title: string; subtitle?: string; imageUrl?: string }[] }[]
      }
    }
  | { contentType: 'DatePicker'; datePicker: { id: string; title: string; subtitle?: string; availableTimes: { dateTime: string; duration: number }[] } }
  | { contentType: 'Location'; location: { latitude: number; longitude: number; text?: string; address?: string } }

export interface Reason {
  code: string
  message?: string
}
/** What a webhook carries beside its envelope. */
export type OutboundBody =
  | { type: 'Text'; text?: string; content?: Content[] }
  | { type: 'Structured'; text?: string; content: Content[] }
  | { type: 'Event'; events: object[] }
  | { type: 'Receipt'; status: string; isFinalReceipt: boolean; reasons?: Reason[] }

export interface FromUser {
  id: string
  idType: string
  nickname?: string
  firstName?: string
  lastName?: string
  email?: string
  image?: string
}
/** `channel` of an inbound call, checked. */
export interface InboundChannel {
  platform?: string
  type?: string
  messageId?: string
  to?: { id?: string }
  from: FromUser
  time: string
  metadata?: { customAttributes?: Record<string, string> }
}

export const reasonCodes: readonly string[] = [
  'MessageExpired',
  'RateLimited',
  'MessageNotAllowed',
  'GeneralError',
  'UnsupportedMessage',
  'UnknownMessage',
  'InvalidMessageStructure',
  'InvalidDestination',
  'ServerError',
  'MediaTypeNotAllowed',
  'InvalidMediaContentLength',
  'RecipientOptedOut',
  'DataFiltered',
]
