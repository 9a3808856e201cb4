import { z } from 'zod'
import { WireContent, WireProfile } from './content.ts'

/** Who a message is for or from: the tenant's guest, and the two services between which it travels. */
const Route = {
  tenantId: z.string(),
  guest: z.string(),
  /** connector ids: where it came from, where it goes */
  from: z.string(),
  to: z.string(),
}
const Origin = z.object({
  /** connector id of the platform that knows `id` */
  service: z.string(),
  id: z.string(),
  /** the states that can be shown there: receipts of others need not be sent; absent: all */
  receipts: z.array(z.enum(['sent', 'delivered', 'read', 'failed'])).optional(),
})

/** `um.event.v1`: what a webhook said, verified and parsed, not yet enriched. Goes from a connector to itself, so that no effect runs inside a webhook. */
export const EventData = z.object({
  tenantId: z.string(),
  guest: z.string(),
  connector: z.string(),
  /** the InboundEvent, `at` as an ISO string */
  event: z.looseObject({ id: z.string(), at: z.string(), guest: z.string(), type: z.string() }),
})

/** `um.message.v1` */
export const MessageData = z.object({
  ...Route,
  content: WireContent,
  author: z.enum(['guest', 'agent', 'bot', 'ivr', 'system']),
  agentName: z.string().optional(),
  /** the message where it came from: receipts go back to this */
  origin: Origin.optional(),
  profile: WireProfile.optional(),
  at: z.string(),
})
/** `um.typing.v1`: never retried, first to be dropped */
export const TypingData = z.object({ ...Route, on: z.boolean(), durationSeconds: z.number().optional(), at: z.string(), profile: WireProfile.optional() })
/** `um.receipt.v1`: what became of `of`, told to the platform it came from (`origin`) */
export const ReceiptData = z.object({
  ...Route,
  /** our id of the message */
  of: z.string(),
  origin: Origin.optional(),
  state: z.enum(['sent', 'delivered', 'read', 'failed']),
  code: z.string().optional(),
  why: z.string().optional(),
  at: z.string(),
})
/** `um.lifecycle.v1` */
export const LifecycleData = z.object({
  ...Route,
  change: z.enum(['started', 'ended', 'joined', 'follow', 'unfollow', 'optOut', 'optIn']),
  data: z.record(z.string(), z.string()).optional(),
  profile: WireProfile.optional(),
  at: z.string(),
})
/** One hop of one message. */
const JourneyHop = z.object({
  tenantId: z.string(),
  guest: z.string(),
  /** our id of the message */
  message: z.string(),
  /** one of `journal/hops.ts`, or of a newer version: a listener takes what it does not know, too */
  hop: z.string(),
  direction: z.enum(['toAgent', 'toGuest']),
  kind: z.string().optional(),
  platformId: z.string().optional(),
  /** the IVR's idempotency key */
  key: z.string().optional(),
  /** HTTP status, reason, attempt number: facts for people */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** the message's words, shortened; only where the deployer wants them told */
  text: z.string().optional(),
  at: z.string(),
})
/** `um.journey.v1`: hops of messages at one replica, in the order in which it told them. Best effort. */
export const JourneyData = z.object({ service: z.string(), replica: z.string(), hops: z.array(JourneyHop) })
/** `um.config.v1`: a document of the configuration, sealed (AES-256-GCM), from `api` to all; or a request for all of them. */
export const ConfigData = z.discriminatedUnion('op', [
  z.object({ op: z.literal('put'), collection: z.enum(['tenants', 'storages', 'settings']), id: z.string(), revision: z.number(), sealed: z.string() }),
  /** `sealed`: the document as it was, for tidying up at the platform */
  z.object({ op: z.literal('delete'), collection: z.enum(['tenants', 'storages']), id: z.string(), revision: z.number(), sealed: z.string() }),
  /** everything that exists follows as puts in `pages` messages; `ids` are all ids of this page, `last` closes the sync */
  z.object({
    op: z.literal('snapshot'),
    page: z.number(),
    last: z.boolean(),
    revision: z.number(),
    documents: z.array(z.object({ collection: z.enum(['tenants', 'storages', 'settings']), id: z.string(), revision: z.number(), sealed: z.string() })),
  }),
  z.object({ op: z.literal('sync'), service: z.string(), replyTo: z.string() }),
])
/** `um.state.v1`: how a tenant or storage fares at one service, from there to `api`. */
export const StateData = z.object({
  service: z.string(),
  collection: z.enum(['tenants', 'storages']),
  id: z.string(),
  part: z.enum(['messaging', 'cxPlatform', 'storage']),
  status: z.enum(['registering', 'working', 'failing', 'paused', 'removed']),
  /** step by step: what was tried and how it ended */
  steps: z.array(z.object({ step: z.string(), ok: z.boolean(), message: z.string().optional(), at: z.string() })).optional(),
  lastError: z.string().optional(),
  webhookUrl: z.string().optional(),
  /** facts that people see: integration id, bot name, links to authorize */
  facts: z.record(z.string(), z.string()).optional(),
  at: z.string(),
})
/** `um.presence.v1`: a replica of a service is there, from each to `api`, every 10 s and at its end. */
export const PresenceData = z.object({
  service: z.string(),
  replica: z.string(),
  version: z.string(),
  startedAt: z.string(),
  ready: z.boolean(),
  stopping: z.boolean(),
  at: z.string(),
})
/** `um.flow.v1`: which tenants' messages wait in a service, and for what; from one replica of each to `api`, every 10 s. A tenant that is not named flows freely. */
export const FlowData = z.object({
  service: z.string(),
  tenants: z.array(
    z.object({
      tenantId: z.string(),
      /** paused: the tenant must act. broken: its platform does not answer. */
      gate: z.object({ kind: z.enum(['paused', 'broken']), why: z.string(), since: z.string(), nextTryAt: z.string() }).optional(),
      /** messages and events that are set aside */
      waiting: z.number().int(),
      /** the platform has said so (429) */
      rateLimitedUntil: z.string().optional(),
    }),
  ),
  at: z.string(),
})
/** `um.notifier.v1`: how a notifier destination fares, as one replica sees it; from there to `api`. */
export const NotifierStateData = z.object({
  service: z.string(),
  replica: z.string(),
  id: z.string(),
  status: z.enum(['working', 'failing', 'broken']),
  /** notices of this replica that wait for it */
  queued: z.number(),
  lastSuccessAt: z.string().optional(),
  /** `httpStatus`: absent when nothing was answered */
  lastError: z.object({ at: z.string(), text: z.string(), httpStatus: z.number().optional() }).optional(),
  at: z.string(),
})
/** `um.command.v1`: what `api` wants one replica of a service to do. `sealed`: what, and with what; it may hold secrets. */
export const CommandData = z.object({
  service: z.string(),
  /** queue that waits for the answer */
  replyTo: z.string(),
  /** not to be begun after this; absent: whenever the service is there */
  expiresAt: z.string().optional(),
  sealed: z.string(),
})
/** `um.answer.v1`: what became of a command, sealed too. `of`: id of the command's envelope. */
export const AnswerData = z.object({ of: z.string(), sealed: z.string() })

