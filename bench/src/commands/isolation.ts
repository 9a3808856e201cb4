import { startRabbit } from '@um/testing'
import { describeMachine, type Machine } from '../report/machine.ts'
import { median } from '../statistics.ts'
import { roomyMiB } from '../system/image.ts'
import { startRelay } from '../system/relay.ts'
import { startWorld } from '../system/world.ts'
import type { LoadResult } from '../world/protocol.ts'

export interface IsolationOptions {
  minutes: number
  rate: number
  tenants: number
  tell(line: string): void
}
export const usualIsolationOptions = { minutes: 2, rate: 100, tenants: 100 }
export const quickIsolationOptions = { minutes: 0.1, rate: 50, tenants: 20 }

export interface IsolationBench {
  what: 'isolation'
  machine: Machine
  options: Omit<IsolationOptions, 'tell'>
  before: LoadResult
  during: LoadResult
  after: LoadResult
  /** of the p99 of the others, against the mean of before and after: 0.2 is 20 % more */
  p99Change: number
}

/** One tenant whose platforms never answer: what do the other tenants notice? The same load before, meanwhile, and afterwards. */
export async function benchIsolation({ tell, ...options }: IsolationOptions): Promise<IsolationBench> {
  const { minutes, rate, tenants } = options
  await using cleanup = new AsyncDisposableStack()
  const machine = describeMachine()
  const broker = await startRabbit()
  cleanup.defer(broker.stop)
  const world = await startWorld({ tenants, guestsPerTenant: 20 })
  cleanup.defer(() => world.stop())
  const relay = await startRelay({ broker, world, tenants, memoryMiB: roomyMiB })
  cleanup.defer(relay.stop)
  await world.target(relay.ports)
  const hung = 0
  const load = { kind: 'open', flow: 'both', rate, seconds: minutes * 60, except: hung } as const
  await world.run({ ...load, seconds: Math.min(30, minutes * 60) })
  const run = async (name: string): Promise<LoadResult> => {
    const result = await world.run(load)
    tell(`  ${name}: p50 ${result.latency.p50.toFixed(1)} ms, p99 ${result.latency.p99.toFixed(1)} ms, ${result.lost} lost`)
    return result
  }
  const before = await run('all well')
  await world.hang(hung)
  const during = await run('one tenant hangs')
  await world.hang(null)
  const after = await run('all well again')
  const p99Change = minuteP99(during) / ((minuteP99(before) + minuteP99(after)) / 2) - 1
  tell(`p99 of the others changes by ${(p99Change * 100).toFixed(1)} %`)
  return { what: 'isolation', machine, options, before, during, after, p99Change }
}

/** The middle of the minutes' p99: one hiccup of the machine should not decide. */
function minuteP99({ minutes, latency }: LoadResult): number {
  const whole = minutes.filter(({ delivered }) => delivered > 0).map(({ p99 }) => p99)
  return whole.length >= 3 ? median(whole) : latency.p99
}
