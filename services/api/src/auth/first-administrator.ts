import type { Logger } from '@um/shared/log'
import { hashPassword } from './password-hash.ts'
import { passwordWeaknesses } from './strength.ts'
import type { Users } from './users.ts'

/**
 * The administrator that the deployer named, if there is none yet. A weak password is taken with a warning: the deployer may be trying things out, and the
 * installer's own command (`set-admin-password`) refuses it.
 */
export async function ensureFirstAdministrator(options: { users: Users; name: string; password: string | undefined; now: Date; log: Logger }): Promise<void> {
  const { users, name, password, log } = options
  if ((await users.find(name)) !== undefined) return
  if (password === undefined) {
    log.warn({ user: name }, 'there is no administrator yet: give ADMIN_PASSWORD, or run the command set-admin-password')
    return
  }
  const weaknesses = await passwordWeaknesses(password, [name], '/password')
  if (weaknesses.length > 0) log.warn({ user: name }, "the administrator's password is easy to guess: change it")
  const created = await users.create({ name, hash: await hashPassword(password), origin: 'installed', changedAt: options.now.toISOString(), generation: 1 })
  if (created) log.info({ user: name }, 'administrator created')
}
