import { Id, maybe } from '@um/shared/kit'
import { z } from 'zod'

/** What Viber sends, as far as it is read. Tokens have 64 bits: those beyond 2^53 are strings (`readJson`). https://developers.viber.com/docs/api/rest-bot-api/#callbacks */
const text = z.string()
const amount = z.number().optional().catch(undefined)

/** Milliseconds, as far as there are dates. */
const timestamp = z.int().min(0).max(8.64e15).optional().catch(undefined)

const Person = z.object({ id: text.min(1), name: maybe, avatar: maybe, country: maybe, language: maybe })
export type Person = z.infer<typeof Person>
const person = Person.optional().catch(undefined)
const message = z.looseObject({ type: text }).optional().catch(undefined)
export const Callback = z.looseObject({
  ...{ event: text.min(1), timestamp, message_token: maybe },
  ...{ user_id: maybe, sender: person, user: person, message },
})
export type Callback = z.infer<typeof Callback>

export const Opened = z.object({ context: maybe, subscribed: z.boolean().optional().catch(undefined) })
export const Failed = z.object({ desc: maybe })
export const ClientStatus = z.object({ status: z.object({ type: text, code: z.unknown(), tracking_data: maybe }) })

export const TextMessage = z.object({ text })
export const MediaMessage = z.object({ media: text.min(1), file_name: maybe, text: maybe, size: amount, duration: amount })
export const StickerMessage = z.object({ sticker_id: Id, media: maybe })
export const ContactMessage = z.object({ contact: z.object({ name: maybe, phone_number: maybe }) })
export const LocationMessage = z.object({ location: z.object({ lat: z.number(), lon: z.number() }) })

/** What every end point answers: the HTTP status says nothing, this one does. */
export const Answer = z.object({ status: z.int(), status_message: maybe })
export const Sent = z.object({ message_token: Id })
export const Account = z.object({ id: text, name: text, uri: maybe, webhook: maybe })
export const Registered = z.object({ event_types: z.array(text).default([]) })
export const Details = z.object({ user: z.object({ primary_device_os: maybe, device_type: maybe }) })
