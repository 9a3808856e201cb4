import { downKind, requestKinds, webhookKinds } from '../../kit/faults/kinds.ts'
import type { FaultKind } from '../../protocol.ts'

const refusals = [
  ['tokenInvalid', -216, 'Token refused', 'The access token is invalid.'],
  ['tokenExpired', -220, 'Token ended', 'The access token has come to its end, or was removed.'],
  ['refreshInvalid', -14_014, 'Renewal refused', 'The refresh token is invalid: somebody has to give the permission again.'],
  ['tooMany', -32, 'Too many calls', 'The application has called too often within a minute.'],
  ['notFollower', -213, 'Not a follower', 'The guest does not follow the account.'],
  ['noInteraction', -230, 'Silent for a week', 'The guest has not written for seven days.'],
  ['quota', -211, 'Quota used up', 'The account may send no more.'],
  ['uploadEnded', -100, 'Upload ended', 'The attachment id is not good any more.'],
  ['notSupported', -233, 'Kind not supported', 'The account may not send messages of this kind.'],
  ['noPlan', -224, 'Plan missing', 'The account has not bought what the call needs.'],
  ['temporary', -200, 'Temporary error', 'Zalo has failed, and says so in its answer.'],
] as const

/** By kind: the error that is answered. */
export const refusalCodes: ReadonlyMap<string, readonly [code: number, message: string]> = new Map(refusals.map(([kind, code, title]) => [kind, [code, title]]))
export const zaloFaults: readonly FaultKind[] = [
  ...requestKinds,
  ...refusals.map(
    ([kind, code, title, help]): FaultKind => ({
      kind,
      title: `${title} (${code})`,
      help,
      on: 'requests',
      params: [],
      where: ['account', 'guest', 'operation'],
    }),
  ),
  ...webhookKinds,
  downKind,
]
