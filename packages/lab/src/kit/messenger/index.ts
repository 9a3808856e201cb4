export { type ApiAnswer, type ApiOperation, type ApiRequest, ApiServer, type ApiServerOptions } from './api-server.ts'
export { Messenger, type MessengerFacts, type MessengerOptions, type SentRecord } from './messenger.ts'
export { type AccountState, type ChatState, type Entry, type GuestState, PhoneBook } from './phone-book.ts'
export { type DeliveryState, deliver, type WebhookJob, type WebhookParts } from './webhook.ts'
