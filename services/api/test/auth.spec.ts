import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, it } from '@jest/globals'
import jsonwebtoken from 'jsonwebtoken'
import type { AuditEntry } from '../src/audit/trail.ts'
import { type Attempts, perUser, type Subject, waitSeconds } from '../src/auth/attempts.ts'
import { bearerAuthentication, type RevokedTokens } from '../src/auth/bearer.ts'
import { ensureFirstAdministrator } from '../src/auth/first-administrator.ts'
import { passwordCheck } from '../src/auth/login.ts'
import { oneAtATime } from '../src/auth/one-at-a-time.ts'
import { hashPassword, verifyPassword } from '../src/auth/password-hash.ts'
import { installPassword } from '../src/auth/set-admin-password.ts'
import { passwordWeaknesses } from '../src/auth/strength.ts'
import { issueToken, readToken } from '../src/auth/token.ts'
import type { User, Users } from '../src/auth/users.ts'

const key = Buffer.alloc(32, 7)
const now = new Date('2026-02-03T04:05:06Z')
const strong = 'glacier-tundra-47-marmot'

function memoryUsers(...initial: User[]): Users & { all: Map<string, User> } {
  const all = new Map(initial.map(user => [user.name, user]))
  return {
    all,
    find: async name => all.get(name),
    create: async user => !all.has(user.name) && Boolean(all.set(user.name, user)),
    save: async user => void all.set(user.name, user),
    list: async () => [...all.values()],
  }
}
function memoryAttempts(): Attempts & { counts: Map<string, number> } {
  const counts = new Map<string, number>()
  const count = (subject: Subject) => counts.get(subject.name) ?? 0
  return {
    counts,
    assertFree: async subjects => {
      if (subjects.some(subject => waitSeconds(count(subject), subject.patience) > 0)) throw Object.assign(new Error('wait'), { code: 'tooMany' })
    },
    failed: async subjects => {
      for (const subject of subjects) counts.set(subject.name, count(subject) + 1)
      return subjects.filter(subject => waitSeconds(count(subject), subject.patience) > 0)
    },
    succeeded: async subject => void counts.delete(subject.name),
  }
}
async function user(password: string, more: Partial<User> = {}): Promise<User> {
  return { name: 'admin', hash: await hashPassword(password), origin: 'installed', changedAt: now.toISOString(), generation: 1, ...more }
}
const noLog = { warn: () => undefined, info: () => undefined } as never

describe('password hash', () => {
  it('verifies the password and no other', async () => {
    const hash = await hashPassword('pässword')

    expect(await verifyPassword('pässword', hash)).toBe(true)
    expect(await verifyPassword('pässworD', hash)).toBe(false)
  })

  it('is salted', async () => {
    expect(await hashPassword('a')).not.toBe(await hashPassword('a'))
  })

  it('takes composed and decomposed letters for the same', async () => {
    const hash = await hashPassword('p\u00e4ss')

    expect(await verifyPassword('pa\u0308ss', hash)).toBe(true)
  })

  it('verifies a hash made elsewhere with another cost', async () => {
    // Python: hashlib.scrypt(b'secret', salt=b'0123456789abcdef', n=1024, r=8, p=1, dklen=32)
    const hash = 'scrypt$1024$8$1$MDEyMzQ1Njc4OWFiY2RlZg$S7FwBvpu-z8K0PUVUagFRTUAB2dAxIZpzVHvLZir-98'

    expect(await verifyPassword('secret', hash)).toBe(true)
    expect(await verifyPassword('secret ', hash)).toBe(false)
  })

  it('is false for a hash that cannot be read', async () => {
    expect(await verifyPassword('a', 'md5$x')).toBe(false)
  })
})

