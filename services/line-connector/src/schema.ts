import { Id, maybe, maybes } from '@um/shared/kit'
import { z } from 'zod'

/** What LINE sends, as far as it is read; new members and kinds may come at any time. https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects */

const text = z.string()

export const Addressed = z.object({ destination: text.min(1) })
export const Envelope = Addressed.extend({ events: z.array(z.unknown()) })

export const Event = z.looseObject({
  type: text,
  ...maybes('mode', 'webhookEventId', 'replyToken'),
  timestamp: z.int().optional(),
  source: z.object(maybes('userId', 'groupId', 'roomId')).default({}),
  deliveryContext: z.object({ isRedelivery: z.boolean() }).optional().catch(undefined),
})
export type Event = z.infer<typeof Event>

export const Message = z.looseObject({ type: text, id: Id, markAsReadToken: maybe })
export type Message = z.infer<typeof Message>
export const TextMessage = z.object({ text })
const ContentProvider = z.object({ type: text, originalContentUrl: maybe })
export const MediaMessage = z.object({
  id: Id,
  contentProvider: ContentProvider.optional(),
  duration: z.number().optional(),
  fileName: maybe,
  fileSize: z.int().optional(),
})
export const LocationMessage = z.object({ latitude: z.number(), longitude: z.number(), ...maybes('title', 'address') })
export const StickerMessage = z.object({ packageId: Id, stickerId: Id, text: maybe, keywords: z.array(text).default([]).catch([]) })

/** The member of an event that says more, by the event's type. */
export const Said = z.object({ message: Message })
export const Edited = z.object({ message: Message.extend(TextMessage.shape) })
export const Unsend = z.object({ unsend: z.object({ messageId: Id }) })
export const Follow = z.object({ follow: z.object({ isUnblocked: z.boolean().optional() }).default({}) })
const Members = z.object({ members: z.array(z.unknown()) })
export const Joined = z.object({ joined: Members })
export const Left = z.object({ left: Members })
export const Postback = z.object({ postback: z.object({ data: text, params: z.record(z.string(), z.unknown()).default({}) }) })
export const Module = z.object({ module: z.object({ type: text, reason: maybe }) })
export const Delivery = z.object({ delivery: z.object({ data: text }) })

/** https://developers.line.biz/en/reference/messaging-api/#error-responses, and the token end points' own form */
export const Refused = z.object({ ...maybes('message', 'error', 'error_description'), details: z.array(z.object(maybes('message', 'property'))).default([]) })
export const Sent = z.object({ sentMessages: z.array(z.object({ id: Id })).min(1) })
export const Token = z.object({ access_token: text, expires_in: z.number() })
export const BotInfo = z.object({ userId: text, ...maybes('basicId', 'displayName', 'chatMode', 'markAsReadMode') })
export const Endpoint = z.object({ endpoint: text, active: z.boolean().optional() })
export const EndpointTest = z.object({ success: z.boolean(), ...maybes('reason', 'detail') })
export const Quota = z.object({ type: text, value: z.number().optional() })
export const Usage = z.object({ totalUsage: z.number() })
/** Of a guest, a member or a group. */
export const Profile = z.object(maybes('displayName', 'pictureUrl', 'statusMessage', 'language', 'groupName'))
export const Transcoding = z.object({ status: text })
