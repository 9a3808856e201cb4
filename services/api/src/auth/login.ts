import { ApiError } from '@um/shared/errors'
import type { AuditTrail } from '../audit/trail.ts'
import { type Attempts, perAddress, perUser, perUserEverywhere } from './attempts.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'
import type { User, Users } from './users.ts'

/** Checks name and password, slowly and with a memory for failures. Throws ApiError `badCredentials` or `tooMany`. */
export type CheckPassword = (name: string, password: string, address: string) => Promise<User>

export function passwordCheck(options: { users: Users; attempts: Attempts; audit: Pick<AuditTrail, 'record'> }): CheckPassword {
  const inTurn = oneAtATime(32)
  let decoy: Promise<string> | undefined
  return (name, password, address) =>
    inTurn(async () => {
      const user = { name: `user:${name}:${address}`, patience: perUser }
      const everywhere = { name: `user:${name}`, patience: perUserEverywhere }
      const subjects = [user, everywhere, { name: `address:${address}`, patience: perAddress }]
      await options.attempts.assertFree(subjects)
      const found = await options.users.find(name)
      // an unknown name takes as long as a wrong password
      decoy ??= hashPassword('no password has this hash')
      const matches = await verifyPassword(password, found?.hash ?? (await decoy))
      if (!matches || found === undefined) {
        const locked = await options.attempts.failed(subjects)
        // names that nobody has are not told: people type their passwords there, and strangers would fill the trail
        const who = found?.name ?? 'unknown'
        if (found !== undefined) await options.audit.record({ who, address, action: 'loginFailed' })
        for (const { name: id } of locked.filter(subject => (subject !== user && subject !== everywhere) || found !== undefined))
          await options.audit.record({ who, address, action: 'lockedOut', target: { collection: 'attempts', id } })
        throw new ApiError('badCredentials', 'The user name or the password is wrong.')
      }
      await options.attempts.succeeded(user)
      await options.attempts.succeeded(everywhere)
      return found
    })
}
