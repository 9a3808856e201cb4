import { entryOf, readAs } from '@um/shared/kit'
import { z } from 'zod'
import type { BotName } from './mentions.ts'
import { nameOf } from './people.ts'
import { Chat, User } from './schema.ts'

/**
 * What happened in the chat, in words; '' when it concerns nobody but the bot, undefined when the member is no service message.
 * https://core.telegram.org/bots/api#message
 */
export function serviceText(member: string, value: unknown, bot: BotName): string | undefined {
  const told = entryOf(wordings, member)?.(value, bot)
  return told ?? (services.has(member) ? sentence(member) : undefined)
}

type Wording = (value: unknown, bot: BotName) => string | undefined
function names(people: User[]): string {
  return people.map(person => nameOf(person) ?? person.id).join(', ')
}
const topic = z.object({ name: z.string() })

const wordings: Record<string, Wording> = {
  new_chat_members: readAs(z.array(User), (members, bot) => {
    const others = members.filter(member => member.id !== bot.id)
    return others.length === 0 ? '' : `${names(others)} joined`
  }),
  left_chat_member: readAs(User, (member, bot) => (member.id === bot.id ? '' : `${names([member])} left`)),
  new_chat_title: readAs(z.string(), title => `The chat is now called "${title}"`),
  message_auto_delete_timer_changed: readAs(z.object({ message_auto_delete_time: z.number() }), ({ message_auto_delete_time: seconds }) =>
    seconds === 0 ? 'Messages are no longer deleted automatically' : `Messages are deleted after ${seconds} seconds`,
  ),
  pinned_message: readAs(z.object({ text: z.string() }), ({ text }) => `Pinned message: ${text}`),
  users_shared: readAs(
    z.object({
      users: z.array(
        z.object({ user_id: z.union([z.int(), z.string()]).transform(String), first_name: z.string().optional(), last_name: z.string().optional() }),
      ),
    }),
    ({ users }) => `Users shared: ${users.map(user => nameOf(user) ?? user.user_id).join(', ')}`,
  ),
  chat_shared: readAs(z.object({ chat_id: Chat.shape.id, title: z.string().optional() }), chat => `Chat shared: ${chat.title ?? chat.chat_id}`),
  forum_topic_created: readAs(topic, ({ name }) => `Topic "${name}" created`),
  forum_topic_edited: readAs(topic, ({ name }) => `The topic is now called "${name}"`),
}

const services = new Set(
  `new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo delete_chat_photo group_chat_created supergroup_chat_created
  channel_chat_created message_auto_delete_timer_changed pinned_message successful_payment refunded_payment users_shared chat_shared gift unique_gift gift_upgrade_sent
  connected_website write_access_allowed passport_data proximity_alert_triggered boost_added chat_background_set checklist_tasks_done checklist_tasks_added
  direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden
  giveaway_created giveaway_completed paid_message_price_changed suggested_post_approved suggested_post_approval_failed suggested_post_declined suggested_post_paid
  suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited`.split(/\s+/),
)
/** `write_access_allowed` reads "Write access allowed". */
function sentence(member: string): string {
  const words = member.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
