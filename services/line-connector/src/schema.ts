import { z } from 'zod'

/** What LINE sends, as far as it is read; new members and kinds may come at any time. https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects */

const text = z.string()
/** Missing or null: LINE tells either way that it does not tell. */
const maybe = text
  .nullish()
  .transform(value => value ?? undefined)
  .optional()
const Id = z.union([text.min(1), z.int()]).transform(String)

export const Addressed = z.object({ destination: text.min(1) })
export const Envelope = Addressed.extend({ events: z.array(z.unknown()) })

const Source = z.object({ userId: text.optional(), groupId: text.optional(), roomId: text.optional() })
export const Event = z.looseObject({
  type: text,
  mode: text.optional(),
  timestamp: z.int().optional(),
  source: Source.optional(),
  webhookEventId: text.optional(),
  deliveryContext: z.object({ isRedelivery: z.boolean() }).optional().catch(undefined),
  replyToken: text.optional(),
})
export type Event = z.infer<typeof Event>

export const Message = z.looseObject({ type: text, id: Id, markAsReadToken: text.optional() })
export type Message = z.infer<typeof Message>
export const TextMessage = z.object({ text })
const ContentProvider = z.object({ type: text, originalContentUrl: text.optional() })
export const MediaMessage = z.object({
  id: Id,
  contentProvider: ContentProvider.optional(),
  duration: z.number().optional(),
  fileName: text.optional(),
  fileSize: z.int().optional(),
})
export const LocationMessage = z.object({ latitude: z.number(), longitude: z.number(), title: text.optional(), address: text.optional() })
export const StickerMessage = z.object({ packageId: Id, stickerId: Id, text: text.optional(), keywords: z.array(text).optional().catch(undefined) })

export const Postback = z.object({ data: text, params: z.record(z.string(), z.unknown()).default({}) })
export const Unsend = z.object({ messageId: Id })
export const Follow = z.object({ isUnblocked: z.boolean().optional() })
export const Members = z.object({ members: z.array(z.unknown()) })
export const Module = z.object({ type: text, reason: text.optional() })
export const Delivery = z.object({ data: text })

/** https://developers.line.biz/en/reference/messaging-api/#error-responses, and the token end points' own form */
export const Refused = z.object({
  message: text.optional(),
  error: text.optional(),
  error_description: text.optional(),
  details: z.array(z.object({ message: text.optional(), property: text.optional() })).default([]),
})
export const Sent = z.object({ sentMessages: z.array(z.object({ id: Id })).min(1) })
export const Token = z.object({ access_token: text, expires_in: z.number() })
export const BotInfo = z.object({
  userId: text,
  basicId: text.optional(),
  displayName: text.optional(),
  chatMode: text.optional(),
  markAsReadMode: text.optional(),
})
export const Endpoint = z.object({ endpoint: text, active: z.boolean().optional() })
export const EndpointTest = z.object({ success: z.boolean(), reason: text.optional(), detail: text.optional() })
export const Quota = z.object({ type: text, value: z.number().optional() })
export const Usage = z.object({ totalUsage: z.number() })
export const Profile = z.object({ displayName: maybe, pictureUrl: maybe, statusMessage: maybe, language: maybe })
export const GroupSummary = z.object({ groupName: maybe, pictureUrl: maybe })
export const Transcoding = z.object({ status: text })
