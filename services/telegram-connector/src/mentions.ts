import type { Entity, Message } from './schema.ts'

/** The bot that the tenant is: its id is part of its token, its name is known once it is registered. */
export interface BotName {
  id: string
  username: string | undefined
}

/** Is a message of a group meant for the bot: it mentions it, answers it, or is a command (for nobody else)? */
export function isForBot(message: Message, bot: BotName): boolean {
  if (message.reply_to_message?.from?.id === bot.id) return true
  return mentionsBot(message.text, message.entities, bot) || mentionsBot(message.caption, message.caption_entities, bot)
}
function mentionsBot(text: string | undefined, entities: Entity[], bot: BotName): boolean {
  const name = bot.username === undefined ? undefined : `@${bot.username.toLowerCase()}`
  return entities.some(({ type, offset, length, user }) => {
    const covered = text?.slice(offset, offset + length).toLowerCase() ?? ''
    if (type === 'mention') return covered === name
    if (type === 'bot_command') return !covered.includes('@') || (name !== undefined && covered.endsWith(name))
    return type === 'text_mention' && user?.id === bot.id
  })
}

/** `@bot what?` is `what?` and `/help@bot` is `/help`; a bare mention stays. */
export function withoutBot(text: string, { username }: BotName): string {
  if (username === undefined) return text
  const bare = text.replace(new RegExp(`^@${username}\\b[,:]?\\s*`, 'i'), '').replace(new RegExp(`^(/\\w+)@${username}\\b`, 'i'), '$1')
  return bare || text
}

/** Links behind words are written out, since the words alone do not say where they lead. */
export function withLinks(text: string, entities: readonly Entity[]): string {
  return entities
    .filter(({ type, url }) => type === 'text_link' && url !== undefined)
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((result, { offset, length, url }) => {
      const end = offset + length
      return text.slice(offset, end) === url ? result : `${result.slice(0, end)} (${url})${result.slice(end)}`
    }, text)
}
