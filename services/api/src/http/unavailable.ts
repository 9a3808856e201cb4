import { BrokerAway, Unconfirmed } from '@um/shared/amqp'
import { ApiError } from '@um/shared/errors'
import { LockTimeout } from '@um/shared/redis'

/** Turns "Redis or RabbitMQ is away" into 503; everything else stays what it is. */
export function translateAbsence(error: unknown): unknown {
  const headers = { 'Retry-After': '2' }
  if (isRedisAway(error)) return new ApiError('unavailable', 'The data store does not answer.', { cause: error, headers })
  if (error instanceof BrokerAway || error instanceof Unconfirmed)
    return new ApiError('unavailable', 'The message broker does not answer.', { cause: error, headers })
  if (error instanceof LockTimeout) return new ApiError('unavailable', 'Another replica is still busy with it.', { cause: error, headers })
  return error
}

/** ioredis has no common class for these: a few by name, those of the connection by their text, replies by their code. */
function isRedisAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'MaxRetriesPerRequestError' || error.name === 'AbortError') return true
  if (error.name === 'ReplyError') return /^(LOADING|READONLY|MISCONF|OOM|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|BUSY)\b/.test(error.message)
  return /^(Command timed out|Connection is closed|Stream isn't writeable|Connection ended)/.test(error.message)
}
