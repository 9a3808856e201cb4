import { type CommandClient, CommandFailed, type EffectOutcome } from '@um/shared/commands'
import type { Definition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import { z } from 'zod'
import type { ConfigStore } from '../config/store.ts'
import { translateCommandFailure } from '../effects/services.ts'
import { type Operation, operation } from '../http/operation.ts'
import type { AdmitCaller } from '../messages/tenant-access.ts'
import { assertOneName, namedTenant, tenantFields } from '../tenants/named.ts'

const SwitchDocument = z.strictObject({
  ...tenantFields,
  to: z.string().trim().min(1).max(200).optional().meta({ description: "The account to go to; without it the one of the tenant's settings." }),
})
const SwitchRequest = SwitchDocument.superRefine(assertOneName)
const Switched = z.object({ userId: z.string(), tenantId: z.string(), state: z.literal('switched') }).meta({ id: 'SwitchedUser' })
const GuestId = z.string().trim().min(1).max(200)

/** Platforms answer such a call within seconds, or not at all. */
const withinMilliseconds = 15_000

/** `POST /users/{id}/switch`: hands a guest over to another account of the messaging platform. */
export function switchOperations(options: {
  store: ConfigStore
  admit: AdmitCaller
  commands: CommandClient
  connectors: ReadonlyMap<string, Definition>
}): Operation[] {
  const { store, admit, commands, connectors } = options
  return [
    operation({
      id: 'switchUser',
      method: 'POST',
      path: '/users/{id}/switch',
      tag: 'Messages',
      summary: 'Hand a guest over to another account',
      description: "For IVRs, with the tenant's own credentials, on platforms that have such a thing (LINE's switcher).",
      access: 'tenant',
      params: { id: "The guest's identifier at the messaging platform, or a phone number where the platform resolves it." },
      body: SwitchRequest,
      bodySchema: SwitchDocument,
      bodyExample: { tenantId: '259bb4e2-f7e5-4b06-9a51-c528f412404b' },
      answers: { 200: { description: 'The platform has switched the guest.', schema: Switched } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'unauthenticated', 'notFound', 'conflict', 'tooMany', 'upstream'],
      async handle({ params, body, header, address }) {
        const tenant = namedTenant(await store.read(), body)
        await admit(tenant, header('authorization'), address)
        if (!tenant.enabled) throw new ApiError('conflict', 'The tenant is disabled.')
        const guest = GuestId.safeParse(params.id)
        if (!guest.success) throw new ApiError('notFound', 'There is no such guest.')
        const { type } = tenant.messaging
        const outcome = await commands
          .ask(
            `${type}-connector`,
            'switchUser',
            { tenantId: tenant.id, guest: guest.data, ...(body.to === undefined ? {} : { to: body.to }) },
            withinMilliseconds,
          )
          .catch(error => {
            throw error instanceof CommandFailed && error.reason === 'unanswered' ? inDoubt(error) : translateCommandFailure(error)
          })
        assertSwitched(outcome, connectors.get(type)?.label ?? type)
        return { status: 200, body: { userId: guest.data, tenantId: tenant.id, state: 'switched' } }
      },
    }),
  ]
}

function inDoubt(error: CommandFailed): ApiError {
  return new ApiError('unavailable', 'The connector did not answer in time: the guest may or may not have been switched.', {
    cause: error,
    headers: { 'Retry-After': '5' },
  })
}

function assertSwitched(outcome: EffectOutcome, label: string): void {
  if (outcome.kind === 'done') return
  if (outcome.kind === 'unsupported') throw new ApiError('invalid', `${label} has no accounts to switch between.`)
  if (outcome.kind === 'unknownTenant') throw new ApiError('unavailable', 'The connector does not know the tenant yet.', { headers: { 'Retry-After': '2' } })
  const { kind, why, afterSeconds } = outcome.failure
  if (kind === 'recipient') throw new ApiError('notFound', `${label}: ${why}`)
  if (kind === 'content') throw new ApiError('invalid', `${label}: ${why}`)
  if (kind === 'rateLimited') throw new ApiError('tooMany', `${label}: ${why}`, { headers: { 'Retry-After': String(Math.ceil(afterSeconds ?? 5)) } })
  throw new ApiError('upstream', `${label}: ${why}`)
}
