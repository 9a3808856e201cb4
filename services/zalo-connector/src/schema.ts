import { Id, maybe, maybes, optional } from '@um/shared/kit'
import { z } from 'zod'

/** What Zalo sends, as far as it is read. Numbers come as text and the other way round. https://developers.zalo.me/docs/official-account/webhook/tong-quan */
const Party = optional(z.object({ id: Id }))

const Coordinates = z.object({ latitude: z.coerce.number().min(-90).max(90), longitude: z.coerce.number().min(-180).max(180) })
const Payload = z.object({
  ...maybes('url', 'title', 'description', 'name', 'type', 'id'),
  size: optional(z.coerce.number().positive()),
  coordinates: optional(Coordinates),
})
export const Attachment = z.object({ type: z.string(), payload: Payload })
export type Attachment = z.infer<typeof Attachment>
export const Message = z.object({
  ...maybes('msg_id', 'text', 'react_icon', 'conversation_id'),
  msg_ids: optional(z.array(Id)),
  attachments: optional(z.array(Attachment)),
})
export type Message = z.infer<typeof Message>
export const Event = z.looseObject({
  event_name: z.string().min(1),
  app_id: Id,
  oa_id: maybe,
  timestamp: Id,
  ...{ sender: Party, recipient: Party, follower: Party },
  message: optional(Message),
  info: optional(z.object(maybes('name', 'phone', 'address', 'city', 'district', 'ward'))),
})
export type Event = z.infer<typeof Event>
/** What a business card says of itself, as JSON text. */
export const Card = z.object({ phone: maybe })

/** Every answer has HTTP status 200; `error` tells. The token end point leaves it out when all is well. */
export const Answer = z.object({ error: z.coerce.number().optional(), ...maybes('message', 'error_name', 'error_description') })
export const Sent = z.object({ data: z.object({ message_id: Id }) })
export const Uploaded = z.object({ data: z.object(maybes('attachment_id', 'token')) })
export const Granted = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1), expires_in: z.coerce.number().positive() })
export const OaInfo = z.object({ data: z.object({ oa_id: Id, name: maybe }) })
export const UserDetail = z.object({
  data: z.object({
    ...maybes('display_name', 'user_alias', 'avatar'),
    user_is_follower: optional(z.boolean()),
    avatars: optional(z.object(maybes('120', '240'))),
    shared_info: optional(z.object(maybes('name', 'phone', 'address', 'city', 'district'))),
  }),
})
