import { basename, join } from 'node:path'
import { createLogger } from '@um/shared/log'
import { type LabEnvironment, readLabEnvironment } from './environment.ts'
import { startLab } from './lab.ts'
import { generousLimits, realLimits } from './simulators/telegram/index.ts'

function environmentOrExit(): LabEnvironment {
  try {
    return readLabEnvironment(process.env)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}

const environment = environmentOrExit()
const log = createLogger({ name: 'lab', level: environment.logLevel, flushMilliseconds: 0 })
const { simulatorPorts: ports } = environment

const lab = await startLab({
  host: environment.host,
  port: environment.port,
  ...(environment.publicHost === undefined ? {} : { publicHost: environment.publicHost }),
  platforms: { ...ports?.platforms, telegram: { limits: environment.telegramLimits === 'real' ? realLimits : generousLimits, ...ports?.platforms.telegram } },
  genesys: { requestsPerMinute: environment.genesysRequestsPerMinute, ...(ports === undefined ? {} : { port: ports.genesys }) },
  s3: ports === undefined ? {} : { port: ports.s3 },
  adminUser: environment.adminUser,
  ...(environment.gatewayUrl === undefined ? {} : { gatewayUrl: environment.gatewayUrl }),
  ...(environment.adminPassword === undefined ? {} : { adminPassword: environment.adminPassword }),
  ...(environment.rabbitUrl === undefined ? {} : { rabbitUrl: environment.rabbitUrl }),
  // bundled, the page lies beside the program; from source it is where the build puts it
  pageDirectory: basename(import.meta.dirname) === 'src' ? join(import.meta.dirname, '..', 'dist', 'page') : join(import.meta.dirname, 'page'),
  report: (error, what) => log.error({ err: error }, what),
})

log.info({ url: lab.url, simulators: Object.fromEntries(lab.info().simulators.map(({ id, url }) => [id, url])) }, 'the Lab is open')

let isClosing = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isClosing) return
    isClosing = true
    lab.close().then(
      () => process.exit(0),
      error => {
        log.error({ err: error }, 'the Lab did not close cleanly')
        process.exit(1)
      },
    )
  })
}
