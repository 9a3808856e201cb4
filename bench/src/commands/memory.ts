import { setTimeout as sleep } from 'node:timers/promises'
import { startRabbit, startRedis } from '@um/testing'
import { describeMachine, type Machine } from '../report/machine.ts'
import { type Slope, slope } from '../statistics.ts'
import { type Cgroups, type CgroupUsage, findCgroups } from '../system/cgroup.ts'
import { limitsOf } from '../system/guide-limits.ts'
import { layOut, type PageCache } from '../system/image.ts'
import { usageOf } from '../system/process-usage.ts'
import { startRelay } from '../system/relay.ts'
import { type MemorySample, watchMemory } from '../system/running.ts'
import { seedConfiguration } from '../system/seed.ts'
import { pidOf, serviceProcess } from '../system/service.ts'
import { startWorld } from '../system/world.ts'
import type { LoadResult } from '../world/protocol.ts'

export interface MemoryBenchOptions {
  services: readonly string[]
  idleSeconds: number
  minutes: number
  rate: number
  tenants: number
  /** who is charged for the pages of Node's program; see `PageCache` */
  pageCache: PageCache
  tell(line: string): void
}
export const usualMemoryOptions = {
  services: ['telegram-connector', 'gcloudcx-connector', 'api', 'aws-provider'],
  idleSeconds: 30,
  minutes: 30,
  rate: 200,
  tenants: 200,
  pageCache: 'own' as PageCache,
}
export const quickMemoryOptions = { services: ['telegram-connector'], idleSeconds: 2, minutes: 0.1, rate: 50, tenants: 20, pageCache: 'shared' as PageCache }

export interface StartMeasured {
  limits: { cpuMillicores: number; memoryMiB: number }
  /** from the start of the process until it says that it is ready */
  readySeconds: number
  /** CPU time that this took */
  startCpuMilliseconds: number
  idle: CgroupUsage
  /** not ready in time, or ended */
  died: boolean
}
export interface Soak {
  minutes: number
  rate: number
  sent: number
  delivered: number
  lost: number
  doubled: number
  latency: LoadResult['latency']
  p99PerMinute: number[]
  /** by process, KiB of anonymous memory per minute, after the first fifth of the time */
  slopes: Record<string, Slope>
  lastAnonymousKiB: Record<string, number>
  peaks: Record<string, CgroupUsage>
}
export interface MemoryBench {
  what: 'memory'
  machine: Machine
  /** why there are no control groups; then the starts are left out */
  skipped?: string
  pageCache: PageCache
  starts: Record<string, StartMeasured>
  soak: Soak | null
}

export async function benchMemory({ tell, ...options }: MemoryBenchOptions): Promise<MemoryBench> {
  const machine = describeMachine()
  const cgroups = findCgroups()
  const starts: Record<string, StartMeasured> = {}
  if (typeof cgroups === 'string') tell(`skipped: memory in control groups (${cgroups})`)
  else {
    for (const service of options.services) {
      const measured = await measureStart(service, cgroups, options)
      starts[service] = measured
      tell(
        measured.died
          ? `${service}: not ready within ${readyWithinSeconds} s at ${measured.limits.cpuMillicores}m and ${measured.limits.memoryMiB} MiB (limit met ${measured.idle.limitHits} times, ${measured.idle.oomKills} killed)`
          : `${service}: ready after ${measured.readySeconds.toFixed(1)} s at ${measured.limits.cpuMillicores}m (${measured.startCpuMilliseconds.toFixed(0)} ms of CPU); idle ${mib(measured.idle.anonymousBytes)} anonymous + ${mib(measured.idle.fileBytes)} file, peak ${mib(measured.idle.peakBytes)}, limit met ${measured.idle.limitHits} times`,
      )
    }
  }
  const soaked = options.minutes > 0 ? await soak(options, cgroups, tell) : null
  return { what: 'memory', machine, pageCache: options.pageCache, ...(typeof cgroups === 'string' ? { skipped: cgroups } : {}), starts, soak: soaked }
}

/** A container that is not ready by then would have been restarted by any probe. */
const readyWithinSeconds = 180

