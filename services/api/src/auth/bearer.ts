import type { Redis } from '@um/shared/redis'
import type { Administrator } from '../http/operation.ts'
import { readToken, unauthenticated } from './token.ts'
import type { Users } from './users.ts'

/** Tokens that were given back before their end. */
export interface RevokedTokens {
  add(id: string, until: Date, now: Date): Promise<void>
  has(id: string): Promise<boolean>
}
export function redisRevokedTokens(redis: Redis): RevokedTokens {
  const keyOf = (id: string) => `token:revoked:${id}`
  return {
    async add(id, until, now) {
      const seconds = Math.ceil((until.getTime() - now.getTime()) / 1000)
      if (seconds > 0) await redis.set(keyOf(id), '1', 'EX', seconds)
    },
    async has(id) {
      return (await redis.exists(keyOf(id))) === 1
    },
  }
}

/** Who the header `Authorization: bearer <token>` stands for; the scheme's case does not matter (RFC 9110). Throws ApiError `unauthenticated`. */
export function bearerAuthentication(options: { key: Buffer; users: Users; revoked: RevokedTokens; now: () => Date }) {
  return async (authorization: string | undefined): Promise<Administrator> => {
    const text = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    if (text === undefined) throw unauthenticated('Log in at /api/v1/auth/login and send the token as "Authorization: Bearer <token>".')
    const token = readToken(text, options.key, options.now())
    const [user, isRevoked] = await Promise.all([options.users.find(token.user), options.revoked.has(token.id)])
    if (isRevoked || user === undefined) throw unauthenticated('The token is not valid any more. Log in again.')
    if (user.generation !== token.generation) throw unauthenticated('The password has been changed since. Log in again.')
    return { user: user.name, tokenId: token.id, tokenExpiresAt: token.expiresAt }
  }
}
