import type { Failure, PlatformAnswer, PlatformCall } from '@um/shared/contract'
import { otherwise, rateLimited, statusFailure } from '@um/shared/kit'
import { Answer } from './schema.ts'

/** after a 429 that names no time */
const waitSeconds = 30

/** What Slack's error codes mean for a message. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const again = new Set(['service_unavailable', 'request_timeout', 'team_added_to_org', 'org_login_required'])
/** "some aspect of the operation may have succeeded" */
const open = new Set(['internal_error', 'fatal_error'])
const refused = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'])
const broken = new Set([
  ...['missing_scope', 'not_allowed_token_type', 'no_permission', 'bad_client_secret', 'invalid_client_id', 'invalid_refresh_token'],
  ...['access_denied', 'accesslimited', 'messages_tab_disabled'],
])
const unreachable = new Set([
  ...['channel_not_found', 'is_archived', 'user_not_found', 'user_disabled', 'user_not_visible', 'not_in_channel'],
  ...['restricted_action', 'ekm_access_denied', 'cannot_dm_bot', 'users_not_found'],
])
const blocking = new Set(['restricted_action', 'ekm_access_denied', 'user_disabled'])
const tooComplex = new Set([
  ...['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long', 'no_text', 'too_many_attachments', 'markdown_text_conflict'],
])
const noUpload = new Set([
  ...['file_uploads_disabled', 'file_uploads_except_images_disabled', 'file_upload_size_restricted', 'file_type_not_allowed'],
  ...['storage_limit_reached', 'missing_argument', 'file_not_found', 'posting_to_channel_denied'],
])

export function classify(answer: PlatformAnswer, call: PlatformCall): Failure | undefined {
  const { status, headers, body } = answer
  const known = Answer.safeParse(body).data
  const code = known?.error ?? (known === undefined && status < 400 ? 'the answer is not one of the Web API' : `HTTP ${status}`)
  const why = `Slack: ${code}${known?.needed ? ` (needed: ${known.needed})` : ''}${call.account ? ` in the workspace ${call.account}` : ''}`.slice(0, 300)
  if (status === 429 || code === 'ratelimited' || code === 'rate_limited') return rateLimited(headers, waitSeconds, why)
  // the address that takes the bytes of an upload answers in words, and is good for one attempt: whatever it says, nothing is wrong with the token
  if (call.bytes !== undefined) return status === 200 ? undefined : { kind: 'retryable', why, certain: true }
  // the platform's rule: a 5xx is repeated; only a gateway that waited in vain cannot know
  if (known === undefined || status >= 500) return statusFailure(answer, call, why, { waitSeconds, isCertain: each => each >= 500 && each !== 504 })
  if (known.ok) return status < 300 ? undefined : { kind: 'content', why }
  if (again.has(code)) return { kind: 'retryable', why, certain: true }
  if (open.has(code)) return { kind: 'retryable', why, certain: false }
  if (refused.has(code)) return call.anonymous ? { kind: 'subscription', why } : { kind: 'unauthorized', why }
  if (broken.has(code)) return { kind: 'subscription', why }
  if (code === 'channel_not_found' && call.alternatives?.reopen) return { kind: 'alternative', name: 'reopen', why }
  if (unreachable.has(code)) return { kind: 'recipient', why, code: blocking.has(code) ? 'blocked' : 'unknownGuest' }
  if (tooComplex.has(code)) return otherwise(call, ['plain'], why, 'content')
  if (noUpload.has(code)) return otherwise(call, ['link'], why, code === 'file_upload_size_restricted' ? 'tooLarge' : 'mediaType')
  return { kind: 'content', why }
}
