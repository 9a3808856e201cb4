import { type Broker, type Exchange, exchanges, Unroutable } from '@um/shared/amqp'
import { ApiError } from '@um/shared/errors'
import { type DeadLetter, rejuvenated } from './letter.ts'
import type { DeadLetters } from './store.ts'

const known: readonly string[] = Object.values(exchanges)

/** Sends a letter where it was to go, then forgets it; resolves to its body. Throws ApiError, or what the broker throws; then the letter stays. */
export async function replay(letters: DeadLetters, broker: Broker, letter: DeadLetter, now: Date): Promise<string> {
  const { id, exchange, key, conversation, type, messageId } = letter
  if (!isExchange(exchange) || key === '') throw new ApiError('conflict', 'It is not known where it was to go.')
  const replayed = await letters.claim(id, async () => {
    const body = await letters.body(id)
    if (body === undefined) throw new ApiError('notFound', 'The dead letter is gone.')
    await broker
      .publishRaw(exchange, key, Buffer.from(rejuvenated(body, now)), {
        headers: { 'x-replay': 1, ...(conversation === null ? {} : { 'x-conversation': conversation }) },
        ...(messageId === null ? {} : { messageId }),
        ...(type === null ? {} : { type }),
      })
      .catch(error => {
        if (error instanceof Unroutable) throw new ApiError('conflict', 'No service takes it: the one it was for is not installed.', { cause: error })
        throw error
      })
    await letters.remove(id)
    return body
  })
  if (replayed === undefined) throw new ApiError('conflict', 'It is being replayed already.')
  return replayed
}

function isExchange(name: string): name is Exchange {
  return known.includes(name)
}
