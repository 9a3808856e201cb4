import { createHash } from 'node:crypto'
import { derivedId } from '@um/shared/model'
import { z } from 'zod'

/** A message that could not be delivered, without its body. */
export const DeadLetter = z.object({
  id: z.string(),
  service: z.string().meta({ description: 'Which service gave it up.' }),
  reason: z.string(),
  why: z.string(),
  diedAt: z.string(),
  times: z.number().meta({ description: 'How often it has died, replays included.' }),
  exchange: z.string().meta({ description: 'Where a replay sends it.' }),
  key: z.string(),
  conversation: z.string().nullable(),
  type: z.string().nullable(),
  messageId: z.string().nullable(),
  tenantId: z.string().nullable(),
  guest: z.string().nullable(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

/** As much of an envelope as a dead one may still have. */
const Remains = z.object({
  id: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  data: z
    .object({ tenantId: z.string().optional().catch(undefined), guest: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

/** The same message, given up by the same service, is the same letter: a broker's redelivery or a failed replay makes no second one. */
export function readDeadLetter(body: Buffer, headers: Readonly<Record<string, unknown>>, now: Date): DeadLetter {
  const header = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '')
  const remains = remainsOf(body)
  const messageId = remains?.id ?? null
  const [service, exchange, key] = [header('x-service'), header('x-exchange'), header('x-key')]
  return {
    id: derivedId('dead', service, exchange, key, messageId ?? createHash('sha256').update(body).digest('hex')),
    service,
    reason: header('x-reason') || 'bug',
    why: decoded(header('x-why')),
    diedAt: now.toISOString(),
    times: 1,
    exchange,
    key,
    conversation: header('x-conversation') || null,
    type: remains?.type ?? null,
    messageId,
    tenantId: remains?.data?.tenantId ?? null,
    guest: remains?.data?.guest ?? null,
  }
}

function remainsOf(body: Buffer): z.infer<typeof Remains> | undefined {
  try {
    return Remains.safeParse(JSON.parse(body.toString('utf8'))).data
  } catch {
    return undefined
  }
}

/** AMQP headers carry ASCII: reasons come percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What says nothing about a person. */
const shownMembers = new Set(['kind', 'media', 'template', 'mime', 'type', 'on', 'size', 'durationSeconds'])
const personalMembers = new Set(['content', 'profile', 'event'])

/** The envelope with what people said and who they are masked; its structure can still be seen. */
export function maskedBody(text: string): unknown {
  try {
    const envelope: unknown = JSON.parse(text)
    return masked(envelope, false)
  } catch {
    return '***'
  }
}
function masked(value: unknown, personal: boolean): unknown {
  if (Array.isArray(value)) return value.map(item => masked(item, personal))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const isLeaf = typeof member !== 'object' || member === null
        if (personal && isLeaf) return [name, shownMembers.has(name) ? member : '***']
        return [name, masked(member, personal || personalMembers.has(name))]
      }),
    )
  }
  return personal ? '***' : value
}

/** A replayed message is as young as its replay: services give up what is too old. */
export function rejuvenated(text: string, now: Date): string {
  try {
    const envelope: unknown = JSON.parse(text)
    if (typeof envelope !== 'object' || envelope === null || !('time' in envelope)) return text
    return JSON.stringify({ ...envelope, time: now.toISOString() })
  } catch {
    return text
  }
}
