import { z } from 'zod'

/** What `message/cs` takes, with Zalo's limits. https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dang-van-ban */
const Media = z.union([
  z.object({ media_type: z.literal('gif'), attachment_id: z.string(), width: z.int().positive(), height: z.int().positive() }),
  z.object({ media_type: z.literal(['image', 'sticker']), attachment_id: z.string() }),
  z.object({ media_type: z.literal('image'), url: z.url() }),
])
const https = z.url({ protocol: /^https?$/ })
const Element = z.object({
  title: z.string().min(1).max(100),
  subtitle: z.string().max(500).optional(),
  image_url: https.optional(),
  default_action: z.object({ type: z.literal('oa.open.url'), url: https }).optional(),
})
export type Element = z.infer<typeof Element>
const title = z.string().min(1).max(100)
export const Button = z.union([
  z.object({ title, type: z.literal(['oa.query.show', 'oa.query.hide']), payload: z.string().min(1).max(1000) }),
  z.object({ title, type: z.literal('oa.open.url'), payload: z.object({ url: https }) }),
])
export type Button = z.infer<typeof Button>

export const Attachment = z.union([
  z.object({ type: z.literal('file'), payload: z.object({ token: z.string() }) }),
  z.object({ type: z.literal('template'), payload: z.object({ template_type: z.literal('media'), elements: z.array(Media).length(1) }) }),
  z.object({
    type: z.literal('template'),
    payload: z.object({ template_type: z.literal('list'), elements: z.array(Element).min(1).max(5), buttons: z.array(Button).max(5).default([]) }),
  }),
  z.object({
    type: z.literal('template'),
    payload: z.object({ template_type: z.literal('request_user_info'), elements: z.array(Element.extend({ image_url: https })).length(1) }),
  }),
])
export type Attachment = z.infer<typeof Attachment>

export const Request = z.object({
  recipient: z.union([z.object({ user_id: z.string().min(1) }), z.object({ anonymous_id: z.string().min(1), conversation_id: z.string().min(1) })]),
  message: z.object({ text: z.string().optional(), quote_message_id: z.string().optional(), attachment: z.unknown().optional() }),
})
