import { setTimeout as sleep } from 'node:timers/promises'
import { startRabbit } from '@um/testing'
import { describeMachine, type Machine } from '../report/machine.ts'
import { type Cgroup, findCgroups } from '../system/cgroup.ts'
import { guideLimits } from '../system/guide-limits.ts'
import { usageOf } from '../system/process-usage.ts'
import { connectors, type Relay, startRelay } from '../system/relay.ts'
import { cpuDuring } from '../system/running.ts'
import { seedGuests } from '../system/seed.ts'
import { metricOf } from '../system/service.ts'
import { startWorld } from '../system/world.ts'

export interface ScaleOptions {
  tenants: readonly number[]
  guests: number
  replicas: readonly number[]
  seconds: number
  /** a single bot may send 30 a second: all counts of tenants are compared at a rate below that */
  rate: number
  tell(line: string): void
}
export const usualScaleOptions = { tenants: [1, 100, 1000], guests: 1_000_000, replicas: [1, 2, 4, 8], seconds: 60, rate: 25 }
export const quickScaleOptions = { tenants: [1, 10], guests: 10_000, replicas: [1, 2], seconds: 3, rate: 20 }

export interface CostMeasured {
  tenants: number
  /** known to each connector before the run */
  guests: number
  delivered: number
  lost: number
  p50: number
  p99: number
  /** CPU milliseconds per message by process, less what it costs to do nothing for as long */
  perMessage: Record<string, number>
  /** CPU milliseconds per second of doing nothing */
  idle: Record<string, number>
  anonymousKiB: Record<string, number>
  redisBytes: Record<string, number>
}
export interface ReplicasMeasured {
  replicas: number
  throughput: number
  p50: number
  p99: number
  delivered: number
  lost: number
  doubled: number
  /** lanes of each replica */
  lanes: Record<string, number[]>
  perMessage: Record<string, number>
}
export interface ScaleBench {
  what: 'scale'
  machine: Machine
  options: Omit<ScaleOptions, 'tell'>
  costs: CostMeasured[]
  skipped?: string
  replicas: ReplicasMeasured[]
}

export async function benchScale({ tell, ...options }: ScaleOptions): Promise<ScaleBench> {
  const machine = describeMachine()
  const costs: CostMeasured[] = []
  for (const tenants of options.tenants) costs.push(await cost(tenants, 0, options, tell))
  costs.push(await cost(options.tenants.at(-2) ?? 1, options.guests, options, tell))
  const cgroups = findCgroups()
  const replicas: ReplicasMeasured[] = []
  if (typeof cgroups === 'string') tell(`skipped: replicas at ${guideLimits.cpuMillicores}m (${cgroups})`)
  else for (const count of options.replicas) replicas.push(await withReplicas(count, cgroups.create, options.seconds, tell))
  return { what: 'scale', machine, options, costs, ...(typeof cgroups === 'string' ? { skipped: cgroups } : {}), replicas }
}

async function cost(tenants: number, guests: number, { seconds, rate }: Omit<ScaleOptions, 'tell'>, tell: (line: string) => void): Promise<CostMeasured> {
  await using cleanup = new AsyncDisposableStack()
  const broker = await startRabbit()
  cleanup.defer(broker.stop)
  const world = await startWorld({ tenants, guestsPerTenant: Math.max(1, Math.ceil(200 / tenants)) })
  cleanup.defer(() => world.stop())
  const redisBytes: Record<string, number> = {}
  const relay = await startRelay({
    broker,
    world,
    tenants,
    seed: async (service, redis) => {
      if (guests > 0) redisBytes[service] = (await seedGuests(redis, guests, tenants)).after
    },
  })
  cleanup.defer(relay.stop)
  await world.target(relay.ports)
  await world.run({ kind: 'open', flow: 'toGuest', rate, seconds: Math.min(seconds, 20) })
  const resting = await cpuDuring(relay, () => sleep(seconds * 500))
  const idle = Object.fromEntries(Object.entries(resting.cpu).map(([name, milliseconds]) => [name, milliseconds / (seconds / 2)]))
  const { result, cpu } = await cpuDuring(relay, () => world.run({ kind: 'open', flow: 'toGuest', rate, seconds }))
  const perMessage = Object.fromEntries(
    Object.entries(cpu).map(([name, milliseconds]) => [name, (milliseconds - (idle[name] ?? 0) * seconds) / result.delivered]),
  )
  const anonymousKiB = Object.fromEntries(
    [...relay.processes].map(([name, pids]) => [name, pids.reduce((sum, pid) => sum + (usageOf(pid)?.anonymousKiB ?? 0), 0)]),
  )
  tell(
    `${tenants} tenants${guests > 0 ? `, ${guests} known guests` : ''}: ${costLine(perMessage)} per message, p50 ${result.latency.p50.toFixed(1)} ms, p99 ${result.latency.p99.toFixed(1)} ms`,
  )
  return {
    tenants,
    guests,
    delivered: result.delivered,
    lost: result.lost,
    p50: result.latency.p50,
    p99: result.latency.p99,
    perMessage,
    idle,
    anonymousKiB,
    redisBytes,
  }
}

async function withReplicas(
  count: number,
  create: (name: string, limits: typeof guideLimits) => Cgroup,
  seconds: number,
  tell: (line: string) => void,
): Promise<ReplicasMeasured> {
  await using cleanup = new AsyncDisposableStack()
  const tenants = 50
  const broker = await startRabbit()
  cleanup.defer(broker.stop)
  const world = await startWorld({ tenants, guestsPerTenant: 20 })
  cleanup.defer(() => world.stop())
  const relay = await startRelay({
    broker,
    world,
    tenants,
    replicas: count,
    readyWithinSeconds: 600,
    registeredWithinSeconds: 600,
    cgroupOf: (service, number) => {
      const group = create(`${service}-${number}`, guideLimits)
      cleanup.defer(group.remove)
      return group
    },
  })
  cleanup.defer(relay.stop)
  await world.target(relay.ports)
  await world.run({ kind: 'closed', flow: 'both', inFlight: 8 * count, seconds: seconds / 2, drainSeconds: 120 })
  const { result, cpu } = await cpuDuring(relay, () => world.run({ kind: 'closed', flow: 'both', inFlight: 8 * count, seconds, drainSeconds: 120 }))
  const measured = {
    replicas: count,
    throughput: result.throughput,
    p50: result.latency.p50,
    p99: result.latency.p99,
    delivered: result.delivered,
    lost: result.lost,
    doubled: result.doubled,
    lanes: await lanesOf(relay),
    perMessage: Object.fromEntries(Object.entries(cpu).map(([name, milliseconds]) => [name, milliseconds / result.delivered])),
  }
  tell(
    `${count} replicas at ${guideLimits.cpuMillicores}m each: ${result.throughput.toFixed(1)}/s, p50 ${result.latency.p50.toFixed(0)} ms; lanes ${JSON.stringify(measured.lanes)}`,
  )
  return measured
}

async function lanesOf(relay: Relay): Promise<Record<string, number[]>> {
  const entries = connectors.map(async service => [service, await Promise.all(relay.replicas(service).map(replica => metricOf(replica, 'um_lanes')))] as const)
  return Object.fromEntries(await Promise.all(entries))
}
function costLine(perMessage: Record<string, number>): string {
  return Object.entries(perMessage)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(2)} ms`)
    .join(', ')
}
