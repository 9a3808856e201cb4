import { createHash, timingSafeEqual } from 'node:crypto'
import { ApiError } from '@um/shared/errors'
import type { Tenant } from '@um/shared/settings'
import type { AuditTrail } from '../audit/trail.ts'
import { type Attempts, perAddress } from '../auth/attempts.ts'
import type { Authenticate } from '../http/router.ts'

/** Lets in whom the tenant lets in: everybody, or those with its user name and password; and administrators. Throws ApiError. */
export type AdmitCaller = (tenant: Tenant, authorization: string | undefined, address: string) => Promise<void>

export function tenantAccess(options: { authenticate: Authenticate; attempts: Attempts; audit: Pick<AuditTrail, 'record'> }): AdmitCaller {
  return async (tenant, authorization, address) => {
    if (tenant.authentication.type === 'none') return
    if (/^bearer /i.test(authorization ?? '')) {
      await options.authenticate(authorization)
      return
    }
    const { username, password } = tenant.authentication
    // by address too: a stranger must not be able to lock an IVR out
    const subjects = [{ name: `ivr:${tenant.id}:${address}`, patience: perAddress }]
    await options.attempts.assertFree(subjects)
    if (authorization !== undefined && isSame(basicCredentials(authorization), `${username}:${password}`)) return
    const locked = authorization === undefined ? [] : await options.attempts.failed(subjects)
    const target = { collection: 'tenants', id: tenant.id, name: tenant.name }
    if (locked.length > 0) await options.audit.record({ who: 'ivr', address, action: 'lockedOut', target })
    throw new ApiError('unauthenticated', "Send the tenant's user name and password (Basic).", {
      headers: { 'WWW-Authenticate': 'Basic realm="Universal Messaging", charset="UTF-8"' },
    })
  }
}

/** RFC 7617; empty when the header is something else. */
function basicCredentials(authorization: string): string {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization)?.[1]
  return encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
}

/** Digests have one length, so that no time tells anything of the right ones. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
