import type { ServerResponse } from 'node:http'
import { ApiError } from '@um/shared/errors'
import type { Logger } from '@um/shared/log'
import type { Counter } from '@um/shared/metrics'
import type { Redis } from '@um/shared/redis'
import { z } from 'zod'
import type { JourneyFinder } from './finder.ts'
import { keys } from './keys.ts'
import { LiveClient } from './live-client.ts'
import { isWanted } from './present.ts'
import type { JourneyFilter } from './schema.ts'

export interface LiveRequest {
  filter: JourneyFilter
  seconds: number
  authorization: string | undefined
  /** when its token ends */
  until: Date
}
export interface LiveJourneys {
  /** Throws ApiError `tooMany` when too many are listening already. What it answers begins the stream. */
  admit(request: LiveRequest): (out: ServerResponse) => void
  /** how many listen here */
  readonly size: number
  /** ends all streams */
  close(): void
}

const maxClients = 64
/** What is told of a message within this time is told once. */
const tickMilliseconds = 250
const perTick = 100
const maxPending = 1000
const beatMilliseconds = 15_000
/** A client that has read nothing for so long, although there was much, is gone or too slow. */
const maxStalledMilliseconds = 10_000

const News = z.array(z.tuple([z.string(), z.string(), z.string()]))
function readNews(text: string): z.infer<typeof News> {
  try {
    return News.parse(JSON.parse(text))
  } catch {
    return []
  }
}

/**
 * The live stream of this replica. Whichever replica takes a report from RabbitMQ, all hear of it by Redis; they listen there only while somebody listens here.
 */
export function liveJourneys(options: {
  redis: Redis
  finder: JourneyFinder
  /** false: the token has been given back, or has ended */
  isStillAllowed(authorization: string | undefined): Promise<boolean>
  slow: Counter
  log: Logger
  now: () => Date
}): LiveJourneys {
  const { redis, finder, isStillAllowed, slow, log, now } = options
  const clients = new Set<LiveClient>()
  const pending = new Set<string>()
  let listening: { subscriber: Redis; tick: NodeJS.Timeout; beat: NodeJS.Timeout } | undefined
  let isTelling = false

  const hear = (text: string): void => {
    for (const [message, tenantId, guest] of readNews(text)) {
      const wanting = [...clients].filter(client => client.mayWant(message, tenantId, guest))
      if (wanting.length === 0) continue
      if (pending.size < maxPending || pending.has(message)) pending.add(message)
      else for (const client of wanting) client.skip(1)
    }
  }
  const tell = async (): Promise<void> => {
    for (const client of [...clients]) {
      if (client.catchUp(now().getTime()) < maxStalledMilliseconds) continue
      slow.increment()
      client.cutOff()
    }
    if (isTelling || pending.size === 0) return
    isTelling = true
    const messages = [...pending].slice(0, perTick)
    for (const message of messages) pending.delete(message)
    try {
      for (const journey of await finder.findAll(messages)) {
        const text = JSON.stringify(journey)
        for (const client of clients) if (isWanted(journey, client.filter)) client.tell(text)
      }
    } catch (error) {
      log.debug({ err: error }, 'journeys could not be read for the live stream')
      for (const client of clients) client.skip(messages.length)
    } finally {
      isTelling = false
    }
  }
  const beat = async (): Promise<void> => {
    for (const client of [...clients]) {
      client.beat()
      if (!(await isStillAllowed(client.authorization))) client.end('the token is not valid any more')
    }
  }
  const listen = (): void => {
    const subscriber = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null })
    subscriber.on('error', () => undefined)
    subscriber.on('message', (_channel: string, text: string) => hear(text))
    // the client subscribes again by itself after each loss of its connection
    subscriber.connect().catch(() => undefined)
    subscriber.subscribe(keys.news).catch(() => undefined)
    listening = {
      subscriber,
      tick: setInterval(() => void tell(), tickMilliseconds),
      beat: setInterval(() => void beat().catch(error => log.debug({ err: error }, 'live streams could not be checked')), beatMilliseconds),
    }
  }
  const stopListening = (): void => {
    if (listening === undefined) return
    clearInterval(listening.tick)
    clearInterval(listening.beat)
    listening.subscriber.disconnect()
    listening = undefined
    pending.clear()
  }

  return {
    get size() {
      return clients.size
    },
    admit({ filter, seconds, authorization, until }) {
      if (clients.size >= maxClients)
        throw new ApiError('tooMany', `No more than ${maxClients} may listen at the same time.`, { headers: { 'Retry-After': '30' } })
      return out => {
        const client = new LiveClient(out, { filter, authorization })
        const at = now().getTime()
        const end = setTimeout(
          () => client.end(until.getTime() - at <= seconds * 1000 ? 'the token has ended' : 'the time is over'),
          Math.max(0, Math.min(seconds * 1000, until.getTime() - at)),
        )
        clients.add(client)
        if (listening === undefined) listen()
        out.on('close', () => {
          clearTimeout(end)
          clients.delete(client)
          if (clients.size === 0) stopListening()
        })
        client.send('ready', JSON.stringify({ at: new Date(at).toISOString() }))
      }
    },
    close() {
      for (const client of clients) client.end('the service is stopping')
      stopListening()
    },
  }
}
