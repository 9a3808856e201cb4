import { type Broker, deadQueue } from '@um/shared/amqp'
import type { Logger } from '@um/shared/log'
import type { Metrics } from '@um/shared/metrics'
import { type Consumption, consumeQueue } from '../consume.ts'
import { readDeadLetter } from './letter.ts'
import type { DeadLetters } from './store.ts'

const gaugeMilliseconds = 15_000

/** Takes what the services gave up into the list that people see. */
export function consumeDeadLetters(options: { broker: Broker; letters: DeadLetters; metrics: Metrics; log: Logger; now: () => Date }): Consumption {
  const { letters, metrics, log } = options
  const taken = metrics.counter('dead_letters_total', 'Messages that services gave up, by service and reason.')
  const evicted = metrics.counter('dead_letters_evicted_total', 'Dead letters that had to go because the list was full.')
  const kept = metrics.gauge('dead_letters', 'Dead letters that wait for a person.')
  const measure = () => {
    letters.count().then(
      count => kept.set(count),
      () => undefined,
    )
  }
  const timer = setInterval(measure, gaugeMilliseconds)
  timer.unref()
  measure()
  const consumption = consumeQueue({
    broker: options.broker,
    queue: deadQueue.name,
    prefetch: 20,
    log,
    async handle(message) {
      const letter = readDeadLetter(message.content, message.properties.headers ?? {}, options.now())
      const gone = await letters.add(letter, message.content.toString('utf8'))
      taken.increment({ service: letter.service, reason: letter.reason })
      log.warn({ service: letter.service, reason: letter.reason, tenant: letter.tenantId, message: letter.messageId }, 'dead letter')
      if (gone === 0) return
      evicted.increment(undefined, gone)
      log.error({ gone }, 'the list of dead letters is full: the oldest are gone')
    },
  })
  return {
    async stop() {
      clearInterval(timer)
      await consumption.stop()
    },
  }
}
