import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Fleet, isFree, provideAll, run, startFleet } from '@um/testing'
import { generatedSecrets } from '@um/testing/fleet-environment'
import { platformIds } from '../packages/lab/src/platforms.ts'
import { type Credentials, keptCredentials } from './start/kept.ts'
import { type Lab, startLab } from './start/lab.ts'
import { help, readOptions, type StartSettings, strongPassword } from './start/options.ts'

/** `npm start`: builds, brings RabbitMQ and Redis, starts the fleet behind one gateway and the Lab beside it, and stops all of it again. */
const root = join(import.meta.dirname, '..')
const labSimulators = platformIds.length + 2

const settings = readSettings()
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(new Error('stopped')))

let fleet: Fleet | undefined
let lab: Lab | undefined
try {
  await begin(settings)
} catch (error) {
  if (!stopping.signal.aborted) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
} finally {
  if (stopping.signal.aborted) tell('\nStopping ...')
  await lab?.stop().catch(() => undefined)
  await fleet?.stop()
  tell('Everything has been stopped.')
}
process.exit()

function readSettings(): StartSettings {
  try {
    const read = readOptions(process.argv.slice(2), process.env)
    if (read !== 'help') return read
    process.stdout.write(help)
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    process.exit(2)
  }
}

async function begin({ host, services, replicas, withLab, keep, env, ...wanted }: StartSettings): Promise<void> {
  await provideAll(['redis', 'rabbitmq'], tell)
  const port = await chosenPort(wanted.port, 8080, host, 'PORT')
  const labPort = withLab ? await chosenPort(wanted.labPort, 8090, '127.0.0.1', 'LAB_PORT') : 0
  const simulators = withLab ? await freeRange(labPort + 1, labSimulators) : 0
  const fresh: Credentials = { secrets: generatedSecrets(), adminPassword: wanted.adminPassword ?? strongPassword() }
  const dataDir = join(root, '.dev', 'data')
  const { secrets, adminPassword: password } = keep ? keptCredentials(join(dataDir, 'credentials.json'), fresh) : fresh
  const logs = join(root, '.dev', 'logs', new Date().toISOString().replaceAll(/[:.]/g, '-'))
  mkdirSync(logs, { recursive: true })
  if (withLab) await build()

  tell('Starting RabbitMQ, Redis and the services ...')
  const labUrl = `http://127.0.0.1:${labPort}`
  const labHosts = withLab ? [labPort, ...Array.from({ length: labSimulators }, (_, index) => simulators + index)].map(each => `127.0.0.1:${each}`) : []
  fleet = await startFleet({
    admin: { user: 'admin', password },
    ...(services === undefined ? {} : { services }),
    replicas,
    gateway: { host, port, links: withLab ? [{ label: 'The Lab', href: labUrl }] : [] },
    reviveAndTell: tell,
    logDir: logs,
    secrets,
    ...(keep ? { dataDir } : {}),
    env: { ...env, ALLOWED_PRIVATE_HOSTS: [...labHosts, env.ALLOWED_PRIVATE_HOSTS].filter(each => each !== undefined && each !== '').join(',') },
    signal: stopping.signal,
  })
  if (withLab) lab = await startLab({ root, port: labPort, simulators, password, logs, fleet }, tell, stopping.signal)
  tell(`
  Web site   ${fleet.publicUrl}
  REST API   ${fleet.publicUrl}/api/v1/openapi-ui
  Login      admin / ${password}${withLab ? `\n  The Lab    ${labUrl}` : ''}
  Logs       ${relative(process.cwd(), logs)}

  ${withLab ? 'Write a message on the phone in the Lab, and answer it at the desk. ' : ''}Ctrl-C stops everything.
`)
  await new Promise<void>(resolve => {
    if (stopping.signal.aborted) resolve()
    stopping.signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function build(): Promise<void> {
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'scripts/build.ts'), '--quiet'], { cwd: root })
}

/** The port that was asked for, or nothing else; without a wish the usual one, or the next that is free. */
async function chosenPort(asked: number | undefined, usual: number, host: string, name: string): Promise<number> {
  if (asked !== undefined) {
    if (asked === 0 || (await isFree(asked, host))) return asked
    throw new Error(`${name}=${asked} is in use by another program. Choose another one, or leave ${name} out.`)
  }
  const free = await freeRange(usual, 1)
  if (free !== usual) tell(`Port ${usual} is in use, taking ${free} instead.`)
  return free
}
async function freeRange(from: number, count: number): Promise<number> {
  for (let first = from; first < 65_000; first += 1) {
    const states = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)))
    if (states.every(Boolean)) return first
  }
  throw new Error('no free port was found')
}
function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
