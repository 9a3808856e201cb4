import { randomUUID } from 'node:crypto'
import type { FieldError } from '@um/shared/errors'
import { FleetSettings, maskedValue, type Notifier } from '@um/shared/settings'
import type { z } from 'zod'
import { type Checked, isPlain, type Plain } from '../documents/checked.ts'
import { checkSettings, type Generate } from '../documents/settings-part.ts'
import { readableErrors } from '../http/field-errors.ts'
import { Commander } from './commander.ts'

export interface SettingsSurroundings {
  readonly notifiers: Readonly<Record<Notifier['type'], z.ZodObject>>
  readonly generate: Generate
}

/** What was sent as the settings common to the fleet, checked as a whole. Notifiers without an id get one; by it their masked secrets are found again. */
export function checkFleetSettings(input: unknown, stored: FleetSettings, around: SettingsSurroundings): Checked<FleetSettings> {
  if (!isPlain(input)) return { ok: false, errors: [{ pointer: '', detail: 'must be an object' }] }
  const sentNotifiers = Array.isArray(input.notifiers) ? (input.notifiers as unknown[]) : undefined
  const named = sentNotifiers?.map(notifier => (isPlain(notifier) && notifier.id === undefined ? { ...notifier, id: randomUUID() } : notifier))
  const parsed = FleetSettings.safeParse({ ...input, ...(named === undefined ? {} : { notifiers: named }), commander: input.commander ?? {} })
  const errors: FieldError[] = parsed.success ? [] : readableErrors(parsed.error)
  if (isPlain(input) && typeof input.outboundProxy === 'string' && !isHttpUrl(input.outboundProxy))
    errors.push({ pointer: '/outboundProxy', detail: 'must be an http(s) URL, or null' })
  // the mask stands for the stored password only at the stored address
  if (typeof input.outboundProxy === 'string' && isHttpUrl(input.outboundProxy) && new URL(input.outboundProxy).password === maskedValue)
    errors.push({ pointer: '/outboundProxy', detail: 'has a masked password and another address than before: give the password again' })
  const settings = (named ?? []).map((notifier, index) => checkNotifier(notifier, index, stored, around))
  const commander = checkCommander(input.commander, stored, around)
  errors.push(...settings.flatMap(checked => (checked.ok ? [] : checked.errors)), ...(commander.ok ? [] : commander.errors))
  if (!parsed.success || !commander.ok || errors.length > 0) return { ok: false, errors }
  const notifiers = parsed.data.notifiers.map((notifier, index) => {
    const checked = settings[index]
    return checked?.ok ? { ...notifier, settings: checked.document } : notifier
  })
  const repeated = repeatedNotifiers(notifiers)
  if (repeated.length > 0) return { ok: false, errors: repeated }
  return { ok: true, document: { ...parsed.data, notifiers, commander: commander.document } }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}

function checkNotifier(notifier: unknown, index: number, stored: FleetSettings, around: SettingsSurroundings): Checked<Plain> {
  // another shape or type has been told by the document's own schema
  const type = isPlain(notifier) ? notifier.type : undefined
  if (!isPlain(notifier) || typeof type !== 'string' || !Object.hasOwn(around.notifiers, type)) return { ok: false, errors: [] }
  const before = stored.notifiers.find(other => other.id === notifier.id && other.type === type)
  return checkSettings(around.notifiers[type as Notifier['type']], notifier.settings, before?.settings, around.generate, `/notifiers/${index}/settings`)
}

/** No commander is `{}`. */
function checkCommander(sent: unknown, stored: FleetSettings, around: SettingsSurroundings): Checked<Plain> {
  if (sent === undefined || (isPlain(sent) && Object.keys(sent).length === 0)) return { ok: true, document: {} }
  return checkSettings(Commander, sent, stored.commander, around.generate, '/commander')
}

/** The same destination twice for one topic would tell everything twice. */
function repeatedNotifiers(notifiers: readonly Notifier[]): FieldError[] {
  const ids = new Set<string>()
  const places = new Set<string>()
  return notifiers.flatMap(({ id, type, topic, settings }, index) => {
    const place = JSON.stringify([type, topic, settings.webhookUrl ?? settings.routingKey])
    const errors: FieldError[] = []
    if (ids.has(id)) errors.push({ pointer: `/notifiers/${index}/id`, detail: 'is there twice' })
    if (places.has(place)) errors.push({ pointer: `/notifiers/${index}`, detail: 'is there twice for the same topic' })
    ids.add(id)
    places.add(place)
    return errors
  })
}
