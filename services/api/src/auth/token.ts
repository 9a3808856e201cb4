import { randomUUID } from 'node:crypto'
import { ApiError } from '@um/shared/errors'
import jsonwebtoken from 'jsonwebtoken'
import { z } from 'zod'

const issuer = 'universal-messaging'
const audience = 'universal-messaging/api'

const Claims = z.object({ sub: z.string().min(1), jti: z.string().min(1), exp: z.number(), gen: z.number() })
export interface Token {
  readonly user: string
  readonly id: string
  readonly expiresAt: Date
  /** of the user's password when the token was made */
  readonly generation: number
}

export function issueToken(options: { user: string; generation: number; key: Buffer; lifetimeSeconds: number; now: Date }): string {
  const iat = Math.floor(options.now.getTime() / 1000)
  return jsonwebtoken.sign({ iat, exp: iat + options.lifetimeSeconds, gen: options.generation }, options.key, {
    algorithm: 'HS256',
    subject: options.user,
    jwtid: randomUUID(),
    issuer,
    audience,
  })
}

/** Throws ApiError `unauthenticated`. The algorithm is ours to choose, never the token's (`alg: none`). */
export function readToken(text: string, key: Buffer, now: Date): Token {
  try {
    const claims = Claims.parse(jsonwebtoken.verify(text, key, { algorithms: ['HS256'], issuer, audience, clockTimestamp: Math.floor(now.getTime() / 1000) }))
    return { user: claims.sub, id: claims.jti, expiresAt: new Date(claims.exp * 1000), generation: claims.gen }
  } catch (error) {
    const expired = error instanceof jsonwebtoken.TokenExpiredError
    throw unauthenticated(expired ? 'The token has expired. Log in again.' : 'The token is not valid.', error)
  }
}

export function unauthenticated(detail: string, cause?: unknown): ApiError {
  return new ApiError('unauthenticated', detail, { cause, headers: { 'WWW-Authenticate': 'Bearer realm="Universal Messaging API"' } })
}
