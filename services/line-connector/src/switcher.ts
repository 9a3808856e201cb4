import { CallFailed } from '@um/shared/contract'
import { z } from 'zod'
import type { Ctx } from './definition.ts'
import { e164, hashed, isPhone, userOf } from './phone.ts'

/** https://developers.line.biz/en/docs/partner-docs/ has no page on it: the form comes from those who use it, hence the settings. */
export async function switchUser(guest: string, to: string | undefined, ctx: Ctx): Promise<void> {
  const { settings } = ctx.tenant
  const destinationId = to ?? settings.switcherDestinationId
  if (!settings.switcherEnabled || settings.switcherSecret === undefined || destinationId === undefined)
    throw new CallFailed({ kind: 'content', why: 'the switcher is off' })
  const who = await addressee(guest, ctx)
  const headers = {
    'X-Line-SwitcherSecret': settings.switcherSecret,
    ...(settings.switcherServiceCode === undefined ? {} : { 'X-Line-ServiceCode': settings.switcherServiceCode }),
  }
  await ctx.http.call({ method: 'POST', path: settings.switcherPath, headers, json: { destinationId, ...who } }, z.unknown())
}
async function addressee(guest: string, ctx: Ctx): Promise<Record<string, string>> {
  const { settings } = ctx.tenant
  if (!isPhone(guest)) return { [{ C: 'groupId', R: 'roomId' }[guest.charAt(0)] ?? 'userId']: guest }
  const phone = e164(guest, settings)
  const user = phone === undefined ? undefined : await userOf(phone, ctx)
  if (user !== undefined) return { userId: user }
  if (phone !== undefined && settings.pnpEnabled) return { [settings.switcherPhoneField]: hashed(phone) }
  throw new CallFailed({ kind: 'recipient', code: 'unknownGuest', why: 'no LINE user is known for this' })
}
