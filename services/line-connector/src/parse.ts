import { type Content, type InboundEvent, type LifecycleChange, present, type Refusal, readJson, type Verified } from '@um/shared/contract'
import { entryOf, readAs } from '@um/shared/kit'
import { z } from 'zod'
import type { Settings, Tenant } from './definition.ts'
import { contentOf } from './parse-content.ts'
import { Delivery, Edited, Envelope, Event, Follow, Joined, Left, Message, Module, Postback, Said, Unsend } from './schema.ts'

/** One webhook of LINE: events of any number of chats. The console's Verify button sends none. */
export function parse(hook: Verified, { settings }: Tenant): InboundEvent[] | Refusal {
  const body = Envelope.safeParse(readJson(hook.raw))
  if (!body.success) return { refused: 'malformed', why: 'this is not a webhook of LINE' }
  return body.data.events.flatMap(each => {
    const event = Event.safeParse(each)
    return event.success ? read(event.data, settings, body.data.destination) : []
  })
}

function read(event: Event, settings: Settings, account: string): InboundEvent[] {
  const { type, source, timestamp, webhookEventId } = event
  const group = source.groupId ?? source.roomId
  const guest = group ?? source.userId
  if (group !== undefined && settings.groupMode === 'ignore') return []
  // another module has the chat, and answers in it
  if (event.mode === 'standby' && !Object.hasOwn(changes, type)) return []
  const told = entryOf(readers, type)?.(event, settings)
  if (told === 'nothing') return []
  const about = guest ?? (told?.type === 'receipt' ? told.of : told?.type === 'trouble' ? account : undefined)
  if (about === undefined) return []
  const author = group === undefined || source.userId === undefined ? undefined : { participantData: { userId: source.userId } }
  return [
    {
      id: webhookEventId ?? `${type}:${timestamp}:${about}`,
      guest: about,
      ...present({ at: timestamp === undefined ? undefined : new Date(timestamp), address: addressOf(event, settings), from: author }),
      ...(told ?? said({ kind: 'unsupported', what: wordFor(event), raw: event })),
    },
  ]
}

/**
 * A reply is free while its token lives: a minute, and a redelivered one until twenty minutes after the event at the latest. It is not used in its last ten seconds, nor when the welcome has used it.
 * https://developers.line.biz/en/reference/messaging-api/#send-reply-message
 */
function addressOf(
  { type, replyToken, timestamp, deliveryContext, message }: Event,
  { welcomeText, markAsRead }: Settings,
): Record<string, string> | undefined {
  if (replyToken === undefined) return undefined
  const isSpent = type === 'follow' && welcomeText !== undefined
  const seconds = deliveryContext?.isRedelivery ? 20 * 60 : 50
  const received = Message.safeParse(message)
  const unread = markAsRead === 'token' ? received.data?.markAsReadToken : markAsRead === 'user' ? received.data?.id : undefined
  return { replyToken, replyUntil: isSpent || timestamp === undefined ? '' : new Date(timestamp + seconds * 1000).toISOString(), unread: unread ?? '' }
}
function wordFor({ type, message }: Event): string {
  const received = Message.safeParse(message)
  return type === 'message' && received.success ? received.data.type : type
}

type Told = InboundEvent extends infer E ? (E extends InboundEvent ? Omit<E, 'id' | 'guest' | 'at' | 'address' | 'from'> : never) : never
/** undefined: its form is new; `nothing`: nobody needs to know. */
type Reader = (event: Event, settings: Settings) => Told | 'nothing' | undefined
function said(content: Content, messageId?: string): Told {
  return { type: 'message', content, ...present({ messageId }) }
}
function changed(change: LifecycleChange): Told {
  return { type: 'lifecycle', change }
}
/** What happened, and what of it is worth telling. */
function notice(member: string, words: string, names: readonly string[]): Reader {
  return readAs(z.object({ [member]: z.looseObject({}) }), ({ [member]: facts = {} }) => {
    const values = names.map(name => facts[name]).filter(value => typeof value === 'string' || typeof value === 'number')
    return said({ kind: 'system', text: values.length > 0 ? `${words}: ${values.join(' ')}` : words })
  })
}

const changes: Record<string, Reader> = {
  follow: readAs(Follow, ({ follow: { isUnblocked } }) => changed(isUnblocked ? 'optIn' : 'follow')),
  unfollow: () => changed('unfollow'),
  join: () => changed('joined'),
  leave: () => changed('ended'),
}
const readers: Record<string, Reader> = {
  ...changes,
  message: readAs(Said, ({ message }, settings) => {
    const content = contentOf(message, settings)
    return content && said(content, message.id)
  }),
  messageEdited: readAs(Edited, ({ message: { id, text } }) => said({ kind: 'edit', of: id, content: { kind: 'text', text } })),
  unsend: readAs(Unsend, ({ unsend: { messageId } }) => said({ kind: 'withdrawn', of: messageId })),
  memberJoined: readAs(Joined, ({ joined: { members } }) => said({ kind: 'system', text: `Joined the group: ${members.length}` })),
  memberLeft: readAs(Left, ({ left: { members } }) => said({ kind: 'system', text: `Left the group: ${members.length}` })),
  postback: readAs(Postback, ({ postback: { data, params } }) => {
    const { newRichMenuAliasId, datetime, date, time } = params
    if (newRichMenuAliasId !== undefined) return said({ kind: 'system', text: `Menu: ${newRichMenuAliasId}` })
    const picked = [datetime, date, time].find(value => typeof value === 'string')
    return said({ kind: 'choice', payload: data, ...present({ label: picked }) })
  }),
  delivery: readAs(Delivery, ({ delivery: { data } }) => ({ type: 'receipt', of: data, state: 'delivered' })),
  videoPlayComplete: notice('videoPlayComplete', 'Video watched to its end', ['trackingId']),
  beacon: notice('beacon', 'Beacon', ['type', 'hwid']),
  accountLink: notice('link', 'Account link', ['result']),
  membership: notice('membership', 'Membership', ['type']),
  botSuspended: () => ({ type: 'trouble', stops: true, why: 'LINE has suspended the account' }),
  // the next message that waits tells that it works again; who has the chat stands in each event (`mode`)
  botResumed: () => 'nothing',
  activated: () => 'nothing',
  deactivated: () => 'nothing',
  // a module that comes changes nothing here: its chats are `standby`
  module: readAs(Module, ({ module: { type, reason = '' } }) =>
    type === 'detached' ? { type: 'trouble', stops: true, why: `LINE module detached ${reason}`.trim() } : 'nothing',
  ),
}
