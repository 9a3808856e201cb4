import { z } from 'zod'

/** The REST form of journeys: what the web site, scripts and the live stream see. */
export const journeyStates = ['underway', 'done', 'stuck', 'failed'] as const

export const JourneyHop = z
  .object({
    at: z.string().meta({ description: "By the clock of the service's machine." }),
    service: z.string(),
    replica: z.string(),
    hop: z.string().meta({
      description:
        'received, verified, spooled, published, consumed, stored, unstored, rendered, waiting, retry, parked, sent, reported, receipt, duplicate, failed, dead, replayed, discarded; later versions may add some.',
    }),
    title: z.string().meta({ description: 'The same in words for people.' }),
    outcome: z
      .enum(['ok', 'wait', 'bad', 'note'])
      .meta({ description: 'ok: it went on. wait: it stays for now. bad: it ended badly. note: about the message, which goes its way.' }),
    platformId: z.string().nullable().meta({ description: "The platform's id of the message, where this hop knew it." }),
    detail: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .meta({ description: 'E.g. why, reason, attempt, waitMilliseconds, to, state, size.' }),
  })
  .meta({ id: 'JourneyHop' })
export type JourneyHop = z.infer<typeof JourneyHop>

const summaryFields = {
  message: z.string().meta({ description: 'Our id of the message, the same in all services.' }),
  tenantId: z.string(),
  guest: z.string(),
  direction: z.enum(['toAgent', 'toGuest']),
  kind: z.string().nullable().meta({ description: 'text, attachment, ...' }),
  key: z.string().nullable().meta({ description: "The IVR's Idempotency-Key." }),
  platformIds: z.array(z.string()).meta({ description: 'Ids that the platforms have given it.' }),
  text: z.string().nullable().meta({ description: 'Its words, shortened: only where the deployer has set JOURNEY_BODIES.' }),
  state: z.enum(journeyStates).meta({
    description:
      'done: the other platform has taken it. stuck: it waits, or nothing has been heard of it for a while. failed: given up, or refused by the platform.',
  }),
  summary: z.string().meta({ description: 'One sentence: where it is, or how it ended.' }),
  stuckBecause: z.string().nullable().meta({ description: 'One sentence: where it is stuck and why. Null unless the state is stuck.' }),
  incomplete: z.boolean().meta({ description: 'Some of its hops were not heard of: telling them is best effort.' }),
  startedAt: z.string().meta({ description: 'Time of the first known hop.' }),
  lastAt: z.string().meta({ description: 'Time of the last known hop.' }),
  tookMilliseconds: z.number().nullable().meta({ description: 'From the first hop until it was sent; null unless both are known.' }),
}
export const JourneySummary = z.object({ ...summaryFields, last: JourneyHop.meta({ description: 'The last known hop.' }) }).meta({ id: 'JourneySummary' })
export type JourneySummary = z.infer<typeof JourneySummary>

export const Journey = z
  .object({
    ...summaryFields,
    hops: z.array(JourneyHop).meta({ description: 'In the order of their time.' }),
    hopsLeftOut: z.number().meta({ description: 'So many hops of a very long journey, after the first ones, are not kept.' }),
  })
  .meta({ id: 'Journey' })
export type Journey = z.infer<typeof Journey>

const id = z.string().min(1).max(300)
/** What a list or a live stream is narrowed down to; everything given must fit. */
export const filterFields = {
  tenantId: id.optional(),
  guest: id.optional().meta({ description: "The guest's id at the messaging platform." }),
  message: id.optional().meta({ description: 'Our id of the message.' }),
  platformId: id.optional().meta({ description: 'The id that a platform has given the message.' }),
  key: id.optional().meta({ description: 'The Idempotency-Key of the request that sent it.' }),
  state: z.enum(journeyStates).optional(),
}
export const JourneyFilter = z.object(filterFields)
export type JourneyFilter = z.infer<typeof JourneyFilter>

export const maxJourneys = 200
export const JourneyQuery = z.object({
  ...filterFields,
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Only those that began then or later.', examples: ['2026-02-03T04:05:06Z'] }),
  limit: z.coerce.number().int().min(1).max(maxJourneys).default(50),
  cursor: z.string().max(300).optional().meta({ description: 'From the header X-Next-Cursor of the answer before.' }),
})
export type JourneyQuery = z.infer<typeof JourneyQuery>

export const LiveQuery = z.object({
  ...filterFields,
  seconds: z.coerce.number().int().min(1).max(86_400).default(3600).meta({ description: 'The stream ends after so long, or with its token.' }),
})
