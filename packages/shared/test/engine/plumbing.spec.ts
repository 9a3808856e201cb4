import { describe, expect, it } from '@jest/globals'
import { BrokerAway, Unconfirmed, Unroutable } from '../../src/amqp/index.ts'
import { CallFailed } from '../../src/contract/index.ts'
import { isPlumbing } from '../../src/engine/plumbing.ts'

const error = (message: string, name = 'Error') => Object.assign(new Error(message), { name })

describe('a failure of the plumbing', () => {
  // as Redis 7.0 words them
  it.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    "OOM command not allowed when used memory > 'maxmemory'. script: 72c6, on @user_script:26.",
    'NOREPLICAS Not enough good replicas to write.',
    'MISCONF Errors writing to the AOF file: No space left on device',
    'LOADING Redis is loading the dataset in memory',
    "READONLY You can't write against a read only replica.",
    'EXECABORT Transaction discarded because of previous errors.',
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    'NOAUTH Authentication required.',
    'ERR max number of clients reached',
  ])('is a Redis that answers, and does not do it now: %s', message => {
    expect(isPlumbing(error(message, 'ReplyError'))).toBe(true)
  })

  it.each([
    'Connection is closed.',
    'Command timed out',
    // ioredis: a batch of which some answers had come
    'Command aborted due to connection close',
    "Stream isn't writeable and enableOfflineQueue options is false",
    'connect ECONNREFUSED 127.0.0.1:6379',
    'read ECONNRESET',
    'write EPIPE',
    'getaddrinfo EAI_AGAIN redis',
  ])('is a Redis that does not answer: %s', message => {
    expect(isPlumbing(error(message))).toBe(true)
  })

  it('is a broker that is away or does not confirm', () => {
    expect(isPlumbing(new BrokerAway('RabbitMQ is away'))).toBe(true)
    expect(isPlumbing(new Unconfirmed('RabbitMQ did not confirm in time'))).toBe(true)
  })

  it.each([
    ['our own mistake in a command', error('WRONGTYPE Operation against a key holding the wrong kind of value', 'ReplyError')],
    ['our own mistake in a script', error('ERR user_script:3: attempt to compare nil with number', 'ReplyError')],
    ['words of Redis in an error of ours', error('cannot read the LOADING dock of OOM Inc.')],
    ['a platform that does not answer', new CallFailed({ kind: 'retryable', certain: false, why: 'no answer: ECONNRESET' })],
    ['a missing queue', new Unroutable('no queue takes it')],
    ['what is no error', 'ECONNREFUSED'],
  ])('is not %s', (_, failure) => {
    expect(isPlumbing(failure)).toBe(false)
  })
})
