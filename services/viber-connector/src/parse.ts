import { type InboundEvent, type Profile, present, type Refusal, readJson, type Verified } from '@um/shared/contract'
import { entryOf, readAs } from '@um/shared/kit'
import { contentOf } from './parse-content.ts'
import { Callback, ClientStatus, Failed, Opened, type Person } from './schema.ts'

/** One callback of Viber. `webhook` is the trial while an address is being registered; what concerns no guest is of no use to anybody. */
export function parse(hook: Verified): InboundEvent[] | Refusal {
  const read = Callback.safeParse(readJson(hook.raw))
  if (!read.success) return { refused: 'malformed', why: 'this is not a callback of Viber' }
  const callback = read.data
  const { event, timestamp, message_token: token = String(timestamp), sender, user, user_id } = callback
  const person = sender ?? user
  const guest = person?.id ?? user_id
  if (event === 'webhook' || guest === undefined) return []
  const told = entryOf(tellers, event)?.(callback, token) ?? unsupported(callback)
  const known = present({ at: timestamp === undefined ? undefined : new Date(timestamp), from: person && profileOf(person) })
  return [{ id: `${event}:${token}:${guest}`, guest, ...known, ...told }]
}

type Told = InboundEvent extends infer E ? (E extends InboundEvent ? Omit<E, 'id' | 'guest' | 'at' | 'from'> : never) : never
/** undefined: its form is new. */
type Teller = (callback: Callback, token: string) => Told | undefined

const tellers: Record<string, Teller> = {
  message: ({ message }, messageId) => {
    const content = message && contentOf(message, messageId)
    // whatever the guest writes is the answer to the buttons under the chat: they are not shown again
    return content && { type: 'message', messageId, content, address: { keyboard: '' } }
  },
  conversation_started: readAs(Opened, ({ context, subscribed }): Told => {
    return { type: 'lifecycle', change: 'started', data: present({ context, subscribed: subscribed?.toString() }) }
  }),
  subscribed: () => ({ type: 'lifecycle', change: 'optIn' }),
  unsubscribed: () => ({ type: 'lifecycle', change: 'optOut' }),
  delivered: (_callback, of) => ({ type: 'receipt', of, state: 'delivered' }),
  seen: (_callback, of) => ({ type: 'receipt', of, state: 'read' }),
  failed: readAs(Failed, ({ desc: reason }, of: string): Told => ({ type: 'receipt', of, state: 'failed', ...present({ reason }) })),
  client_status: readAs(ClientStatus, ({ status: { type, code, tracking_data } }): Told => {
    return { type: 'message', content: { kind: 'system', text: ['Status:', type, String(code), tracking_data].filter(Boolean).join(' ') } }
  }),
}
function unsupported(callback: Callback): Told {
  const what = callback.event === 'message' ? (callback.message?.type ?? 'message') : callback.event
  return { type: 'message', content: { kind: 'unsupported', what, raw: callback }, ...present({ messageId: callback.message_token }) }
}

function profileOf({ name: displayName, avatar, country, language: locale }: Person): Profile {
  const picture = avatar === undefined ? undefined : { url: avatar }
  return { ...present({ displayName, avatar: picture }), participantData: present({ country, locale }) }
}
