import { ApiError } from '@um/shared/errors'
import { z } from 'zod'
import type { AuditTrail } from '../audit/trail.ts'
import { type Operation, operation } from '../http/operation.ts'
import type { RevokedTokens } from './bearer.ts'
import type { CheckPassword } from './login.ts'
import { hashPassword } from './password-hash.ts'
import { passwordWeaknesses } from './strength.ts'
import { issueToken } from './token.ts'
import type { User, Users } from './users.ts'

const Login = z.strictObject({ user: z.string().min(1).max(100), password: z.string().min(1).max(1000) })
const NewPassword = z.strictObject({ current: z.string().min(1).max(1000), new: z.string().min(1).max(1000) })
const Token = z.object({ type: z.literal('Bearer'), token: z.string() })
const Me = z.object({ user: z.string(), passwordChangedAt: z.iso.datetime(), tokenExpiresAt: z.iso.datetime() })

export function authOperations(options: {
  users: Users
  revoked: RevokedTokens
  checkPassword: CheckPassword
  audit: AuditTrail
  key: Buffer
  tokenLifetimeSeconds: number
  now: () => Date
}): Operation[] {
  const { users, revoked, checkPassword, audit, now } = options
  const tokenFor = (user: User) => ({
    type: 'Bearer' as const,
    token: issueToken({ user: user.name, generation: user.generation, key: options.key, lifetimeSeconds: options.tokenLifetimeSeconds, now: now() }),
  })
  const own = async (name: string): Promise<User> => {
    const user = await users.find(name)
    if (user === undefined) throw new ApiError('notFound', 'The user is gone.')
    return user
  }
  return [
    operation({
      id: 'login',
      method: 'POST',
      path: '/auth/login',
      tag: 'Authentication',
      summary: 'Log in',
      description: 'Gives the token that all other operations want. Repeated failures make the user name and the address wait.',
      access: 'public',
      body: Login,
      bodyExample: { user: 'admin', password: 's3cr3t' },
      answers: { 200: { description: 'The token.', schema: Token } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'badCredentials', 'tooMany'],
      async handle({ body, address }) {
        const user = await checkPassword(body.user, body.password, address)
        await audit.record({ who: user.name, address, action: 'login' })
        return { status: 200, body: tokenFor(user) }
      },
    }),
    operation({
      id: 'refreshToken',
      method: 'POST',
      path: '/auth/refresh',
      tag: 'Authentication',
      summary: 'Get a fresh token',
      description: 'Gives a new token with a full lifetime for one that is still valid. The old one stays valid until its own end.',
      access: 'administrator',
      answers: { 200: { description: 'The token.', schema: Token } },
      problems: [],
      async handle({ administrator }) {
        return { status: 200, body: tokenFor(await own(administrator.user)) }
      },
    }),
    operation({
      id: 'logout',
      method: 'POST',
      path: '/auth/logout',
      tag: 'Authentication',
      summary: 'Log out',
      description: 'The token of this request is refused from now on.',
      access: 'administrator',
      answers: { 204: { description: 'Done.' } },
      problems: [],
      async handle({ administrator, address }) {
        await revoked.add(administrator.tokenId, administrator.tokenExpiresAt, now())
        await audit.record({ who: administrator.user, address, action: 'logout' })
        return { status: 204 }
      },
    }),
    operation({
      id: 'changePassword',
      method: 'PUT',
      path: '/auth/password',
      tag: 'Authentication',
      summary: 'Change your password',
      description: 'The new one must reach strength 3 of 4 (zxcvbn). All earlier tokens become void; the answer holds a new one.',
      access: 'administrator',
      body: NewPassword,
      answers: { 200: { description: 'Changed; go on with this token.', schema: Token } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'tooMany'],
      async handle({ body, administrator, address }) {
        const user = await checkPassword(administrator.user, body.current, address).catch(error => {
          if (!(error instanceof ApiError) || error.code !== 'badCredentials') throw error
          throw new ApiError('invalid', 'See errors.', { fields: [{ pointer: '/current', detail: 'is not your password' }] })
        })
        const weaknesses = await passwordWeaknesses(body.new, [user.name], '/new')
        if (weaknesses.length > 0) throw new ApiError('invalid', 'See errors.', { fields: weaknesses })
        const changed: User = {
          ...user,
          hash: await hashPassword(body.new),
          origin: 'changed',
          changedAt: now().toISOString(),
          generation: user.generation + 1,
        }
        await users.save(changed)
        await audit.record({ who: user.name, address, action: 'changePassword' })
        return { status: 200, body: tokenFor(changed) }
      },
    }),
    operation({
      id: 'whoAmI',
      method: 'GET',
      path: '/auth/me',
      tag: 'Authentication',
      summary: 'Who am I?',
      access: 'administrator',
      answers: { 200: { description: 'The user of this token.', schema: Me } },
      problems: [],
      async handle({ administrator }) {
        const user = await own(administrator.user)
        return { status: 200, body: { user: user.name, passwordChangedAt: user.changedAt, tokenExpiresAt: administrator.tokenExpiresAt.toISOString() } }
      },
    }),
  ]
}
