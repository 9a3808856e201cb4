import type { Logger } from '@um/shared/log'
import { createRedis, whenReady } from '@um/shared/redis'
import type { Environment } from '@um/shared/service'
import { hashPassword, verifyPassword } from './password-hash.ts'
import { passwordWeaknesses } from './strength.ts'
import { redisUsers, type Users } from './users.ts'

export type Outcome = { ok: true; message: string } | { ok: false; message: string }

/** The installation's command: gives the administrator the password of the installation, unless the administrator has chosen another since. */
export async function installPassword(options: { users: Users; name: string; password: string | undefined; now: Date }): Promise<Outcome> {
  const { users, name, password } = options
  if (password === undefined) return { ok: false, message: 'ADMIN_PASSWORD is not set' }
  const user = await users.find(name)
  if (user?.origin === 'changed') return { ok: true, message: `the password of "${name}" was changed by its user and stays as it is` }
  const weaknesses = await passwordWeaknesses(password, [name], '/password')
  if (weaknesses.length > 0) return { ok: false, message: `ADMIN_PASSWORD ${weaknesses.map(({ detail }) => detail).join('. ')}` }
  if (user !== undefined && (await verifyPassword(password, user.hash))) return { ok: true, message: `the password of "${name}" is that one already` }
  await users.save({
    name,
    hash: await hashPassword(password),
    origin: 'installed',
    changedAt: options.now.toISOString(),
    generation: (user?.generation ?? 0) + 1,
  })
  return { ok: true, message: `the password of "${name}" is set` }
}

/** The same as a process: one line, and 0 or 1 to exit with. */
export async function setAdminPassword(environment: Environment, log: Logger, waitMilliseconds: number): Promise<Outcome> {
  const redis = createRedis(environment.redisUrl, log)
  try {
    await whenReady(redis, AbortSignal.timeout(waitMilliseconds))
    return await installPassword({ users: redisUsers(redis), name: environment.adminUser, password: environment.adminPassword, now: new Date() })
  } catch {
    return { ok: false, message: 'Redis does not answer' }
  } finally {
    redis.disconnect()
  }
}