describe('token', () => {
  const token = issueToken({ user: 'admin', generation: 2, key, lifetimeSeconds: 60, now })

  it('names user, generation and end', () => {
    const read = readToken(token, key, now)

    expect(read).toMatchObject({ user: 'admin', generation: 2, expiresAt: new Date('2026-02-03T04:06:06Z') })
  })

  it('is refused from its end on', () => {
    expect(() => readToken(token, key, new Date('2026-02-03T04:06:05Z'))).not.toThrow()
    expect(() => readToken(token, key, new Date('2026-02-03T04:06:06Z'))).toThrow(
      expect.objectContaining({ code: 'unauthenticated', message: 'The token has expired. Log in again.' }),
    )
  })

  it('is refused with another key', () => {
    expect(() => readToken(token, Buffer.alloc(32, 8), now)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })

  it('is refused when a letter of its signature differs', () => {
    const changed = token.replace(/.$/, last => (last === 'A' ? 'Q' : 'A'))

    expect(() => readToken(changed, key, now)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })

  it.each([
    ['no algorithm', { alg: 'none', typ: 'JWT' }, ''],
    ['HS512', { alg: 'HS512', typ: 'JWT' }, 'sha512'],
    ['an algorithm in other letters', { alg: 'hs256', typ: 'JWT' }, 'sha256'],
  ])('is refused with %s', (_name, header, hash) => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const payload = { sub: 'admin', jti: 'x', gen: 2, iss: 'universal-messaging', aud: 'universal-messaging/api', exp: now.getTime() / 1000 + 60 }
    const body = `${encode(header)}.${encode(payload)}`
    const forged = `${body}.${hash === '' ? '' : createHmac(hash, key).update(body).digest('base64url')}`

    expect(() => readToken(forged, key, now)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })

  it.each([
    ['issuer', { issuer: 'someone', audience: 'universal-messaging/api' }],
    ['audience', { issuer: 'universal-messaging', audience: 'something' }],
  ])('is refused from another %s', (_name, options) => {
    const foreign = jsonwebtoken.sign({ gen: 1, exp: now.getTime() / 1000 + 60, iat: now.getTime() / 1000 }, key, { subject: 'admin', jwtid: 'x', ...options })

    expect(() => readToken(foreign, key, now)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })

  it('is refused without an end', () => {
    const endless = jsonwebtoken.sign({ gen: 1 }, key, { subject: 'admin', jwtid: 'x', issuer: 'universal-messaging', audience: 'universal-messaging/api' })

    expect(() => readToken(endless, key, now)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })
})

describe('bearer authentication', () => {
  const revokedIds = new Set<string>()
  const revoked: RevokedTokens = { add: async id => void revokedIds.add(id), has: async id => revokedIds.has(id) }
  const token = issueToken({ user: 'admin', generation: 1, key, lifetimeSeconds: 60, now })

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('takes the scheme as %s', async scheme => {
    const authenticate = bearerAuthentication({ key, users: memoryUsers(await user('x')), revoked, now: () => now })

    const found = await authenticate(`${scheme} ${token}`)

    expect(found.user).toBe('admin')
  })

  it.each([undefined, '', 'Basic YTpi', 'Bearer', `Bearer ${'x'.repeat(10)}`, `Bearer a b`])('refuses %s', async header => {
    const authenticate = bearerAuthentication({ key, users: memoryUsers(await user('x')), revoked, now: () => now })

    await expect(authenticate(header)).rejects.toMatchObject({ code: 'unauthenticated', headers: { 'WWW-Authenticate': expect.stringContaining('Bearer') } })
  })

  it('refuses a token of an earlier password', async () => {
    const authenticate = bearerAuthentication({ key, users: memoryUsers(await user('x', { generation: 2 })), revoked, now: () => now })

    await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('refuses a token of a user that is gone', async () => {
    const authenticate = bearerAuthentication({ key, users: memoryUsers(), revoked, now: () => now })

    await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('refuses a token that was given back', async () => {
    const authenticate = bearerAuthentication({ key, users: memoryUsers(await user('x')), revoked, now: () => now })
    const { tokenId, tokenExpiresAt } = await authenticate(`Bearer ${token}`)
    await revoked.add(tokenId, tokenExpiresAt, now)

    await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('password check', () => {
  const recorded: AuditEntry[] = []
  const audit = { record: async (entry: AuditEntry) => void recorded.push(entry) }
  beforeEach(() => {
    recorded.length = 0
  })

  it('writes failures of users and every lock-out into the audit trail', async () => {
    const check = passwordCheck({ users: memoryUsers(await user('right')), attempts: memoryAttempts(), audit })
    for (let count = 0; count < 5; count++) await check('admin', 'wrong', '192.0.2.1').catch(() => undefined)

    const failed = { who: 'admin', address: '192.0.2.1', action: 'loginFailed' }
    const locked = { who: 'admin', address: '192.0.2.1', action: 'lockedOut', target: { collection: 'attempts', id: 'user:admin:192.0.2.1' } }
    expect(recorded).toEqual([...Array(5).fill(failed), locked])
  })

  it('writes nothing of names that nobody has, which may be passwords, until their address is locked out', async () => {
    const check = passwordCheck({ users: memoryUsers(), attempts: memoryAttempts(), audit })
    for (let count = 0; count < 50; count++) await check(`my password ${count}`, 'x', '192.0.2.1').catch(() => undefined)

    expect(recorded).toEqual([{ who: 'unknown', address: '192.0.2.1', action: 'lockedOut', target: { collection: 'attempts', id: 'address:192.0.2.1' } }])
  })

  it('makes a user wait at an address after the fifth failure there, even with the right password, and not elsewhere: strangers lock nobody out', async () => {
    const attempts = memoryAttempts()
    const check = passwordCheck({ users: memoryUsers(await user('right')), attempts, audit })
    for (let count = 0; count < 5; count++) await expect(check('admin', 'wrong', '192.0.2.1')).rejects.toMatchObject({ code: 'badCredentials' })

    await expect(check('admin', 'right', '192.0.2.1')).rejects.toMatchObject({ code: 'tooMany' })
    await expect(check('admin', 'right', '192.0.2.2')).resolves.toMatchObject({ name: 'admin' })
  })

  it('forgets failures of the user, not of the address, after a success', async () => {
    const attempts = memoryAttempts()
    const check = passwordCheck({ users: memoryUsers(await user('right')), attempts, audit })
    await expect(check('admin', 'wrong', '192.0.2.1')).rejects.toMatchObject({ code: 'badCredentials' })

    await check('admin', 'right', '192.0.2.1')

    expect(attempts.counts).toEqual(new Map([['address:192.0.2.1', 1]]))
  })

  it('sees the failures of attempts that came at the same time', async () => {
    const check = passwordCheck({ users: memoryUsers(await user('right')), attempts: memoryAttempts(), audit })

    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => check('admin', 'wrong', '192.0.2.1')))

    const codes = outcomes.map(outcome => (outcome.status === 'rejected' ? outcome.reason.code : 'in'))
    expect(codes).toEqual([...Array(5).fill('badCredentials'), ...Array(3).fill('tooMany')])
  })

  it('counts unknown users too', async () => {
    const attempts = memoryAttempts()
    const check = passwordCheck({ users: memoryUsers(), attempts, audit })

    await expect(check('ghost', 'x', '192.0.2.1')).rejects.toMatchObject({ code: 'badCredentials' })

    expect(attempts.counts.get('user:ghost')).toBe(1)
  })
})

describe('waitSeconds', () => {
  it('doubles from the fifth failure to a quarter of an hour', () => {
    expect([4, 5, 6, 7, 10, 11, 12, 1000].map(failures => waitSeconds(failures, perUser))).toEqual([0, 15, 30, 60, 480, 900, 900, 900])
  })
})

describe('oneAtATime', () => {
  it('runs in order, goes on after a failure, and refuses what is too much', async () => {
    const inTurn = oneAtATime(2)
    const seen: string[] = []
    const work = (name: string) => async () => {
      seen.push(`${name} begins`)
      await Promise.resolve()
      seen.push(`${name} ends`)
      if (name === 'a') throw new Error('a fails')
      return name
    }

    const outcomes = await Promise.allSettled([inTurn(work('a')), inTurn(work('b')), inTurn(work('c'))])

    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected'])
    expect(outcomes[2]).toMatchObject({ reason: { code: 'tooMany' } })
    await expect(inTurn(work('d'))).resolves.toBe('d')
  })
})

describe('password strength', () => {
  it('takes a strong one', async () => {
    expect(await passwordWeaknesses(strong, ['admin'], '/new')).toEqual([])
  })

  it("refuses the guide's own example, with advice", async () => {
    const errors = await passwordWeaknesses('S3cr3t', ['admin'], '/new')

    expect(errors[0]).toEqual({ pointer: '/new', detail: expect.stringMatching(/strength [012] of 4/) })
    expect(errors.length).toBeGreaterThan(1)
  })

  it("refuses what is built from the user's name", async () => {
    const errors = await passwordWeaknesses('marmotking1', ['marmotking'], '/new')

    expect(errors).not.toEqual([])
  })

  it('is quick with a very long one', async () => {
    const started = performance.now()

    await passwordWeaknesses('ab1!'.repeat(250), [], '/new')

    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('first administrator', () => {
  it('is made once, and never overwritten', async () => {
    const users = memoryUsers()

    await ensureFirstAdministrator({ users, name: 'admin', password: 'first', now, log: noLog })
    await ensureFirstAdministrator({ users, name: 'admin', password: 'second', now, log: noLog })

    expect(await verifyPassword('first', users.all.get('admin')?.hash ?? '')).toBe(true)
  })

  it('is not made without a password', async () => {
    const users = memoryUsers()

    await ensureFirstAdministrator({ users, name: 'admin', password: undefined, now, log: noLog })

    expect(users.all.size).toBe(0)
  })
})

describe('set-admin-password', () => {
  it('sets a strong password and voids earlier tokens', async () => {
    const users = memoryUsers(await user('old'))

    const outcome = await installPassword({ users, name: 'admin', password: strong, now })

    expect(outcome).toEqual({ ok: true, message: 'the password of "admin" is set' })
    expect(users.all.get('admin')).toMatchObject({ origin: 'installed', generation: 2 })
    expect(await verifyPassword(strong, users.all.get('admin')?.hash ?? '')).toBe(true)
  })

  it('refuses a weak one with the reason and changes nothing', async () => {
    const before = await user('old')
    const users = memoryUsers(before)

    const outcome = await installPassword({ users, name: 'admin', password: 'password1', now })

    expect(outcome).toEqual({ ok: false, message: expect.stringContaining('too easy to guess') })
    expect(users.all.get('admin')).toEqual(before)
  })

  it('keeps the password that the user has chosen since', async () => {
    const before = await user('chosen', { origin: 'changed' })
    const users = memoryUsers(before)

    const outcome = await installPassword({ users, name: 'admin', password: strong, now })

    expect(outcome.ok).toBe(true)
    expect(users.all.get('admin')).toEqual(before)
  })

  it('changes nothing when it is the same again, so that tokens stay valid', async () => {
    const before = await user(strong)
    const users = memoryUsers(before)

    await installPassword({ users, name: 'admin', password: strong, now })

    expect(users.all.get('admin')).toEqual(before)
  })

  it('fails without a password', async () => {
    expect(await installPassword({ users: memoryUsers(), name: 'admin', password: undefined, now })).toEqual({
      ok: false,
      message: 'ADMIN_PASSWORD is not set',
    })
  })
})
