import { type Broker, journeyQueue } from '@um/shared/amqp'
import type { Logger } from '@um/shared/log'
import type { Metrics } from '@um/shared/metrics'
import { readEnvelope } from '@um/shared/model'
import { type Consumption, consumeQueue, Unreadable } from '../consume.ts'
import type { JourneyLimits, JourneyStore } from './store.ts'

const evictMilliseconds = 2000

/** Takes what services tell of messages, and keeps no more of it than the deployer allows. */
export function consumeJourneys(options: { broker: Broker; journeys: JourneyStore; limits: JourneyLimits; metrics: Metrics; log: Logger }): Consumption {
  const { journeys, limits, metrics, log } = options
  const hops = metrics.counter('um_journey_hops_total', 'Hops of messages that services have told.')
  const evicted = metrics.counter('um_journeys_evicted_total', 'Journeys that were too old or too many.')
  const kept = metrics.gauge('um_journeys', 'Journeys that are kept.')
  let evicting: Promise<void> | undefined
  const evict = async (): Promise<void> => {
    try {
      evicted.increment(undefined, await journeys.evict(limits))
      kept.set(await journeys.count())
    } catch (error) {
      log.debug({ err: error }, 'old journeys could not be removed yet')
    }
  }
  const timer = setInterval(() => {
    evicting ??= evict().finally(() => {
      evicting = undefined
    })
  }, evictMilliseconds)
  timer.unref()

  const consumption = consumeQueue({
    broker: options.broker,
    queue: journeyQueue.name,
    prefetch: 20,
    log,
    async handle(message) {
      const report = read(message.content)
      await journeys.write(report)
      hops.increment({ from: report.service }, report.hops.length)
    },
  })
  return {
    async stop() {
      clearInterval(timer)
      await consumption.stop()
      await evicting
    },
  }
}

function read(body: Buffer) {
  try {
    const envelope = readEnvelope(body)
    if (envelope.type === 'um.journey.v1') return envelope.data
  } catch (error) {
    throw new Unreadable('not one of our envelopes', { cause: error })
  }
  throw new Unreadable('not a report of journeys')
}
