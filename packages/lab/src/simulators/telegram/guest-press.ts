import { ApiError } from '@um/shared/errors'
import { type GuestWriter, textContent } from './guest-writer.ts'
import type { ChatState, StoredMessage } from './world.ts'

const gone = () => new ApiError('notFound', 'This button is not there (any more).')

/** `button` is `<row>.<column>`: of the message `entry`, or of the keyboard in place of the phone's own. */
export function press(writer: GuestWriter, chat: ChatState, { entry, button }: { entry?: string | undefined; button: string }): StoredMessage[] {
  const [y = 0, x = 0] = button.split('.').map(Number)
  return entry === undefined ? [pressKeyboard(writer, chat, y, x)] : pressInline(writer, chat, entry, y, x)
}

/** Links and the like tell the bot nothing. */
function pressInline(writer: GuestWriter, chat: ChatState, entry: string, y: number, x: number): StoredMessage[] {
  const { world } = writer
  const message = writer.messageOf(chat, entry)
  const button = message.reply_markup?.inline_keyboard[y]?.[x]
  if (button === undefined) throw gone()
  if (button.callback_data === undefined) return []
  const id = String(2_384_000_000_000_000_000n + BigInt(Math.floor(world.context.random() * 1e15)))
  chat.bot.callbackQueries.set(id, { at: world.now(), answered: false, text: '' })
  chat.eventSequence += 1
  const stored: StoredMessage = {
    entry: `press-${chat.eventSequence}`,
    from: 'guest',
    at: world.now(),
    body: { kind: 'choice', title: button.text, payload: button.callback_data, of: entry },
    state: 'queued',
    refs: [id, `callback:${id}`],
  }
  world.count('presses')
  writer.add(chat, stored, 'callback_query', { id, from: chat.guest.user, message, chat_instance: String(-chat.createdAt), data: button.callback_data })
  return [stored]
}

/** Sends the label as text, the guest's number, or the guest's position. */
function pressKeyboard(writer: GuestWriter, chat: ChatState, y: number, x: number): StoredMessage {
  const { keyboard } = chat
  const button = keyboard?.kind === 'keyboard' ? keyboard.markup.keyboard[y]?.[x] : undefined
  if (button === undefined || keyboard?.kind !== 'keyboard') throw gone()
  if (keyboard.markup.one_time_keyboard === true) chat.keyboard = undefined
  if (button.request_contact === true) {
    const { user } = chat.guest
    return writer.write(chat, { contact: { phone_number: '+4312345678', first_name: user.first_name, user_id: user.id } })
  }
  if (button.request_location === true) return writer.write(chat, { location: { latitude: 48.2082, longitude: 16.3738 } })
  return writer.write(chat, textContent(button.text))
}
