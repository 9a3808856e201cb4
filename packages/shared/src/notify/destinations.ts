import type { z } from 'zod'
import { ApiError } from '../errors/index.ts'
import { redactText } from '../log/index.ts'
import type { Notifier as NotifierDocument } from '../settings/index.ts'
import type { AddressProblem, Destination, DestinationKind } from './destination.ts'
import { discord } from './discord.ts'
import { gcloudcx } from './gcloudcx.ts'
import type { Severity } from './notice.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack.ts'
import { isLoopback } from './webhook-url.ts'

type Type = NotifierDocument['type']
interface OpenKind {
  readonly label: string
  /** what the form shows and masks; hosts are not looked at */
  readonly settings: z.ZodObject
  addressProblem(settings: unknown, allowAnyHost: boolean): AddressProblem | undefined
  open(id: string, type: Type, settings: unknown, allowAnyHost: boolean): Destination
}

const kinds: Readonly<Record<Type, OpenKind>> = {
  gcloudcx: openKind(gcloudcx),
  slack: openKind(slack),
  discord: openKind(discord),
  pagerduty: openKind(pagerduty),
}

function openKind<S extends z.ZodObject<{ minSeverity: z.ZodType<Severity> }>>(kind: DestinationKind<S>): OpenKind {
  const problemOf = (settings: z.infer<S>, allowAnyHost: boolean) =>
    allowAnyHost || isLoopback(kind.address(settings)) ? undefined : kind.addressProblem(settings)
  return {
    label: kind.label,
    settings: kind.settings,
    addressProblem: (given, allowAnyHost) => {
      const read = kind.settings.safeParse(given)
      return read.success ? problemOf(read.data, allowAnyHost) : undefined
    },
    open: (id, type, given, allowAnyHost) => {
      const settings = kind.settings.parse(given)
      const problem = problemOf(settings, allowAnyHost)
      if (problem !== undefined) throw refused(problem)
      const secrets = kind.secrets(settings)
      return {
        id,
        type,
        minSeverity: settings.minSeverity,
        alwaysRendered: kind.alwaysRendered ?? [],
        masked: kind.masked(settings),
        spacingMilliseconds: kind.spacingMilliseconds,
        tooManySeconds: kind.tooManySeconds,
        render: notice => kind.render(notice, settings),
        redact: text => redactText(secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text)),
      }
    },
  }
}

/** Settings of each type of destination: form, masking and shape. Whether an address is the vendor's is asked of `assertDestination`. */
export const notifierSettings: Readonly<Record<Type, z.ZodObject>> = {
  gcloudcx: kinds.gcloudcx.settings,
  slack: kinds.slack.settings,
  discord: kinds.discord.settings,
  pagerduty: kinds.pagerduty.settings,
}
export const notifierLabels: Readonly<Record<Type, string>> = {
  gcloudcx: kinds.gcloudcx.label,
  slack: kinds.slack.label,
  discord: kinds.discord.label,
  pagerduty: kinds.pagerduty.label,
}

/** The same with the vendors' hosts among the rules, for what validates settings with nothing but a schema. */
export function checkedNotifierSettings(options: { allowAnyHost: boolean }): Readonly<Record<Type, z.ZodObject>> {
  const checked = ({ settings, addressProblem }: OpenKind) =>
    settings.superRefine((given, context) => {
      const problem = addressProblem(given, options.allowAnyHost)
      if (problem !== undefined) context.addIssue({ code: 'custom', path: [problem.field], message: problem.detail })
    })
  return { gcloudcx: checked(kinds.gcloudcx), slack: checked(kinds.slack), discord: checked(kinds.discord), pagerduty: checked(kinds.pagerduty) }
}

/** Throws an ApiError (`invalid`, with the field) when valid settings do not lead to the vendor. This machine's loopback is always allowed. */
export function assertDestination(destination: { type: Type; settings: unknown }, options: { allowAnyHost: boolean }): void {
  const problem = kinds[destination.type].addressProblem(destination.settings, options.allowAnyHost)
  if (problem !== undefined) throw refused(problem)
}
function refused({ field, detail }: AddressProblem): ApiError {
  return new ApiError('invalid', `The notifier destination cannot be used: ${field} ${detail}.`, { fields: [{ pointer: `/settings/${field}`, detail }] })
}

/** Throws when the settings are not valid, or not allowed (any more). */
export function openDestination(document: Pick<NotifierDocument, 'id' | 'type' | 'settings'>, options: { allowAnyHost: boolean }): Destination {
  return kinds[document.type].open(document.id, document.type, document.settings, options.allowAnyHost)
}
