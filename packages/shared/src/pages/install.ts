import { CallFailed, type Context, type Reply, type Webhook } from '../contract/index.ts'
import { messagePage } from './html.ts'
import { endOAuth } from './oauth.ts'

/** What the platform has sent a browser back with. */
export interface ComeBack<V> {
  desk: Context<V>
  /** '' when the platform gives none, although nobody has cancelled */
  code: string
  /** what `beginOAuth` was given to keep */
  kept: string
}

/**
 * The way back from the platform's authorize page (RFC 6749, 4.1.2): a page for whoever began somewhere else, for whoever does not want to, and for a platform that
 * refuses. `settle` redeems the code, keeps what it gets, and gives the page of success. `what`: for the log, 'a workspace could not be registered'.
 */
export async function finishOAuth<V>(hook: Webhook, desks: readonly Context<V>[], what: string, settle: (back: ComeBack<V>) => Promise<Reply>): Promise<Reply> {
  const begun = await endOAuth(hook, desks)
  if (begun === undefined) return messagePage(400, 'Please start again', 'This registration has expired, or was begun in another browser.')
  if (hook.query.has('error')) return messagePage(200, 'Cancelled', 'The permission was not given. Nothing was changed.')
  try {
    return await settle({ ...begun, code: hook.query.get('code') ?? '' })
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    begun.desk.log.warn({ why: error.failure.why }, what)
    return messagePage(502, 'Not connected', `It has failed (${error.failure.why}). Please try again, or tell whoever sent you here.`)
  }
}

/** The tenant that people have named, by its identifier. */
export function deskOf<V>(customer: string | undefined | null, desks: readonly Context<V>[]): Context<V> | undefined {
  const id = customer?.trim().toLowerCase()
  return desks.find(({ tenant }) => tenant.id === id)
}
/** The same words for what is not known and what is switched off: nobody learns who is a customer here. */
export function unknownDesk(): Reply {
  return messagePage(404, 'Not found', 'This is not known here. Please check it with whoever gave it to you.')
}
