import { downKind, requestKinds, webhookKinds } from '../../kit/faults/kinds.ts'
import type { FaultKind } from '../../protocol.ts'

const refusals = [
  ['token_revoked', 'Token revoked', 'The workspace has taken the token back.'],
  ['token_expired', 'Token expired', 'The token has come to its end; an app with rotation gets another.'],
  ['missing_scope', 'Scope missing', 'The workspace has not granted what the call needs.'],
  ['user_disabled', 'Guest deactivated', 'The person has left the organisation.'],
  ['channel_not_found', 'Conversation gone', 'Slack knows no such conversation (any more).'],
  ['invalid_blocks', 'Blocks refused', 'Slack takes the text of a message but not its blocks.'],
  ['file_uploads_disabled', 'Files forbidden', 'The workspace takes no files.'],
  ['internal_error', 'Internal error', 'Slack has failed, and does not say how far it came.'],
] as const

/** By kind: the error that is answered. */
export const refusalKinds: ReadonlySet<string> = new Set(refusals.map(([kind]) => kind))
export const slackFaults: readonly FaultKind[] = [
  ...requestKinds,
  ...refusals.map(
    ([kind, title, help]): FaultKind => ({ kind, title: `${title} (${kind})`, help, on: 'requests', params: [], where: ['account', 'guest', 'operation'] }),
  ),
  ...webhookKinds,
  downKind,
]
