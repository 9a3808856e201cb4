import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@um/testing/eventually'

/**
 * Prints how large images are and how soon they live, at full speed and inside the guide's limits. Each image is started as the
 * chart starts it: under its own user, without capabilities, on a read-only root file system.
 *
 *   REDIS_URL=redis://... RABBITMQ_URL=amqp://... node packages/deployment/src/measure-images.ts gum/api:1.0.14 ...
 *
 * Needs root, buildah (which has the images) and util-linux, and a Redis and a RabbitMQ on this machine, whose network is shared.
 */
interface ImageConfiguration {
  readonly Entrypoint: readonly string[]
  readonly Env: readonly string[]
  readonly User: string
}

interface Limits {
  readonly title: string
  readonly cpuMilli?: number
  readonly memoryMebibytes?: number
}

const limits: readonly Limits[] = [{ title: 'no limit' }, { title: '50m, 64Mi', cpuMilli: 50, memoryMebibytes: 64 }]
const healthPort = 32_000
const giveUpAfterMs = 60_000

async function measure(image: string): Promise<void> {
  const container = command('buildah', 'from', '--pull-never', image)
  try {
    const root = command('buildah', 'mount', container)
    const megabytes = Number(command('du', '--summarize', '--bytes', root).split('\t')[0]) / 1e6
    console.log(`${image}: ${megabytes.toFixed(0)} MB`)
    const inspected = JSON.parse(command('buildah', 'inspect', '--type', 'image', image)) as { Docker: { config: ImageConfiguration } }
    for (const limit of limits) console.log(`  ${limit.title}: ${await start(root, inspected.Docker.config, limit)}`)
  } finally {
    command('buildah', 'rm', container)
  }
}

async function start(root: string, configuration: ImageConfiguration, limit: Limits): Promise<string> {
  const id = `measure-${process.pid}`
  const groups = makeGroups(id, limit)
  const began = performance.now()
  const child = spawn(
    '/usr/bin/unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', isolate(root, groups, configuration), 'sh', ...configuration.Entrypoint],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment(configuration), PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  try {
    while (performance.now() - began < giveUpAfterMs && child.exitCode === null) {
      if (await lives()) {
        const lived = performance.now() - began
        return `lives after ${(lived / 1000).toFixed(1)} s, ${await stop(child, ended)}`
      }
      await sleep(50)
    }
    return `never lived; its last words: ${
      output
        .trim()
        .split('\n')
        .find(line => line.includes('Error')) ?? output.trim().split('\n').at(-1)
    }`
  } finally {
    if (child.exitCode === null) signal(child, 'SIGKILL')
    await ended
    await eventually(() => {
      for (const group of groups) if (existsSync(group)) rmdirSync(group)
    })
  }
}

/** The program is the first process of its own namespace, the child of unshare; it would outlive a killed unshare. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  const inner = Number(command('pgrep', '--parent', String(child.pid)))
  if (inner > 1) process.kill(inner, name)
}

async function stop(child: ChildProcess, ended: Promise<number | null>): Promise<string> {
  const began = performance.now()
  signal(child, 'SIGTERM')
  const code = await ended
  return `ends ${((performance.now() - began) / 1000).toFixed(1)} s after SIGTERM with ${code}`
}

/** A shell script that does what a container runtime would: limits, a read-only root, a /tmp, another user, no way back to root. */
function isolate(root: string, groups: readonly string[], { User }: ImageConfiguration): string {
  return [
    ...groups.map(group => `echo $$ > ${group}/cgroup.procs`),
    `mount --bind ${root} ${root}`,
    `mount -o remount,bind,ro ${root}`,
    `mount -t tmpfs -o size=64m,mode=1777 tmpfs ${root}/tmp`,
    `exec setpriv --no-new-privs --inh-caps=-all chroot --userspec=${User} ${root} "$@"`,
  ].join('\n')
}

/** Control groups with the limits: one in the unified hierarchy, or one per controller where they are apart. */
function makeGroups(id: string, { cpuMilli, memoryMebibytes }: Limits): string[] {
  const apart = existsSync('/sys/fs/cgroup/memory')
  const bytes = memoryMebibytes === undefined ? undefined : String(memoryMebibytes * 2 ** 20)
  const quota = cpuMilli === undefined ? undefined : cpuMilli * 100
  const settings: [string, string, string | undefined][] = apart
    ? [
        ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes', bytes],
        ['/sys/fs/cgroup/cpu', 'cpu.cfs_quota_us', quota?.toString()],
      ]
    : [
        ['/sys/fs/cgroup', 'memory.max', bytes],
        ['/sys/fs/cgroup', 'cpu.max', quota === undefined ? undefined : `${quota} 100000`],
      ]
  for (const [parent, file, value] of settings) {
    mkdirSync(join(parent, id), { recursive: true })
    if (value !== undefined) writeFileSync(join(parent, id, file), value)
  }
  return [...new Set(settings.map(([parent]) => join(parent, id)))]
}

async function lives(): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${healthPort}/healthz/liveness`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

function environment(configuration: ImageConfiguration): Record<string, string> {
  const { REDIS_URL = '', RABBITMQ_URL = '', LOG_FLUSH_FREQUENCY = '' } = process.env
  const secrets = { SECRET_KEY: 'only-to-measure-the-start', INTERNAL_TOKEN: 'only-to-measure-the-start', ADMIN_PASSWORD: 'correct-horse-battery-staple' }
  const ofImage = Object.fromEntries(configuration.Env.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  return { ...ofImage, ...secrets, REDIS_URL, RABBITMQ_URL, LOG_FLUSH_FREQUENCY, HOST: '127.0.0.1', HEALTH_PORT: String(healthPort) }
}

function command(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' }).trim()
}

for (const image of process.argv.slice(2)) await measure(image)
