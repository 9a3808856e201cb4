import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context, HeaderFields, Reply, Webhook } from '../contract/index.ts'

const seconds = 600
const cookieName = 'um_oauth'

/**
 * Sends a browser to the platform's authorize page with a state that names the tenant, can be used once, and is known to this browser only.
 * `kept` (e.g. a PKCE verifier) comes back from `endOAuth`.
 */
export async function beginOAuth(desk: Context<unknown>, authorizeUrl: string, query: Readonly<Record<string, string>>, kept = ''): Promise<Reply> {
  const state = `${desk.tenant.id}.${randomBytes(24).toString('base64url')}`
  await desk.store.set(keyOf(state), JSON.stringify({ kept }), seconds)
  const cookie = `${cookieName}=${state}; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=${seconds}`
  const url = new URL(authorizeUrl)
  for (const [name, value] of Object.entries({ ...query, state })) url.searchParams.set(name, value)
  return { status: 302, headers: { location: url.href, 'set-cookie': cookie, 'cache-control': 'no-store' } }
}

/** The desk that the platform's answer is for. Nothing: the state is unknown, used, late, or another browser's. */
export async function endOAuth<V>({ query, headers }: Webhook, desks: readonly Context<V>[]): Promise<{ desk: Context<V>; kept: string } | undefined> {
  const state = query.get('state') ?? ''
  const desk = desks.find(({ tenant }) => tenant.id === state.split('.')[0])
  if (desk === undefined || !isSame(state, cookieOf(headers))) return undefined
  return desk.once(keyOf(state), 10, async () => {
    const stored = await desk.store.get(keyOf(state))
    await desk.store.delete(keyOf(state))
    return stored === undefined ? undefined : { desk, kept: (JSON.parse(stored) as { kept: string }).kept }
  })
}

function keyOf(state: string): string {
  return `oauth:${createHash('sha256').update(state).digest('base64url')}`
}
function cookieOf(headers: HeaderFields): string {
  const cookies = (headers.get('cookie') ?? '').split(/[;,]\s*/).map(cookie => cookie.split('='))
  return cookies.find(([name]) => name === cookieName)?.[1] ?? ''
}
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** For `code_challenge`: of a secret that whoever redeems the code must know (RFC 7636, S256), to be kept by `beginOAuth`. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
export function newVerifier(): string {
  return randomBytes(32).toString('base64url')
}
