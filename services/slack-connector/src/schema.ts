import { maybe, maybes, optional } from '@um/shared/kit'
import { z } from 'zod'

/** The parts of Slack's payloads that we read; whatever else they hold is let through. https://docs.slack.dev/apis/events-api/ */
const text = z.string()
const flag = z.boolean().optional().catch(undefined)

export const SlackFile = z.object({
  ...maybes('name', 'title', 'mimetype', 'mode', 'file_access', 'url_private', 'url_private_download'),
  ...{ id: text, is_external: flag, size: z.number().optional().catch(undefined) },
})
export type SlackFile = z.infer<typeof SlackFile>

const Said = z.object({ ...maybes('text', 'user', 'bot_id'), ts: text })
const Attached = z.looseObject(maybes('text', 'fallback'))
export const Event = z.looseObject({
  ...maybes('subtype', 'user', 'user_team', 'team', 'bot_id', 'text', 'ts', 'thread_ts', 'event_ts', 'channel', 'channel_type', 'tab', 'deleted_ts'),
  ...{
    type: text,
    hidden: flag,
    files: optional(z.array(SlackFile)),
    attachments: optional(z.array(Attached)),
    message: optional(Said),
    previous_message: optional(Said),
  },
  tokens: optional(z.object({ bot: z.array(text).default([]) })),
})
export type Event = z.infer<typeof Event>

const Grant = z.object({ ...maybes('enterprise_id', 'team_id', 'user_id'), is_bot: flag, is_enterprise_install: flag })
export const EventCallback = z.object({
  ...{ type: z.literal('event_callback'), api_app_id: text, event_id: text, event: Event },
  ...maybes('team_id', 'context_enterprise_id'),
  authorizations: z.array(Grant).catch([]).default([]),
})
export type EventCallback = z.infer<typeof EventCallback>

const Named = z.object({ id: text, name: maybe })
const Label = z.object({ text })
const Picked = z.object({ value: text, text: Label })
export const Action = z.object({
  ...{ type: text, action_id: text, action_ts: text, text: optional(Label) },
  ...maybes('value', 'url', 'selected_date', 'selected_time'),
  ...{ selected_option: optional(Picked), selected_options: optional(z.array(Picked)) },
})
export type Action = z.infer<typeof Action>
export const Interaction = z.object({
  ...{ type: z.literal('block_actions'), api_app_id: text, team: optional(Named), enterprise: optional(Named), is_enterprise_install: flag },
  user: z.object({ id: text, team_id: maybe }),
  container: z.object({ message_ts: text, ...maybes('channel_id', 'thread_ts') }),
  ...{ channel: optional(Named), actions: z.array(Action).min(1) },
})
export type Interaction = z.infer<typeof Interaction>

export const RateLimited = z.object({ type: z.literal('app_rate_limited'), api_app_id: text, team_id: text, minute_rate_limited: z.number() })
export type RateLimited = z.infer<typeof RateLimited>
/** What is for one of our tenants. */
export const Payload = z.discriminatedUnion('type', [EventCallback, Interaction, RateLimited])
export type Payload = z.infer<typeof Payload>
export const Challenge = z.object({ type: z.literal('url_verification'), challenge: text })
/** What else Slack sends: known by its type, and not ours. */
export const Other = z.object({ type: text })

/** What every method answers. https://docs.slack.dev/apis/web-api/ */
export const Answer = z.object({ ok: z.boolean(), ...maybes('error', 'needed') })
export const Posted = z.object({ ts: text, channel: text })
export const Uploaded = z.object({ files: z.array(Named).min(1) })
export const Conversation = z.object({ channel: Named })
export const UploadUrl = z.object({ upload_url: text, file_id: text })
export const FileInfo = z.object({ file: SlackFile })
export const Granted = z.object({
  ...{ access_token: text, expires_in: z.number().optional(), is_enterprise_install: flag },
  ...maybes('refresh_token', 'app_id'),
  ...{ team: optional(Named), enterprise: optional(Named), authed_user: optional(Named) },
})
export type Granted = z.infer<typeof Granted>
const Person = z.object(maybes('display_name', 'real_name', 'first_name', 'last_name', 'email', 'phone', 'image_512', 'image_192', 'image_72'))
export const UserInfo = z.object({ user: z.object({ ...maybes('name', 'real_name', 'locale', 'tz', 'team_id'), profile: Person.default({}) }) })
export const TeamInfo = z.object({ team: z.object(maybes('name', 'enterprise_id', 'enterprise_name')) })
