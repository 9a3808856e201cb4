/** What travels over the Bot API, as far as the simulator produces it. Names are the platform's: https://core.telegram.org/bots/api */

export interface User {
  id: number
  is_bot: boolean
  first_name: string
  last_name?: string
  username?: string
  language_code?: string
  is_premium?: true
}
export interface Chat {
  id: number
  type: 'private'
  first_name: string
  last_name?: string
  username?: string
}
export interface MessageEntity {
  type: string
  offset: number
  length: number
  url?: string
  language?: string
}
export interface FileFacts {
  file_id: string
  file_unique_id: string
  file_size: number
}
export interface PhotoSize extends FileFacts {
  width: number
  height: number
}
interface NamedFile extends FileFacts {
  file_name?: string
  mime_type?: string
}
export interface VideoFile extends NamedFile {
  width: number
  height: number
  duration: number
}
export interface AudioFile extends NamedFile {
  duration: number
  title?: string
  performer?: string
}
export interface VoiceFile extends FileFacts {
  duration: number
  mime_type?: string
}
export type DocumentFile = NamedFile
export interface StickerFile extends FileFacts {
  type: 'regular'
  width: number
  height: number
  is_animated: boolean
  is_video: boolean
  emoji?: string
  set_name?: string
}
export interface Location {
  latitude: number
  longitude: number
  horizontal_accuracy?: number
}
export interface Venue {
  location: Location
  title: string
  address: string
  google_place_id?: string
}
export interface Contact {
  phone_number: string
  first_name: string
  last_name?: string
  user_id?: number
  vcard?: string
}

export interface InlineButton {
  text: string
  url?: string
  callback_data?: string
  web_app?: { url: string }
  copy_text?: { text: string }
}
export interface InlineKeyboard {
  inline_keyboard: InlineButton[][]
}
export interface KeyboardButton {
  text: string
  request_contact?: boolean
  request_location?: boolean
  web_app?: { url: string }
}
export interface ReplyKeyboard {
  keyboard: KeyboardButton[][]
  one_time_keyboard?: boolean
  input_field_placeholder?: string
}
export type ReplyMarkup =
  | { kind: 'inline'; markup: InlineKeyboard }
  | { kind: 'keyboard'; markup: ReplyKeyboard }
  | { kind: 'remove' }
  | { kind: 'force'; placeholder?: string }

export interface Message {
  message_id: number
  from: User
  chat: Chat
  date: number
  edit_date?: number
  media_group_id?: string
  reply_to_message?: Message
  text?: string
  entities?: MessageEntity[]
  caption?: string
  caption_entities?: MessageEntity[]
  photo?: PhotoSize[]
  video?: VideoFile
  animation?: VideoFile
  audio?: AudioFile
  voice?: VoiceFile
  document?: DocumentFile
  sticker?: StickerFile
  location?: Location
  venue?: Venue
  contact?: Contact
  reply_markup?: InlineKeyboard
  has_protected_content?: true
}

/** What a message says, apart from who said it when. */
export type MessageContent = Omit<Message, 'message_id' | 'from' | 'chat' | 'date'>

export interface CallbackQuery {
  id: string
  from: User
  message: Message
  chat_instance: string
  data: string
}
export interface ChatMemberUpdated {
  chat: Chat
  from: User
  date: number
  old_chat_member: { user: User; status: string; until_date?: number }
  new_chat_member: { user: User; status: string; until_date?: number }
}
interface ReactionType {
  type: 'emoji'
  emoji: string
}
export interface MessageReactionUpdated {
  chat: Chat
  message_id: number
  user: User
  date: number
  old_reaction: ReactionType[]
  new_reaction: ReactionType[]
}

export interface UpdatePayloads {
  message: Message
  edited_message: Message
  callback_query: CallbackQuery
  my_chat_member: ChatMemberUpdated
  message_reaction: MessageReactionUpdated
}
export type UpdateKind = keyof UpdatePayloads

/** Every kind that `allowed_updates` may name; others are ignored there. */
export const knownUpdateKinds: readonly string[] = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'message_reaction',
  'message_reaction_count',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
]
/** Not sent unless asked for. */
export const optInUpdateKinds: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count']
