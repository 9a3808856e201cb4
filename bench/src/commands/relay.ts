import { startRabbit } from '@um/testing'
import { describeMachine, type Machine } from '../report/machine.ts'
import { median, type Spread, type Summary, spread } from '../statistics.ts'
import { startBare } from '../system/bare.ts'
import { roomyMiB } from '../system/image.ts'
import { usageOf } from '../system/process-usage.ts'
import { startRelay } from '../system/relay.ts'
import { cpuDuring, type Running } from '../system/running.ts'
import { startWorld, type World } from '../system/world.ts'
import type { Flow, Load, LoadResult } from '../world/protocol.ts'

export interface RelayBenchOptions {
  rounds: number
  seconds: number
  tenants: number
  guestsPerTenant: number
  inFlight: number
  /** messages per second of the first open load */
  rate: number
  /** what V8 is tuned for, in both systems */
  memoryMiB: number
  tell(line: string): void
}
export const usualRelayOptions = { rounds: 5, seconds: 15, tenants: 500, guestsPerTenant: 10, inFlight: 128, rate: 100, memoryMiB: roomyMiB }
export const quickRelayOptions = { rounds: 1, seconds: 3, tenants: 50, guestsPerTenant: 10, inFlight: 64, rate: 100, memoryMiB: roomyMiB }

export interface Measured {
  throughput: Spread
  p50: Spread
  p95: Spread
  p99: Spread
  /** CPU milliseconds per delivered message, by process */
  cpu: Record<string, number>
  sent: number
  delivered: number
  lost: number
  doubled: number
  refused: number
}
export interface RelayBench {
  what: 'relay'
  machine: Machine
  options: Omit<RelayBenchOptions, 'tell'>
  /** load → system → figures */
  loads: Record<string, Record<string, Measured>>
  halfRate: number
  /** highest resident KiB of each process since its start */
  peaks: Record<string, Record<string, number>>
}

/** The relay and the bare pipeline in turn, in one run, against the same platforms and the same generator. */
export async function benchRelay({ tell, ...options }: RelayBenchOptions): Promise<RelayBench> {
  await using cleanup = new AsyncDisposableStack()
  const machine = describeMachine()
  tell(`Starting RabbitMQ, the relay (${options.tenants} tenants) and the bare pipeline ...`)
  const broker = await startRabbit()
  cleanup.defer(broker.stop)
  const world = await startWorld({ tenants: options.tenants, guestsPerTenant: options.guestsPerTenant })
  cleanup.defer(() => world.stop())
  const relay = await startRelay({ broker, world, tenants: options.tenants, memoryMiB: options.memoryMiB })
  cleanup.defer(relay.stop)
  const bare = await startBare({ broker, world, memoryMiB: options.memoryMiB })
  cleanup.defer(bare.stop)
  const systems = [bare, relay]
  await warmUp(systems, world, options)

  const samples = new Map<string, Map<string, Sample[]>>()
  const measure = async (name: string, load: Load): Promise<void> => {
    for (let round = 0; round < options.rounds; round += 1) {
      // in turn first and second: whoever goes second finds a warmer machine
      for (const system of round % 2 === 0 ? systems : systems.toReversed()) {
        const sample = await once(system, world, load)
        const bySystem = samples.get(name) ?? new Map<string, Sample[]>()
        bySystem.set(system.name, [...(bySystem.get(system.name) ?? []), sample])
        samples.set(name, bySystem)
        tell(`  ${name}, round ${round + 1}, ${system.name}: ${said(sample.result)}`)
      }
    }
  }
  const { inFlight, seconds, rate } = options
  const flows: readonly Flow[] = ['toAgent', 'toGuest', 'both']
  for (const flow of flows) await measure(`closed ${flow}`, { kind: 'closed', flow, inFlight, seconds })
  await measure(`open ${rate}/s`, { kind: 'open', flow: 'both', rate, seconds })
  const halfRate = Math.round(median((samples.get('closed both')?.get('relay') ?? []).map(({ result }) => result.throughput)) / 2)
  await measure('open half', { kind: 'open', flow: 'both', rate: Math.max(halfRate, 1), seconds })

  return {
    what: 'relay',
    machine,
    options,
    loads: Object.fromEntries(
      [...samples].map(([name, bySystem]) => [name, Object.fromEntries([...bySystem].map(([system, taken]) => [system, summarized(taken)]))]),
    ),
    halfRate,
    peaks: Object.fromEntries(systems.map(system => [system.name, peaksOf(system)])),
  }
}

/** Each guest writes and is written to once before anything is measured: profiles, conversations and just-in-time compilation are there then. */
async function warmUp(systems: readonly Running[], world: World, { tenants, guestsPerTenant, seconds }: Omit<RelayBenchOptions, 'tell'>): Promise<void> {
  for (const system of systems) {
    await world.target(system.ports)
    await world.run({ kind: 'burst', flow: 'toAgent', messages: tenants * guestsPerTenant, drainSeconds: 120 })
    await world.run({ kind: 'closed', flow: 'both', inFlight: 32, seconds: Math.min(seconds, 5) })
  }
}

interface Sample {
  result: LoadResult
  cpu: Record<string, number>
}
async function once(system: Running, world: World, load: Load): Promise<Sample> {
  await world.target(system.ports)
  return cpuDuring(system, () => world.run(load))
}

function summarized(samples: readonly Sample[]): Measured {
  const of = (pick: (result: LoadResult) => number): Spread => spread(samples.map(({ result }) => pick(result)))
  const sum = (pick: (result: LoadResult) => number): number => samples.reduce((total, { result }) => total + pick(result), 0)
  const latency = (name: keyof Summary): Spread => of(result => result.latency[name])
  const delivered = sum(result => result.delivered)
  const names = Object.keys(samples[0]?.cpu ?? {})
  return {
    throughput: of(result => result.throughput),
    p50: latency('p50'),
    p95: latency('p95'),
    p99: latency('p99'),
    cpu: Object.fromEntries(names.map(name => [name, samples.reduce((total, { cpu }) => total + (cpu[name] ?? 0), 0) / delivered])),
    sent: sum(result => result.sent),
    delivered,
    lost: sum(result => result.lost),
    doubled: sum(result => result.doubled),
    refused: sum(result => result.refused),
  }
}

function peaksOf(system: Running): Record<string, number> {
  return Object.fromEntries([...system.processes].map(([name, pids]) => [name, Math.max(0, ...pids.map(pid => usageOf(pid)?.peakKiB ?? 0))]))
}

function said({ throughput, latency, lost, doubled }: LoadResult): string {
  const troubles = lost + doubled === 0 ? '' : `, ${lost} lost, ${doubled} doubled`
  return `${throughput.toFixed(0)}/s, p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms${troubles}`
}
