import { type Authorization, present } from '../contract/index.ts'

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearer(token: string, expiresAt?: Date): Authorization {
  return { headers: { authorization: `Bearer ${token}` }, ...present({ expiresAt }) }
}
/** A header for an app that proves itself by its secret. https://www.rfc-editor.org/rfc/rfc7617 */
export function basic(name: string, secret: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` }
}
/** So many seconds from now. */
export function secondsFrom(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}
