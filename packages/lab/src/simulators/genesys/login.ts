import { randomToken } from '../../kit/random.ts'
import { FixedWindow } from '../../kit/rate-limit.ts'
import { badToken, expiredToken, LoginError, noToken, tooManyRequests } from './errors.ts'
import type { AccessToken, World } from './world.ts'

/** `POST /oauth/token` with client credentials. */
export function logIn(world: World, authorization: string | undefined, form: URLSearchParams): object {
  const { id, secret } = readBasic(authorization)
  if (form.get('grant_type') !== 'client_credentials')
    throw new LoginError(400, 'unsupported_grant_type', 'only client_credentials is supported for this client')
  const known = world.clients.get(id)
  if (known === undefined ? !world.settings.acceptUnknownClients : known !== secret)
    throw new LoginError(401, 'invalid_client', 'client not found or secret wrong')
  const value = randomToken(40)
  const { tokenSeconds, requestsPerMinute } = world.settings
  world.tokens.set(value, {
    value,
    clientId: id,
    expiresAt: world.now() + tokenSeconds * 1000,
    revoked: false,
    window: new FixedWindow(requestsPerMinute, 60_000),
  })
  world.count('logins')
  return { access_token: value, token_type: 'bearer', expires_in: tokenSeconds }
}

function readBasic(authorization: string | undefined): { id: string; secret: string } {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1]
  const [id = '', ...rest] = encoded === undefined ? [] : Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const secret = rest.join(':')
  if (id === '' || secret === '') throw new LoginError(400, 'invalid_request', 'client credentials are missing')
  return { id, secret }
}

/** The token of an API call. Throws when it is missing, unknown, revoked or expired. */
export function authenticate(world: World, authorization: string | undefined): AccessToken {
  const value = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (value === undefined) throw noToken()
  const token = world.tokens.get(value)
  if (token === undefined || token.revoked) throw badToken()
  if (token.expiresAt <= world.now()) throw expiredToken()
  return token
}

/** Counts the call; throws 429 when the minute is used up. Returns the headers that tell how much is left. */
export function countRequest(world: World, token: AccessToken): Record<string, string> {
  const { allowed, count, resetMs } = token.window.take(world.now())
  const resetSeconds = Math.max(1, Math.ceil(resetMs / 1000))
  if (!allowed) {
    world.count('rateLimited')
    throw tooManyRequests(token.window.limit, resetSeconds)
  }
  return {
    'inin-ratelimit-count': String(count),
    'inin-ratelimit-allowed': String(token.window.limit),
    'inin-ratelimit-reset': String(resetSeconds),
  }
}
