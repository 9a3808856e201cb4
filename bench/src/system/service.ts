import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, type RabbitServer, type RedisServer, type Replica } from '@um/testing'
import { replicaEnvironment } from '@um/testing/fleet-environment'
import { replicaOf } from '@um/testing/replica'
import { repository } from '@um/testing/repository'
import { type Cgroup, inside } from './cgroup.ts'
import { containerFlags, type Program, readRuntime } from './image.ts'

export const secrets = { key: 'bench-secret-key-0123456789', token: 'bench-internal-token-0123456789', servers: 'bench' }

export interface ServiceOptions {
  service: string
  number?: number
  broker: RabbitServer
  redis: RedisServer | undefined
  /** base URLs of other services */
  serviceUrls?: ReadonlyMap<string, string>
  env?: Record<string, string>
  cgroup?: Cgroup | undefined
  /** default: this Node, and the bundle where it was built */
  program?: Program
  /** what V8 is tuned for; default 64 */
  memoryMiB?: number
  /** more for Node, e.g. --cpu-prof */
  flags?: readonly string[]
}

/** One process of a service, as it runs in its image: bundled, with the flags of the image. Not started yet. */
export async function serviceProcess(options: ServiceOptions): Promise<Replica> {
  const { service, number = 0, broker, redis, program } = options
  const place = { port: await freePort(), healthPort: await freePort() }
  const logs = join(repository, '.cache/bench/logs')
  mkdirSync(logs, { recursive: true })
  const env = replicaEnvironment(
    {
      publicUrl: 'http://127.0.0.1',
      serviceUrls: options.serviceUrls ?? new Map(),
      secrets,
      admin: { user: 'admin', password: 'correct-horse-battery-staple' },
      env: {
        LOG_FLUSH_FREQUENCY: '1s',
        ...readRuntime().environment,
        ...(program === undefined ? {} : { NODE_COMPILE_CACHE: program.compileCache }),
        ...options.env,
      },
    },
    { service, number, ...place, redisUrl: redis?.url, rabbitUrl: broker.url },
  )
  const bundle = program?.bundle ?? join(repository, 'services', service, 'dist/main.mjs')
  const command = inside(options.cgroup, [program?.node ?? process.execPath, ...containerFlags(options.memoryMiB ?? 64), ...(options.flags ?? []), bundle])
  return replicaOf({ service, number, ...place, env, cwd: repository, command, logFile: join(logs, `${process.pid}-${service}-${number}.log`) })
}

export function portOf(replica: Replica): number {
  return Number(new URL(replica.url).port)
}
export function pidOf(replica: Replica): number {
  return replica.process()?.pid ?? 0
}

/** A metric of a service, summed over its series; 0 while it cannot be asked. */
export async function metricOf(replica: Replica, name: string): Promise<number> {
  try {
    const text = await (await fetch(`${replica.healthUrl}/metrics`, { signal: AbortSignal.timeout(20_000) })).text()
    return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0)
  } catch {
    return 0
  }
}

export async function waitUntil(check: () => Promise<boolean> | boolean, what: string, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s`)
    await sleep(200)
  }
}
