import { setTimeout as sleep } from 'node:timers/promises'
import { cpuOf, usageOf } from './process-usage.ts'

/** Something that takes webhooks at one end and calls platforms at the other: the relay, or the bare pipeline. */
export interface Running {
  readonly name: string
  /** ports of its webhooks, one for each replica */
  readonly ports: { telegram: readonly number[]; openmessaging: readonly number[] }
  /** its processes and the servers behind it, by what they are */
  readonly processes: ReadonlyMap<string, readonly number[]>
  stop(): Promise<void>
}

/** CPU time of each process over a piece of work. */
export async function cpuDuring<T>(running: Running, work: () => Promise<T>): Promise<{ result: T; cpu: Record<string, number> }> {
  const before = new Map([...running.processes].map(([name, pids]) => [name, cpuOf(pids)]))
  const result = await work()
  const cpu = Object.fromEntries([...running.processes].map(([name, pids]) => [name, cpuOf(pids) - (before.get(name) ?? 0)]))
  return { result, cpu }
}

export interface MemorySample {
  atSeconds: number
  /** anonymous KiB by process */
  anonymous: Record<string, number>
}

/** Looks at the memory every so often until it is stopped. */
export function watchMemory(running: Running, everyMilliseconds: number): { stop(): Promise<MemorySample[]> } {
  const samples: MemorySample[] = []
  const started = performance.now()
  const stopping = new AbortController()
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const anonymous = Object.fromEntries(
        [...running.processes].map(([name, pids]) => [name, pids.reduce((sum, pid) => sum + (usageOf(pid)?.anonymousKiB ?? 0), 0)]),
      )
      samples.push({ atSeconds: (performance.now() - started) / 1000, anonymous })
      await sleep(everyMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await watching
      return samples
    },
  }
}
