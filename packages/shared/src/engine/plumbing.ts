import { CallFailed } from '../contract/index.ts'

/** Redis or RabbitMQ is away: not the message's fault, no attempt. */
export function isPlumbing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'BrokerAway' || error.name === 'Unconfirmed' || error.name === 'LockTimeout' || error.name === 'MaxRetriesPerRequestError') return true
  return (
    /Stream isn't writeable|Connection is closed|Command timed out|ECONNREFUSED|ECONNRESET|MISCONF|LOADING|READONLY|EXECABORT/.test(error.message) &&
    !(error instanceof CallFailed)
  )
}
