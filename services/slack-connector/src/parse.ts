import { type Content, type InboundEvent, type Profile, present, type Refusal, type Verified } from '@um/shared/contract'
import { decode } from './mrkdwn.ts'
import { choiceOf, contentOfFile } from './parse-content.ts'
import { type Event, type EventCallback, type Interaction, Other, Payload, type RateLimited } from './schema.ts'
import { installationOf, payloadOf, type Tenant } from './webhook.ts'

/** Subtypes that are said like a plain message. */
const spoken = new Set([undefined, 'me_message', 'thread_broadcast', 'file_share'])
/** What other apps say, and what happens around a channel rather than in it. */
const around = /^(?:bot_message|(?:channel|group|im|mpim|bot|file|pinned|reminder|ekm|assistant)_|sh_room|tombstone|huddle)/

interface Scene {
  callback: EventCallback
  event: Event
  account: string
  tenant: Tenant
}

export function parse(hook: Verified, tenant: Tenant): InboundEvent[] | Refusal {
  const body = payloadOf(hook)
  const payload = Payload.safeParse(body).data
  switch (payload?.type) {
    case 'event_callback':
      return parseEvent({ callback: payload, event: payload.event, account: installationOf(payload), tenant })
    case 'block_actions':
      return parseInteraction(payload, tenant)
    case 'app_rate_limited':
      return [tooMany(payload)]
  }
  const type = Other.safeParse(body).data?.type ?? 'event_callback'
  return type === 'event_callback' || type === 'block_actions' ? { refused: 'malformed', why: 'the body is no payload of Slack' } : []
}

function parseEvent(scene: Scene): InboundEvent[] {
  const { event, account, callback } = scene
  switch (event.type) {
    case 'message':
      return accepts(scene) ? parseMessage(scene) : []
    case 'app_home_opened':
      if (event.tab !== 'messages' || !event.user) return []
      return [{ ...frame(scene, event.user), id: `home:${account}:${event.user}`, type: 'lifecycle', change: 'joined' }]
    case 'app_uninstalled':
      return [revoked(callback, account, 'the app was uninstalled')]
    case 'tokens_revoked':
      return event.tokens?.bot.length ? [revoked(callback, account, 'the token was revoked')] : []
    default:
      return unknown(scene, event.type)
  }
}

function parseMessage(scene: Scene): InboundEvent[] {
  const { event, callback } = scene
  const { subtype, message, previous_message: before, deleted_ts, user, ts } = event
  if (subtype === 'message_changed') {
    if (!message?.user || isOurs(message, callback) || message.text === before?.text) return []
    return [said(scene, message.user, event.event_ts ?? message.ts, { kind: 'edit', of: idOf(scene, message.ts), content: textOf(message.text) })]
  }
  if (subtype === 'message_deleted') {
    if (!before?.user || !deleted_ts || isOurs(before, callback)) return []
    return [said(scene, before.user, event.event_ts ?? deleted_ts, { kind: 'withdrawn', of: idOf(scene, deleted_ts) })]
  }
  if (!user || !ts || event.hidden || isOurs(event, callback) || around.test(spoken.has(subtype) ? '' : (subtype ?? ''))) return []
  if (!spoken.has(subtype)) return unknown(scene, subtype ?? '')
  // what is forwarded is attached
  const attached = (event.attachments ?? []).flatMap(({ text, fallback }) => text ?? fallback ?? [])
  const texts = event.text ? [event.text, ...attached] : attached
  const contents = [...texts.map(textOf), ...(event.files ?? []).map(file => contentOfFile(file, scene.account))]
  if (contents.length === 0) return unknown(scene, 'message')
  return contents.map((content, index) => said(scene, user, index === 0 ? ts : `${ts}#${index}`, content))
}

/** The loop guard: what our own app, or another one, says. */
function isOurs({ bot_id, user }: { bot_id?: string | undefined; user?: string | undefined }, { authorizations }: EventCallback): boolean {
  return bot_id !== undefined || authorizations.some(grant => grant.is_bot === true && grant.user_id === user)
}
function accepts({ event, tenant }: Scene): boolean {
  return event.channel !== undefined && tenant.settings.acceptChannelTypes.some(type => type === event.channel_type)
}
/** Told only where a guest could expect an answer. */
function unknown(scene: Scene, what: string): InboundEvent[] {
  const { event, callback } = scene
  if (!event.user || !accepts(scene) || isOurs(event, callback)) return []
  const content: Content = { kind: 'unsupported', what, ...present({ text: event.text && decode(event.text) }), raw: event }
  return [said(scene, event.user, event.ts ?? event.event_ts ?? callback.event_id, content)]
}

function textOf(text = ''): Content {
  return { kind: 'text', text: decode(text) }
}
function idOf({ account, event }: Scene, ts: string): string {
  return `${account}:${event.channel}:${ts}`
}
function said(scene: Scene, user: string, ts: string, content: Content): InboundEvent {
  const part = /#\d+$/.exec(ts)?.[0] ?? ''
  return { ...frame(scene, user), id: `${scene.callback.event_id}${part}`, messageId: idOf(scene, ts), type: 'message', content }
}
function frame({ event, account, callback, tenant }: Scene, user: string) {
  const { team_id, context_enterprise_id, authorizations } = callback
  return {
    guest: `${account}:${user}`,
    ...present({ at: timeOf(event.ts ?? event.event_ts) }),
    address: { channel: event.channel ?? '', thread: event.thread_ts ?? '' },
    from: profileOf(tenant, event.user_team ?? event.team ?? team_id, context_enterprise_id ?? authorizations[0]?.enterprise_id),
  }
}
function profileOf({ settings }: Tenant, workspaceId: string | undefined, enterpriseId: string | undefined): Profile {
  return { participantData: { ...settings.customData, ...present({ workspaceId, enterpriseId }) } }
}
/** Seconds with a fraction; what is finer than milliseconds is cut off. */
function timeOf(ts = ''): Date | undefined {
  const [, seconds, milliseconds = ''] = /^(\d{1,11})(?:\.(\d{1,3}))?/.exec(ts) ?? []
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1000 + Number(milliseconds.padEnd(3, '0')))
}

function parseInteraction(interaction: Interaction, tenant: Tenant): InboundEvent[] {
  const { user, container, actions, team, enterprise } = interaction
  const account = installationOf(interaction)
  const channel = interaction.channel?.id ?? container.channel_id ?? ''
  const of = `${account}:${channel}:${container.message_ts}`
  return actions.flatMap((action): InboundEvent[] => {
    const chosen = choiceOf(action)
    if (chosen === undefined) return []
    const id = `${of}:${action.action_id}:${action.action_ts}`
    const address = { channel, thread: container.thread_ts ?? '' }
    const from = profileOf(tenant, user.team_id ?? team?.id, enterprise?.id)
    const content: Content = { kind: 'choice', of, ...chosen }
    return [{ id, messageId: id, guest: `${account}:${user.id}`, ...present({ at: timeOf(action.action_ts) }), address, from, type: 'message', content }]
  })
}

function revoked({ event_id }: EventCallback, account: string, what: string): InboundEvent {
  return { id: event_id, guest: account, type: 'trouble', stops: true, why: `Slack: ${what} in the workspace ${account}` }
}
function tooMany({ team_id, minute_rate_limited }: RateLimited): InboundEvent {
  const why = `Slack withholds events of the workspace ${team_id}: there are more than 30,000 an hour`
  return { id: `limited:${team_id}:${minute_rate_limited}`, guest: team_id, type: 'trouble', stops: false, why }
}
