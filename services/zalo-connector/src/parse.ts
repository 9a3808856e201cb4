import { type Content, type InboundEvent, type Profile, present, type Refusal, readJson, type Verified } from '@um/shared/contract'
import { entryOf } from '@um/shared/kit'
import { anonymous } from './calls.ts'
import type { Tenant } from './definition.ts'
import { contentsOf } from './parse-content.ts'
import { Event, type Message } from './schema.ts'
import { guestOf } from './webhook.ts'

/** One webhook of Zalo is one event. What nobody needs to know (groups, calls, shops, templates) becomes nothing. */
export function parse(hook: Verified, tenant: Tenant): InboundEvent[] | Refusal {
  const body = Event.safeParse(readJson(hook.raw))
  if (!body.success) return { refused: 'malformed', why: 'the body is no event of Zalo' }
  const event = body.data
  const name = event.event_name
  const guest = guestOf(event)
  if (guest === undefined || name.endsWith('_group') || name.includes('_group_')) return []
  const [, who, kind] = /^(user|anonymous|oa)_send_(\w+)$/.exec(name) ?? []
  if (who === 'anonymous' && !tenant.settings.acceptAnonymous) return []
  const scene: Scene = { event, message: event.message ?? {}, tenant, guest: who === 'anonymous' ? `${anonymous}${guest}` : guest }
  if (who === 'oa') return tenant.options.showSystemMessages ? echo(scene, kind ?? '') : []
  if (kind !== undefined) return said(scene, kind)
  return entryOf(others, name)?.(scene) ?? []
}

interface Scene {
  event: Event
  message: Message
  tenant: Tenant
  guest: string
}

const others: Readonly<Record<string, (scene: Scene) => InboundEvent[]>> = {
  follow: scene => [{ ...frame(scene), type: 'lifecycle', change: 'follow' }],
  unfollow: scene => [{ ...frame(scene), type: 'lifecycle', change: 'unfollow' }],
  user_received_message: scene => receipts(scene, 'delivered'),
  user_seen_message: scene => receipts(scene, 'read'),
  user_submit_info: submitted,
  user_reacted_message: scene => {
    const { react_icon: icon = '' } = scene.message
    const content: Content = { kind: 'system', text: `Reaction ${icon.replace(/^\/-/, '')}`.trim() }
    return [{ ...frame(scene, `${icon}:${scene.event.timestamp}`), ...interaction(scene), type: 'message', content }]
  },
}

/** Repeats keep the id of the message, or at least their time. */
function idOf({ event, message, guest }: Scene, suffix = ''): string {
  return [event.event_name, message.msg_id ?? `${guest}:${event.timestamp}`, suffix].filter(Boolean).join(':')
}
function frame(scene: Scene, suffix = '') {
  const time = timeOf(scene.event)
  const at = time === undefined ? undefined : new Date(Number(time))
  const { customData } = scene.tenant.settings
  const from = Object.keys(customData).length > 0 ? { participantData: customData } : undefined
  return { id: idOf(scene, suffix), guest: scene.guest, ...present({ at, from }) }
}
/** In milliseconds since 1970, where it is such a time. */
function timeOf({ timestamp }: Event): string | undefined {
  return /^\d{1,15}$/.exec(timestamp)?.[0]
}
/** What the time windows count from, and where anonymous visitors are answered. */
function interaction({ event, message }: Scene) {
  return { address: present({ interaction: timeOf(event), conversation: message.conversation_id }) }
}

function said(scene: Scene, kind: string): InboundEvent[] {
  const { event, message } = scene
  const known = contentsOf(kind, message)
  const contents: Content[] = known.length > 0 ? known : [{ kind: 'unsupported', what: kind, ...present({ text: message.text }), raw: event }]
  return contents.map((content, index) => {
    const part = index === 0 ? '' : `#${index}`
    const { id, ...rest } = frame(scene)
    return { ...rest, ...interaction(scene), id: `${id}${part}`, messageId: `${message.msg_id ?? id}${part}`, type: 'message', content }
  })
}

/** What people wrote in the account's own pages, unless it went through here. */
function echo(scene: Scene, kind: string): InboundEvent[] {
  const { text, msg_id } = scene.message
  if (msg_id === undefined) return []
  const content: Content = { kind: 'system', text: `Sent from Zalo OA Manager: ${text ?? kind}` }
  return [{ ...frame(scene), messageId: idOf(scene), type: 'message', author: 'system', content, echoOf: msg_id }]
}
function receipts(scene: Scene, state: 'delivered' | 'read'): InboundEvent[] {
  const { msg_ids, msg_id } = scene.message
  const ids = new Set(msg_ids ?? (msg_id === undefined ? [] : [msg_id]))
  return [...ids].map(of => ({ ...frame(scene), id: `${scene.event.event_name}:${of}`, type: 'receipt', of, state }))
}

function submitted(scene: Scene): InboundEvent[] {
  const { name, phone, ...rest } = scene.event.info ?? {}
  const lines = [name, phone, [rest.address, rest.ward, rest.district, rest.city].filter(Boolean).join(', ')].filter(Boolean)
  const { id, from, ...common } = frame(scene)
  const { address, city, district } = rest
  const facts: Record<string, string> = { ...from?.participantData, ...present({ sharedName: name, address, city, district }) }
  const profile: Profile = { ...present({ phone }), ...(Object.keys(facts).length > 0 ? { participantData: facts } : {}) }
  const content: Content = lines.length > 0 ? { kind: 'text', text: lines.join('\n') } : { kind: 'unsupported', what: 'submit_info', raw: scene.event }
  return [{ ...common, ...interaction(scene), id, messageId: id, from: profile, type: 'message', content }]
}
