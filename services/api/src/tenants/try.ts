import type { CommandClient } from '@um/shared/commands'
import type { Definition } from '@um/shared/contract'
import { ApiError, type FieldError } from '@um/shared/errors'
import type { Tenant } from '@um/shared/settings'
import { z } from 'zod'
import type { ConfigStore } from '../config/store.ts'
import { isPlain, type Plain } from '../documents/checked.ts'
import { generate } from '../documents/new-values.ts'
import { checkSettings } from '../documents/settings-part.ts'
import { translateCommandFailure } from '../effects/services.ts'
import { type Operation, operation } from '../http/operation.ts'
import { settingsJsonSchema } from '../platforms/json-schema.ts'

const PartCheck = z.object({
  result: z.enum(['works', 'refused', 'unreachable', 'unchecked']).meta({
    description:
      'works: the platform takes the credentials. refused: it does not. unreachable: nobody could ask it. unchecked: this platform offers no way to try.',
  }),
  message: z.string().nullable(),
})
type PartCheck = z.infer<typeof PartCheck>
const CheckAnswer = z.object({ messaging: PartCheck.optional(), cxPlatform: PartCheck.optional() }).meta({ id: 'TenantCheck' })
/** A draft of a tenant: whatever else it has is not looked at. */
const CheckRequest = z.looseObject({ id: z.uuid().optional(), name: z.string().max(200).optional() })

type PartName = 'messaging' | 'cxPlatform'
const partNames: readonly PartName[] = ['messaging', 'cxPlatform']
const roles = { messaging: 'messaging', cxPlatform: 'cx' } as const
/** A platform that does not answer at all is waited for by the connector, within its own limits. */
const withinMilliseconds = 40_000

/** `POST /tenants/check`: do these credentials work? Asked before they are saved. */
export function tryTenantOperations(options: { store: ConfigStore; commands: CommandClient; connectors: ReadonlyMap<string, Definition> }): Operation[] {
  const { store, commands, connectors } = options

  const ask = async (tenantId: string | undefined, name: string, type: string, settings: Plain): Promise<PartCheck> => {
    try {
      const outcome = await commands.ask(
        `${type}-connector`,
        'checkSettings',
        { ...(tenantId === undefined ? {} : { tenantId }), name, settings },
        withinMilliseconds,
      )
      if (outcome.kind === 'done') return { result: 'works', message: null }
      if (outcome.kind !== 'failed') return { result: 'unchecked', message: null }
      const { kind, why } = outcome.failure
      return { result: kind === 'retryable' || kind === 'rateLimited' ? 'unreachable' : 'refused', message: why }
    } catch (error) {
      const known = translateCommandFailure(error)
      if (known instanceof ApiError) return { result: 'unreachable', message: known.message }
      throw error
    }
  }

  return [
    operation({
      id: 'checkTenant',
      method: 'POST',
      path: '/tenants/check',
      tag: 'Tenants',
      summary: 'Try credentials',
      description:
        'Asks the platforms whether they take these settings, which need not be saved: a whole tenant, or only one of its parts. With the id of a saved tenant, secrets that read *** are its own.',
      access: 'administrator',
      body: CheckRequest,
      bodySchema: checkInput(connectors),
      bodyExample: { messaging: { type: 'telegram', settings: { apiToken: '123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr' } } },
      answers: { 200: { description: 'What the platforms said, part by part.', schema: CheckAnswer } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid'],
      async handle({ body }) {
        const stored = body.id === undefined ? undefined : (await store.read()).tenant(body.id.toLowerCase())?.document
        const parts = checkedParts(body, stored, connectors)
        const name = body.name ?? stored?.name ?? 'unsaved'
        const checks = await Promise.all(parts.map(async ({ part, type, settings }) => [part, await ask(stored?.id, name, type, settings)] as const))
        return { status: 200, body: Object.fromEntries(checks) }
      },
    }),
  ]
}

/** The parts that were sent, with their settings complete. Throws ApiError `invalid`. */
function checkedParts(
  body: Plain,
  stored: Tenant | undefined,
  connectors: ReadonlyMap<string, Definition>,
): { part: PartName; type: string; settings: Plain }[] {
  const errors: FieldError[] = []
  const found = partNames.flatMap(part => {
    const sent = body[part]
    if (sent === undefined) return []
    const type = isPlain(sent) ? sent.type : undefined
    const definition = typeof type === 'string' ? connectors.get(type) : undefined
    if (!isPlain(sent) || definition?.role !== roles[part]) {
      errors.push({ pointer: `/${part}/type`, detail: 'is not a platform that this version knows' })
      return []
    }
    const before = stored?.[part].type === definition.id ? stored[part].settings : undefined
    const settings = checkSettings(definition.settings, sent.settings, before, generate, `/${part}/settings`)
    if (settings.ok) return [{ part, type: definition.id, settings: settings.document }]
    errors.push(...settings.errors)
    return []
  })
  if (errors.length === 0 && found.length === 0) errors.push({ pointer: '', detail: 'give messaging, cxPlatform, or both' })
  if (errors.length > 0) throw new ApiError('invalid', 'See errors.', { fields: errors })
  return found
}

function checkInput(connectors: ReadonlyMap<string, Definition>): Readonly<Record<string, unknown>> {
  const part = (role: Definition['role']) => ({
    oneOf: [...connectors.values()]
      .filter(definition => definition.role === role)
      .map(({ id, label, settings }) => ({
        type: 'object',
        title: label,
        required: ['type', 'settings'],
        properties: { type: { type: 'string', const: id }, settings: settingsJsonSchema(settings) },
      })),
    discriminator: { propertyName: 'type' },
  })
  return {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid', description: 'A saved tenant, whose secrets *** stands for.' },
      name: { type: 'string' },
      messaging: part('messaging'),
      cxPlatform: part('cx'),
    },
  }
}
