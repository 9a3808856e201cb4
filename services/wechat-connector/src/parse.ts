import { type Content, type InboundEvent, present, type Refusal, type Verified } from '@um/shared/contract'
import type { Settings, Tenant } from './definition.ts'
import { tokenOf } from './menu.ts'
import { Push, readPush, said } from './push.ts'

/** One push is one message or event. https://developers.weixin.qq.com/doc/service/en/guide/product/message/Receiving_event_pushes.html */
export function parse(hook: Verified, { settings }: Tenant): InboundEvent[] | Refusal {
  const { success, data: push } = Push.safeParse(readPush(hook.raw))
  if (!success) return { refused: 'malformed', why: 'this is not a push of WeChat' }
  const contents = push.MsgType === 'event' ? chosen(push) : contentsOf(push)
  return [...(push.MsgType === 'event' ? happened(push, settings) : []), ...contents.map((content, part) => message(push, settings, content, part))]
}

function happened(push: Push, settings: Settings): InboundEvent[] {
  const scene = push.EventKey.replace(/^qrscene_/, '') || undefined
  const about = frame(push, settings)
  const learned = (facts: Record<string, string>, forget?: true): InboundEvent => ({
    ...frame(push, settings, facts),
    ...present({ forget }),
    id: `${about.id}#profile`,
    type: 'profile',
  })
  switch (push.Event.toLowerCase()) {
    case 'subscribe':
      // WeChat tells of followers only, so what was known of them is old
      return [
        learned(present({ qrScene: scene }), true),
        { ...about, type: 'lifecycle', change: 'follow', ...present({ data: scene === undefined ? undefined : { scene } }) },
      ]
    case 'unsubscribe':
      return [{ ...about, type: 'lifecycle', change: 'unfollow' }]
    case 'scan':
      return [learned(present({ qrScene: scene }))]
    case 'location':
      return [learned(present({ latitude: said(push, 'Latitude'), longitude: said(push, 'Longitude') }))]
    case 'user_authorization_revoke':
      return [learned({}, true)]
    default:
      return []
  }
}
/** In the menu of the account. */
function chosen(push: Push): Content[] {
  switch (push.Event.toLowerCase()) {
    case 'click':
      return [{ kind: 'choice', payload: push.EventKey }]
    case 'location_select':
      return [placeOf(inside(push, 'SendLocationInfo')) ?? unsupported(push)]
    case 'scancode_push':
    case 'scancode_waitmsg':
      return [{ kind: 'choice', payload: push.EventKey, ...present({ label: said(inside(push, 'ScanCodeInfo'), 'ScanResult') }) }]
    default:
      return []
  }
}

const mediaKinds = { image: 'image', voice: 'audio', video: 'video', shortvideo: 'video' } as const
function contentsOf(push: Push): Content[] {
  const { MsgType: type } = push
  const text = (...names: string[]): Content => ({ kind: 'text', text: names.flatMap(name => said(push, name) ?? []).join('\n') })
  const [menuId, media] = [said(push, 'bizmsgmenuid'), said(push, 'MediaId')]
  switch (type) {
    case 'text':
      return menuId === undefined ? [text('Content')] : [{ kind: 'choice', payload: tokenOf(menuId), ...present({ label: said(push, 'Content') }) }]
    case 'image':
    case 'voice':
    case 'video':
    case 'shortvideo': {
      if (media === undefined) return [unsupported(push)]
      // a picture lies at a public address, too, in case WeChat no longer gives it out by its id
      const platformId = [media, said(push, 'PicUrl')].filter(Boolean).join(' ')
      return [{ kind: 'attachment', media: mediaKinds[type], source: { platformId } }, ...(said(push, 'Recognition') ? [text('Recognition')] : [])]
    }
    case 'location':
      return [placeOf(push) ?? unsupported(push)]
    case 'link':
      return [text('Title', 'Description', 'Url')]
    default:
      return [unsupported(push)]
  }
}
function placeOf(place: Record<string, unknown>): Content | undefined {
  const [latitude, longitude] = [Number(said(place, 'Location_X')), Number(said(place, 'Location_Y'))]
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined
  const [label, name] = [said(place, 'Label'), said(place, 'Poiname')]
  return { kind: 'location', latitude, longitude, ...present({ title: name ?? label, address: name === undefined ? undefined : label }) }
}
function inside(push: Push, name: string): Record<string, unknown> {
  const value = push[name]
  return value !== null && typeof value === 'object' ? { ...value } : {}
}
function unsupported(push: Push): Content {
  return { kind: 'unsupported', what: push.MsgType, ...present({ text: said(push, 'Title') }), raw: push }
}

/** WeChat repeats a push that was not answered in five seconds; messages have a number, events are told apart by what they say. */
function frame({ FromUserName: guest, CreateTime, MsgId, MsgType, Event, EventKey }: Push, { customData }: Settings, facts: Record<string, string> = {}) {
  const id = MsgType === 'event' ? `${guest}:${CreateTime}:${Event.toLowerCase()}:${EventKey}` : (MsgId ?? `${guest}:${CreateTime}:${MsgType}`)
  const participantData = { ...customData, ...facts }
  const isEmpty = Object.keys(participantData).length === 0
  return { id, guest, at: new Date(CreateTime * 1000), ...(isEmpty ? {} : { from: { participantData } }) }
}
function message(push: Push, settings: Settings, content: Content, part: number): InboundEvent {
  const about = frame(push, settings)
  const id = part === 0 ? about.id : `${about.id}#${part}`
  return { ...about, id, messageId: id, type: 'message', content }
}
