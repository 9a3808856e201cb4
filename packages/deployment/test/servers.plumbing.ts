import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing/eventually'
import { freePort } from '@um/testing/ports'
import { isMap } from '../src/values-file.ts'
import { at, find, install } from './look.ts'

/** The start scripts of the chart's ConfigMaps, run as they are on this machine's servers; only folders and ports differ. */
const objects = install()
let folder: string
let running: ChildProcess | undefined
let mapper: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'servers-'))
})

afterEach(async () => {
  await stop()
  mapper?.kill()
  mapper = undefined
  rmSync(folder, { recursive: true, force: true })
})

describe('Redis', () => {
  it.each(['simple', 'with "quotes", \\back\\slashes and $igns'])('starts with the password %s, and asks for it', async password => {
    const port = await freePort()
    layOut('prod-api-redis-master', text =>
      text
        .replaceAll('/etc/redis', folder)
        .replaceAll('/run/redis', join(folder, 'run'))
        .replace('dir /data', `dir ${folder}/data`)
        .replace('port 6379', `port ${port}`),
    )

    start({ REDISCLI_AUTH: password })

    await eventually(() => expect(redis(port, password, 'ping')).toBe('PONG'))
    expect(redis(port, 'wrong', 'ping')).not.toBe('PONG')
    expect(redis(port, password, 'config', 'get', 'appendonly')).toBe('appendonly\nyes')
  })
})

describe('RabbitMQ', () => {
  it('honours a changed password at its next start, and keeps what it holds', async () => {
    const port = await freePort()
    const environment = layOutRabbitmq(port, await freePort(), await freePort())
    // Otherwise RabbitMQ would leave a port mapper of its own behind.
    mapper = spawn('epmd', ['-address', '127.0.0.1', '-port', environment.ERL_EPMD_PORT ?? ''], { stdio: 'ignore' })

    start({ ...environment, RABBITMQ_PASSWORD: 'first "one"' })
    await eventually(() => isUp(environment), { withinMs: 60_000, everyMs: 500 })
    ctl(environment, 'add_vhost', 'kept')
    const firstAccepted = accepts(environment, 'first "one"')
    await stop()
    start({ ...environment, RABBITMQ_PASSWORD: 'second' })
    await eventually(() => isUp(environment), { withinMs: 60_000, everyMs: 500 })

    expect(firstAccepted).toBe(true)
    expect(accepts(environment, 'second')).toBe(true)
    expect(accepts(environment, 'first "one"')).toBe(false)
    expect(ctl(environment, 'list_vhosts', '--silent').split('\n').sort()).toEqual(expect.arrayContaining(['/', 'kept']))
    expect(ctl(environment, 'list_permissions', '--silent')).toMatch(/^user\s+\.\*\s+\.\*\s+\.\*$/m)
  }, 180_000)
})

function layOut(name: string, adapt: (text: string) => string): void {
  mkdirSync(join(folder, 'run'))
  mkdirSync(join(folder, 'data'))
  const files = at(find(objects, `ConfigMap/${name}`), 'data')
  if (!isMap(files)) throw new Error(`${name} has no files`)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), adapt(String(text)))
}

function layOutRabbitmq(port: number, distribution: number, mapperPort: number): Record<string, string> {
  layOut('prod-rabbitmq', text =>
    text
      .replaceAll('/run/rabbitmq', join(folder, 'run'))
      .replace('= 5672', `= ${port}`)
      // This machine may have fewer applications installed; the image has both.
      .replace('[rabbitmq_management,rabbitmq_prometheus]', '[]')
      .replace(/^(management|prometheus)\.tcp\.port.*$/gm, ''),
  )
  return {
    HOME: join(folder, 'data'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_NODENAME: `chart${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(mapperPort),
    RABBITMQ_USER: 'user',
    RABBITMQ_VHOST: '/',
    ERLANG_COOKIE: 'cookie',
    NOFILES: '1024',
  }
}

function start(environment: Record<string, string>): void {
  running = spawn('sh', [join(folder, 'start.sh')], { env: { PATH: `/usr/lib/rabbitmq/bin:${process.env.PATH}`, ...environment }, stdio: 'ignore' })
}

async function stop(): Promise<void> {
  const child = running
  running = undefined
  if (child === undefined || child.exitCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

function redis(port: number, password: string, ...words: string[]): string {
  return execFileSync('redis-cli', ['-p', String(port), ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, REDISCLI_AUTH: password },
  }).trim()
}

function ctl(environment: Record<string, string>, ...words: string[]): string {
  const node = environment.RABBITMQ_NODENAME ?? ''
  return execFileSync('/usr/lib/rabbitmq/bin/rabbitmqctl', ['-n', node, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: environment.HOME, ERL_EPMD_PORT: environment.ERL_EPMD_PORT },
  }).trim()
}

function isUp(environment: Record<string, string>): boolean {
  ctl(environment, 'await_startup', '--timeout', '1')
  return true
}

function accepts(environment: Record<string, string>, password: string): boolean {
  try {
    ctl(environment, 'authenticate_user', 'user', password)
    return true
  } catch {
    return false
  }
}
