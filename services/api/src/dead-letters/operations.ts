import type { Broker } from '@um/shared/amqp'
import type { Definition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import type { Journal } from '@um/shared/journal'
import { z } from 'zod'
import type { AuditEntry, AuditTrail } from '../audit/trail.ts'
import { type Call, type Operation, operation } from '../http/operation.ts'
import { pageOf, pagingFields, pagingHeaders } from '../http/paging.ts'
import { translateAbsence } from '../http/unavailable.ts'
import { tellDecision } from '../journeys/tell.ts'
import { DeadLetter, maskedBody } from './letter.ts'
import { replay } from './replay.ts'
import type { DeadLetters } from './store.ts'

const tag = 'Dead letters'
const params = { id: 'The dead letter.' }
const filter = {
  service: z.string().max(100).optional().meta({ description: 'Which service gave it up, e.g. telegram-connector.' }),
  reason: z.string().max(100).optional().meta({ description: 'E.g. unavailable, subscription, bug.' }),
  tenantId: z.string().max(100).optional(),
}
const Selection = z
  .strictObject({ ids: z.array(z.string().max(100)).min(1).max(1000).optional(), ...filter })
  .refine(selection => Object.values(selection).some(value => value !== undefined), 'give ids, or a service, reason or tenantId')
type Filter = z.infer<z.ZodObject<typeof filter>>
const DeadLetterAnswer = DeadLetter.meta({ id: 'DeadLetter' })
const Outcome = z.object({ done: z.number(), failed: z.array(z.object({ id: z.string(), detail: z.string() })) }).meta({ id: 'DeadLetterOutcome' })

/** One call deals with at most so many; the rest stays for the next. */
const maxSelected = 1000

export function deadLetterOperations(options: {
  letters: DeadLetters
  broker: Broker
  audit: AuditTrail
  journal: Pick<Journal, 'tell'>
  connectors: ReadonlyMap<string, Definition>
  now: () => Date
}): Operation[] {
  const { letters, broker, audit, now } = options
  const existing = async (call: Pick<Call<unknown, unknown>, 'params'>): Promise<DeadLetter> => {
    const found = await letters.find(call.params.id ?? '')
    if (found === undefined) throw new ApiError('notFound', 'There is no such dead letter (any more).')
    return found
  }
  const record = ({ administrator, address }: Pick<Call<unknown, unknown>, 'administrator' | 'address'>, action: AuditEntry['action'], { id }: DeadLetter) =>
    audit.record({ who: administrator.user, address, action, target: { collection: 'dead-letters', id } })
  const discard = async (letter: DeadLetter): Promise<void> => {
    const body = await letters.body(letter.id)
    if (!(await letters.remove(letter.id))) throw new ApiError('notFound', 'The dead letter is gone.')
    tellDecision(options.journal, options.connectors, letter, { hop: 'discarded', body })
  }
  const sendAgain = async (letter: DeadLetter): Promise<void> => {
    const body = await replay(letters, broker, letter, now())
    tellDecision(options.journal, options.connectors, letter, { hop: 'replayed', body })
  }
  /** Oldest first, so that what belongs together stays in order. One that fails does not hold up the others. */
  const forEach = async (selection: z.infer<typeof Selection>, work: (letter: DeadLetter) => Promise<void>): Promise<z.infer<typeof Outcome>> => {
    const ids = selection.ids === undefined ? undefined : new Set(selection.ids)
    const selected = (await letters.list()).filter(letter => matches(letter, selection) && (ids?.has(letter.id) ?? true)).reverse()
    const outcome: z.infer<typeof Outcome> = { done: 0, failed: [] }
    for (const letter of selected.slice(0, maxSelected)) {
      try {
        await work(letter)
        outcome.done += 1
      } catch (error) {
        const known = translateAbsence(error)
        if (!(known instanceof ApiError)) throw error
        outcome.failed.push({ id: letter.id, detail: known.message })
      }
    }
    return outcome
  }

  return [
    operation({
      id: 'listDeadLetters',
      method: 'GET',
      path: '/dead-letters',
      tag,
      summary: 'List what could not be delivered',
      description: 'Latest first. The last 10,000 are kept, for 30 days.',
      access: 'administrator',
      query: z.object({ ...pagingFields, ...filter }),
      answers: { 200: { description: 'The dead letters, without their bodies.', schema: z.array(DeadLetterAnswer), headers: pagingHeaders } },
      problems: ['invalid'],
      async handle({ query, url }) {
        const found = (await letters.list()).filter(letter => matches(letter, query))
        const { items, headers } = pageOf(found, query, url)
        return { status: 200, headers, body: items }
      },
    }),
    operation({
      id: 'getDeadLetter',
      method: 'GET',
      path: '/dead-letters/{id}',
      tag,
      summary: 'Inspect a dead letter',
      description: 'What people said in it is masked, unless it is asked for; that is written to the audit trail.',
      access: 'administrator',
      params,
      query: z.object({ body: z.stringbool().default(false).meta({ description: 'true: with the words of guest and agent.' }) }),
      answers: { 200: { description: 'The dead letter with its message.', schema: DeadLetter.extend({ body: z.unknown() }) } },
      problems: ['invalid', 'notFound'],
      async handle(call) {
        const letter = await existing(call)
        const text = (await letters.body(letter.id)) ?? 'null'
        if (!call.query.body) return { status: 200, body: { ...letter, body: maskedBody(text) } }
        await record(call, 'readDeadLetterBody', letter)
        return { status: 200, body: { ...letter, body: parsedOr(text) } }
      },
    }),
    operation({
      id: 'replayDeadLetter',
      method: 'POST',
      path: '/dead-letters/{id}/replay',
      tag,
      summary: 'Send it again',
      description: 'It goes where it was to go, and leaves the list. When it fails again it comes back.',
      access: 'administrator',
      params,
      answers: { 204: { description: 'Sent to its service.' } },
      problems: ['notFound', 'conflict'],
      async handle(call) {
        const letter = await existing(call)
        await sendAgain(letter)
        await record(call, 'replayDeadLetter', letter)
        return { status: 204 }
      },
    }),
    operation({
      id: 'discardDeadLetter',
      method: 'DELETE',
      path: '/dead-letters/{id}',
      tag,
      summary: 'Discard it',
      access: 'administrator',
      params,
      answers: { 204: { description: 'Gone.' } },
      problems: ['notFound'],
      async handle(call) {
        const letter = await existing(call)
        await discard(letter)
        await record(call, 'discardDeadLetter', letter)
        return { status: 204 }
      },
    }),
    operation({
      id: 'replayDeadLetters',
      method: 'POST',
      path: '/dead-letters/replay',
      tag,
      summary: 'Send many again',
      description: `Oldest first, at most ${maxSelected} in one call.`,
      access: 'administrator',
      body: Selection,
      bodyExample: { service: 'telegram-connector', reason: 'unavailable' },
      answers: { 200: { description: 'What became of them.', schema: Outcome } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid'],
      async handle(call) {
        const outcome = await forEach(call.body, async letter => {
          await sendAgain(letter)
          await record(call, 'replayDeadLetter', letter)
        })
        return { status: 200, body: outcome }
      },
    }),
    operation({
      id: 'discardDeadLetters',
      method: 'POST',
      path: '/dead-letters/discard',
      tag,
      summary: 'Discard many',
      description: `At most ${maxSelected} in one call.`,
      access: 'administrator',
      body: Selection,
      bodyExample: { tenantId: '259bb4e2-f7e5-4b06-9a51-c528f412404b' },
      answers: { 200: { description: 'What became of them.', schema: Outcome } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid'],
      async handle(call) {
        const outcome = await forEach(call.body, async letter => {
          await discard(letter)
          await record(call, 'discardDeadLetter', letter)
        })
        return { status: 200, body: outcome }
      },
    }),
  ]
}

function matches(letter: DeadLetter, { service, reason, tenantId }: Filter): boolean {
  return (
    (service === undefined || letter.service === service) &&
    (reason === undefined || letter.reason === reason) &&
    (tenantId === undefined || letter.tenantId === tenantId)
  )
}
function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
