import { downKind, requestKinds, webhookKinds } from '../../kit/faults/kinds.ts'
import type { FaultKind } from '../../protocol.ts'

const here: FaultKind['where'] = ['account', 'guest', 'operation']
/** Kinds of WeChat itself, by the error that it answers. */
export const codeOf: Readonly<Record<string, number>> = {
  rateLimit: 45011,
  busy: -1,
  badToken: 40001,
  expiredToken: 42001,
  notWhiteListed: 40164,
  noPermission: 48001,
  dailyLimit: 45009,
  windowClosed: 45015,
  answersUsed: 45047,
  notFollowing: 43004,
  blackList: 43019,
  tooLong: 45002,
  mediaGone: 40007,
  mediaTooLarge: 45001,
}
const kind = (name: string, title: string, help: string): FaultKind => ({
  kind: name,
  title: `${title} (${codeOf[name]})`,
  help,
  on: 'requests',
  params: [],
  where: here,
})
export const wechatFaults: readonly FaultKind[] = [
  ...requestKinds,
  kind('busy', 'System busy', 'Asks to try again later.'),
  kind('badToken', 'Token refused', 'Refuses the access token.'),
  kind('expiredToken', 'Token expired', 'The access token has come to its end.'),
  kind('notWhiteListed', 'Address not allowed', 'The address that calls is not on the IP white list of the account.'),
  kind('noPermission', 'No permission', 'The account may not use this part of the API.'),
  kind('dailyLimit', 'Daily limit reached', 'No calls until the next day in China.'),
  kind('windowClosed', 'Guest silent for 48 hours', 'No answers until the guest writes again.'),
  kind('answersUsed', 'Answers used up', 'No answers until the guest writes again.'),
  kind('notFollowing', 'Not a follower', 'The guest does not follow the account.'),
  kind('blackList', 'Guest on the black list', 'The account has shut the guest out.'),
  kind('tooLong', 'Text too long', 'Refuses what is said.'),
  kind('mediaGone', 'Media gone', 'Does not know a media id any more.'),
  kind('mediaTooLarge', 'Media too large', 'Refuses a file.'),
  ...webhookKinds,
  downKind,
]
