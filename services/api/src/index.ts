import { createLogger } from '@um/shared/log'
import { readEnvironment, runService } from '@um/shared/service'
import { setAdminPassword } from './auth/set-admin-password.ts'
import { readApiEnvironment } from './environment.ts'
import { apiService } from './service.ts'

/** `set-admin-password` is the installation's job; without an argument this is the service. */
if (process.argv[2] === 'set-admin-password') {
  process.exitCode = await command()
} else {
  await service()
}

async function service(): Promise<void> {
  try {
    await runService(apiService(readApiEnvironment(process.env)))
  } catch (error) {
    process.stderr.write(`api: ${messageOf(error)}\n`)
    process.exitCode = 1
  }
}

async function command(): Promise<number> {
  try {
    const environment = readEnvironment()
    const log = createLogger({ name: 'set-admin-password', level: environment.logLevel, flushMilliseconds: 0, destination: 2 })
    const { ok, message } = await setAdminPassword(environment, log, 60_000)
    process.stdout.write(`${message}\n`)
    return ok ? 0 : 1
  } catch (error) {
    process.stderr.write(`set-admin-password: ${messageOf(error)}\n`)
    return 1
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