/** One service at its limits, with RabbitMQ and its Redis outside of them. */
async function measureStart(service: string, cgroups: Cgroups, { idleSeconds, pageCache }: Omit<MemoryBenchOptions, 'tell'>): Promise<StartMeasured> {
  await using cleanup = new AsyncDisposableStack()
  const limits = limitsOf(service)
  const [broker, redis] = await Promise.all([startRabbit(), startRedis()])
  cleanup.defer(broker.stop)
  cleanup.defer(redis.stop)
  // nobody is at these addresses: a tenant that cannot be registered is no load
  await seedConfiguration(redis, 1, { telegram: 'http://127.0.0.1:9', genesys: 'http://127.0.0.1:9', s3: 'http://127.0.0.1:9' })
  const program = await layOut(service, limits.memoryMiB, pageCache)
  const cgroup = cgroups.create(service, limits)
  cleanup.defer(cgroup.remove)
  const replica = await serviceProcess({ service, broker, redis, cgroup, program, memoryMiB: limits.memoryMiB })
  cleanup.defer(async () => void (await replica.stop()))
  const started = performance.now()
  try {
    await replica.start({ withinMs: readyWithinSeconds * 1000 })
  } catch {
    return { limits, readySeconds: Number.NaN, startCpuMilliseconds: Number.NaN, idle: cgroup.usage(), died: true }
  }
  const readySeconds = (performance.now() - started) / 1000
  const startCpuMilliseconds = usageOf(pidOf(replica))?.cpuMilliseconds ?? Number.NaN
  await sleep(idleSeconds * 1000)
  const idle = cgroup.usage()
  return { limits, readySeconds, startCpuMilliseconds, idle, died: !(replica.process()?.isRunning() ?? false) }
}

/** The relay for long at an even rate, at the guide's memory but with the CPU it wants: does its memory grow, does its p99? */
async function soak(
  { minutes, rate, tenants }: Omit<MemoryBenchOptions, 'tell'>,
  cgroups: ReturnType<typeof findCgroups>,
  tell: (line: string) => void,
): Promise<Soak> {
  await using cleanup = new AsyncDisposableStack()
  tell(`Soak: ${rate} messages per second for ${minutes} minutes ...`)
  const broker = await startRabbit()
  cleanup.defer(broker.stop)
  const world = await startWorld({ tenants, guestsPerTenant: 20 })
  cleanup.defer(() => world.stop())
  const groups = new Map(
    typeof cgroups === 'string'
      ? []
      : ['telegram-connector', 'gcloudcx-connector'].map(service => [service, cgroups.create(`soak-${service}`, { memoryMiB: limitsOf(service).memoryMiB })]),
  )
  for (const group of groups.values()) cleanup.defer(group.remove)
  const relay = await startRelay({ broker, world, tenants, cgroupOf: service => groups.get(service) })
  cleanup.defer(relay.stop)
  await world.target(relay.ports)
  const memory = watchMemory(relay, 5000)
  const result = await world.run({ kind: 'open', flow: 'both', rate, seconds: minutes * 60 })
  const samples = await memory.stop()
  const slopes = slopesOf(samples)
  for (const [name, { perUnit, low, high }] of Object.entries(slopes))
    tell(`  ${name}: ${perUnit.toFixed(1)} KiB per minute (95 %: ${low.toFixed(1)} to ${high.toFixed(1)})`)
  for (const [index, minute] of result.minutes.entries()) tell(`  minute ${index + 1}: p99 ${minute.p99.toFixed(1)} ms, ${minute.delivered} delivered`)
  return {
    minutes,
    rate,
    sent: result.sent,
    delivered: result.delivered,
    lost: result.lost,
    doubled: result.doubled,
    latency: result.latency,
    p99PerMinute: result.minutes.map(({ p99 }) => p99),
    slopes,
    lastAnonymousKiB: samples.at(-1)?.anonymous ?? {},
    peaks: Object.fromEntries([...groups].map(([service, group]) => [service, group.usage()])),
  }
}

const stretchSeconds = 30
/** Means of half minutes: longer than a garbage collector's cycle. The first fifth is left out: caches fill, code is compiled. */
export function slopesOf(samples: readonly MemorySample[]): Record<string, Slope> {
  const end = samples.at(-1)?.atSeconds ?? 0
  const names = Object.keys(samples.at(-1)?.anonymous ?? {}).filter(name => name.includes('connector') && !name.startsWith('redis'))
  const kept = samples.filter(({ atSeconds }) => atSeconds >= end / 5)
  return Object.fromEntries(
    names.map(name => {
      const stretches = Map.groupBy(kept, ({ atSeconds }) => Math.floor(atSeconds / Math.min(stretchSeconds, Math.max(end / 10, 1))))
      const points = [...stretches.values()].map(
        group =>
          [
            group.reduce((sum, { atSeconds }) => sum + atSeconds, 0) / group.length / 60,
            group.reduce((sum, { anonymous }) => sum + (anonymous[name] ?? 0), 0) / group.length,
          ] as const,
      )
      return [name, slope(points)]
    }),
  )
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
