import type { Definition } from '@um/shared/contract'
import type { FieldError } from '@um/shared/errors'
import { maskedValue, Tenant } from '@um/shared/settings'
import { type Checked, isOwnId, isPlain, type Plain, plain } from '../documents/checked.ts'
import { checkSettings, type Generate } from '../documents/settings-part.ts'
import { readableErrors } from '../http/field-errors.ts'
import { Commander } from '../settings/commander.ts'

export interface TenantSurroundings {
  readonly connectors: ReadonlyMap<string, Definition>
  readonly storageIds: ReadonlySet<string>
  readonly generate: Generate
}
type Part = 'cxPlatform' | 'messaging'
const roles = { cxPlatform: 'cx', messaging: 'messaging' } as const

/**
 * What was sent as a tenant, checked as a whole: every error is told at once, with its place. `stored`: the tenant as it is now, for masked secrets.
 * The read-only `status` of an answer may be sent back; it is ignored.
 */
export function checkTenant(id: string, input: unknown, stored: Tenant | undefined, around: TenantSurroundings): Checked<Tenant> {
  if (!isPlain(input)) return { ok: false, errors: [{ pointer: '', detail: 'must be an object' }] }
  const { status: _readOnly, ...sent } = input
  const given = { ...sent, id, ...(sent.authentication === undefined ? {} : { authentication: keptPassword(sent.authentication, stored) }) }
  const errors: FieldError[] = []
  const collect = <T>(checked: Checked<T>): T | undefined => {
    if (checked.ok) return checked.document
    errors.push(...checked.errors)
    return undefined
  }
  if (!isOwnId(sent.id, id)) errors.push({ pointer: '/id', detail: 'cannot be changed' })
  const tenant = collect(parse(given))
  const cxSettings = collect(checkPart('cxPlatform', plain(sent.cxPlatform), stored, around))
  const messagingSettings = collect(checkPart('messaging', plain(sent.messaging), stored, around))
  const commanderSettings = collect(checkCommander(plain(sent.commander), stored, around))
  if (tenant === undefined || cxSettings === undefined || messagingSettings === undefined || commanderSettings === undefined || errors.length > 0)
    return { ok: false, errors }
  return {
    ok: true,
    document: {
      ...tenant,
      cxPlatform: { ...tenant.cxPlatform, settings: cxSettings },
      messaging: { ...tenant.messaging, settings: messagingSettings },
      commander: { ...tenant.commander, settings: commanderSettings },
    },
  }
}

function parse(given: Plain): Checked<Tenant> {
  const parsed = Tenant.safeParse(given)
  return parsed.success ? { ok: true, document: parsed.data } : { ok: false, errors: readableErrors(parsed.error) }
}

function keptPassword(authentication: unknown, stored: Tenant | undefined): unknown {
  if (!isPlain(authentication) || authentication.password !== maskedValue) return authentication
  const before = stored?.authentication
  return { ...authentication, password: before?.type === 'basic' ? before.password : undefined }
}

function checkPart(part: Part, sent: Plain, stored: Tenant | undefined, around: TenantSurroundings): Checked<Plain> {
  const errors: FieldError[] = []
  const { type, storageId } = sent
  if (typeof storageId === 'string' && !around.storageIds.has(storageId)) errors.push({ pointer: `/${part}/storageId`, detail: 'is not a storage that exists' })
  // a missing or misshapen type has been told by the document's own schema
  if (typeof type !== 'string') return { ok: false, errors }
  const definition = around.connectors.get(type)
  if (definition?.role !== roles[part]) {
    const known = [...around.connectors.values()].filter(({ role }) => role === roles[part]).map(({ id }) => id)
    return { ok: false, errors: [...errors, { pointer: `/${part}/type`, detail: `is not one of ${known.join(', ')}` }] }
  }
  const before = stored?.[part].type === type ? stored[part].settings : undefined
  const settings = checkSettings(definition.settings, sent.settings, before, around.generate, `/${part}/settings`)
  if (!settings.ok) return { ok: false, errors: [...errors, ...settings.errors] }
  return errors.length > 0 ? { ok: false, errors } : settings
}

/** Without settings of its own a tenant uses the default commander, or none. */
function checkCommander(sent: Plain, stored: Tenant | undefined, around: TenantSurroundings): Checked<Plain> {
  const needsOwn = sent.enabled === true && sent.useDefault === false
  const settings = sent.settings ?? {}
  if (!needsOwn && isPlain(settings) && Object.keys(settings).length === 0) return { ok: true, document: {} }
  return checkSettings(Commander, settings, stored?.commander.settings, around.generate, '/commander/settings')
}
