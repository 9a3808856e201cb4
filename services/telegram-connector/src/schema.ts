import { z } from 'zod'

/** The parts of the Bot API's objects that we read; whatever else they hold is let through. https://core.telegram.org/bots/api */

const Id = z.union([z.int(), z.string()]).transform(String)
const text = z.string()

export const User = z.object({
  id: Id,
  is_bot: z.boolean().optional(),
  first_name: text.optional(),
  last_name: text.optional(),
  username: text.optional(),
  language_code: text.optional(),
  is_premium: z.boolean().optional(),
})
export type User = z.infer<typeof User>

export const Chat = z.object({
  id: Id,
  type: text.optional(),
  title: text.optional(),
  username: text.optional(),
  first_name: text.optional(),
  last_name: text.optional(),
})
export type Chat = z.infer<typeof Chat>

/** Offsets and lengths count UTF-16 units, as JavaScript does. */
const Entity = z.object({ type: text, offset: z.int(), length: z.int(), url: text.optional(), user: User.optional() })
export type Entity = z.infer<typeof Entity>
const Entities = z.array(Entity).catch([]).default([])

/** The frame of a message; its content is read member by member (`parse-content.ts`), so that one odd member cannot spoil the rest. */
export const Message = z.looseObject({
  message_id: Id,
  chat: Chat,
  date: z.int(),
  edit_date: z.int().optional(),
  from: User.optional(),
  sender_chat: Chat.optional(),
  sender_business_bot: User.optional(),
  author_signature: text.optional(),
  message_thread_id: Id.optional(),
  is_topic_message: z.boolean().optional(),
  business_connection_id: text.optional(),
  text: text.optional(),
  caption: text.optional(),
  entities: Entities,
  caption_entities: Entities,
  reply_to_message: z.object({ from: User.optional() }).optional().catch(undefined),
  migrate_to_chat_id: Id.optional(),
  migrate_from_chat_id: Id.optional(),
})
export type Message = z.infer<typeof Message>

export const FileFacts = z.object({
  file_id: text,
  file_unique_id: text.optional(),
  file_name: text.optional(),
  mime_type: text.optional(),
  file_size: z.int().optional(),
  duration: z.number().optional(),
})
export type FileFacts = z.infer<typeof FileFacts>
export const Photo = z.array(FileFacts.extend({ width: z.number(), height: z.number() })).min(1)
export const Sticker = FileFacts.extend({
  set_name: text.optional(),
  emoji: text.optional(),
  is_animated: z.boolean().optional(),
  is_video: z.boolean().optional(),
})
export const Location = z.object({ latitude: z.number(), longitude: z.number() })
export const Venue = z.object({ location: Location, title: text, address: text })
export const Contact = z.object({ phone_number: text, first_name: text, last_name: text.optional(), user_id: Id.optional(), vcard: text.optional() })
export const Dice = z.object({ emoji: text, value: z.number() })
export const Poll = z.object({ question: text, options: z.array(z.object({ text })) })
export const WebAppData = z.object({ data: text, button_text: text.optional() })

const Button = z.object({ text: text, callback_data: text.optional() })
export const CallbackQuery = z.object({
  id: Id,
  from: User,
  data: text.optional(),
  message: z
    .object({
      message_id: Id,
      chat: Chat,
      date: z.int(),
      edit_date: z.int().optional(),
      message_thread_id: Id.optional(),
      is_topic_message: z.boolean().optional(),
      business_connection_id: text.optional(),
      reply_markup: z
        .object({ inline_keyboard: z.array(z.array(Button)) })
        .optional()
        .catch(undefined),
    })
    .optional(),
})
export const MemberChange = z.object({
  chat: Chat,
  from: User.optional(),
  date: z.int(),
  old_chat_member: z.object({ status: text }),
  new_chat_member: z.object({ status: text }),
})
const ReactionType = z.object({ type: text, emoji: text.optional() })
export const Reaction = z.object({
  chat: Chat,
  message_id: Id,
  user: User.optional(),
  date: z.int(),
  old_reaction: z.array(ReactionType),
  new_reaction: z.array(ReactionType),
})
export const DeletedMessages = z.object({ business_connection_id: text, chat: Chat, message_ids: z.array(Id) })
export const PollAnswer = z.object({ user: User.optional(), voter_chat: Chat.optional(), option_ids: z.array(z.int()) })
export const PaymentQuery = z.object({ id: Id, from: User })

/** Exactly one further member, named after the kind of update. */
export const Update = z.looseObject({ update_id: Id })

/** What every method answers. */
export const Answer = z.object({
  ok: z.boolean(),
  error_code: z.int().optional(),
  description: text.optional(),
  parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: Id.optional() }).optional(),
})
/** A success whose result is the thing that the method is about. */
export function resultOf<T extends z.ZodType>(result: T) {
  return z.object({ result })
}
export const Bot = z.object({ id: Id, first_name: text.optional(), username: text.optional(), can_read_all_group_messages: z.boolean().optional() })
export const WebhookInfo = z.object({
  url: text,
  pending_update_count: z.int().default(0),
  last_error_date: z.int().optional(),
  last_error_message: text.optional(),
  max_connections: z.int().optional(),
  allowed_updates: z.array(text).optional(),
})
export type WebhookInfo = z.infer<typeof WebhookInfo>
export const RemoteFile = z.object({ file_path: text.optional(), file_size: z.int().optional() })
export const ProfilePhotos = z.object({ photos: z.array(Photo) })