export const schemas = {
  'um.event.v1': EventData,
  'um.message.v1': MessageData,
  'um.typing.v1': TypingData,
  'um.receipt.v1': ReceiptData,
  'um.lifecycle.v1': LifecycleData,
  'um.journey.v1': JourneyData,
  'um.config.v1': ConfigData,
  'um.state.v1': StateData,
  'um.presence.v1': PresenceData,
  'um.flow.v1': FlowData,
  'um.notifier.v1': NotifierStateData,
  'um.command.v1': CommandData,
  'um.answer.v1': AnswerData,
} as const
export type EnvelopeType = keyof typeof schemas
export type DataOf<T extends EnvelopeType> = z.infer<(typeof schemas)[T]>

/** CloudEvents 1.0, one per AMQP message. */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string(),
  type: z.enum(Object.keys(schemas) as [EnvelopeType, ...EnvelopeType[]]),
  subject: z.string(),
  time: z.string(),
  traceparent: z.string().optional(),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
})
export interface EnvelopeOf<T extends EnvelopeType = EnvelopeType> {
  specversion: '1.0'
  id: string
  source: string
  type: T
  /** `<tenantId>/<guest>` */
  subject: string
  time: string
  /** W3C trace context */
  traceparent?: string
  datacontenttype: 'application/json'
  data: DataOf<T>
}
export type AnyEnvelope = { [T in EnvelopeType]: EnvelopeOf<T> }[EnvelopeType]

export function envelope<T extends EnvelopeType>(
  type: T,
  facts: { id: string; source: string; subject: string; time: Date; traceparent?: string },
  data: DataOf<T>,
): EnvelopeOf<T> {
  return {
    specversion: '1.0',
    id: facts.id,
    source: facts.source,
    type,
    subject: facts.subject,
    time: facts.time.toISOString(),
    ...(facts.traceparent === undefined ? {} : { traceparent: facts.traceparent }),
    datacontenttype: 'application/json',
    data,
  }
}

/** Throws a ZodError that names the field when the bytes are not one of our envelopes. */
export function readEnvelope(body: Buffer): AnyEnvelope {
  const outer = Envelope.parse(JSON.parse(body.toString('utf8')))
  return { ...outer, data: schemas[outer.type].parse(outer.data) } as AnyEnvelope
}
