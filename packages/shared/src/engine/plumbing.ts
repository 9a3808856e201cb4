import { CallFailed } from '../contract/index.ts'

const names = new Set(['BrokerAway', 'Unconfirmed', 'LockTimeout', 'MaxRetriesPerRequestError'])
/** Of the client: the command did not reach Redis, or its answer did not reach us. */
const noAnswer =
  /Stream isn't writeable|Connection is closed|Command aborted due to connection close|Command timed out|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN/
/** Of the server, which answers and does not do it now: it loads, has no room, may not write, or does not let us in yet. */
const notNow =
  /\b(?:MISCONF|OOM|NOREPLICAS|LOADING|READONLY|EXECABORT|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|UNKILLABLE|NOAUTH|WRONGPASS|NOPERM)\b|max number of clients reached/

/** Redis or RabbitMQ is away, or cannot take anything: not the message's fault, no attempt. */
export function isPlumbing(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CallFailed) return false
  if (names.has(error.name)) return true
  return noAnswer.test(error.message) || (error.name === 'ReplyError' && notNow.test(error.message))
}
