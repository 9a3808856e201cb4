import { ApiError } from '@um/shared/errors'
import { z } from 'zod'
import { type Operation, operation } from '../http/operation.ts'
import type { JourneyFinder } from './finder.ts'
import type { LiveJourneys } from './live.ts'
import { Journey, JourneyQuery, JourneySummary, LiveQuery } from './schema.ts'

const tag = 'Journeys'

export function journeyOperations(options: { journeys: JourneyFinder; live: LiveJourneys }): Operation[] {
  const { journeys, live } = options
  return [
    operation({
      id: 'listJourneys',
      method: 'GET',
      path: '/journeys',
      tag,
      summary: 'Where messages are',
      description:
        'Latest first, without their hops. One answer looks through a bounded number of journeys: it may hold fewer than `limit`, even none, and there may be more as long as it names a next cursor.',
      access: 'administrator',
      query: JourneyQuery,
      answers: {
        200: {
          description: 'The journeys.',
          schema: z.array(JourneySummary),
          headers: { 'X-Next-Cursor': 'Give it as `cursor` to go on; absent at the end.', Link: 'The same as an address (RFC 8288): next.' },
        },
      },
      problems: ['invalid'],
      async handle({ query, url }) {
        const { items, next } = await journeys.list(query)
        return { status: 200, body: items, headers: next === undefined ? {} : { 'X-Next-Cursor': next, Link: `<${withCursor(url, next)}>; rel="next"` } }
      },
    }),
    operation({
      id: 'getJourney',
      method: 'GET',
      path: '/journeys/{message}',
      tag,
      summary: 'Where one message is, and how it came there',
      access: 'administrator',
      params: { message: 'Our id of the message.' },
      answers: { 200: { description: 'The journey with its hops.', schema: Journey } },
      problems: ['notFound'],
      async handle({ params }) {
        const found = await journeys.find(params.message ?? '')
        if (found === undefined) throw new ApiError('notFound', 'Nothing is known of this message (any more).')
        return { status: 200, body: found }
      },
    }),
    operation({
      id: 'streamJourneys',
      method: 'GET',
      path: '/journeys/live',
      tag,
      summary: 'Watch messages as they go',
      description:
        'Server-sent events: `journey` with the whole journey (as from getJourney) whenever something has been heard of it, a few times a second at most; `skipped` with `{"journeys": n}` when more happened than can be told; `end` with `{"why"}` before the stream is ended; a comment every 15 seconds. A client that does not keep up is cut off. List what there was before after the event `ready`.',
      access: 'administrator',
      query: LiveQuery,
      answers: { 200: { description: 'The stream.', type: 'text/event-stream', schema: { type: 'string' } } },
      problems: ['invalid', 'tooMany'],
      handle({ query: { seconds, ...filter }, header, administrator }) {
        return {
          status: 200,
          headers: { 'X-Accel-Buffering': 'no' },
          stream: {
            type: 'text/event-stream; charset=utf-8',
            begin: live.admit({ filter, seconds, authorization: header('authorization'), until: administrator.tokenExpiresAt }),
          },
        }
      },
    }),
  ]
}

function withCursor(url: string, cursor: string): string {
  const [path = '', search] = url.split('?')
  const query = new URLSearchParams(search)
  query.set('cursor', cursor)
  return `${path}?${query}`
}
