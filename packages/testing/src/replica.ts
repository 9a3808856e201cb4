import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from './eventually.ts'
import { describe, type Exit, type RunningProcess, startProcess } from './process.ts'

export interface ReplicaFacts {
  service: string
  /** counted from 0 */
  number: number
  command: readonly [string, ...string[]]
  env: Record<string, string>
  cwd: string
  logFile: string
  port: number
  healthPort: number
}
export interface Replica {
  readonly service: string
  readonly number: number
  /** for people: 'telegram-connector (replica 2)' */
  readonly name: string
  readonly url: string
  readonly healthUrl: string
  /** the running or last process; undefined before the first start */
  process(): RunningProcess | undefined
  isReady(): Promise<boolean>
  /** returns when it is ready; throws with the end of its log when it is not in time, or ends */
  start(options?: { withinMs?: number; signal?: AbortSignal }): Promise<void>
  /** SIGTERM, and SIGKILL after 30 s. A drain in good order ends with code 0 and was not `killed`. */
  stop(): Promise<(Exit & { killed: boolean }) | undefined>
  kill9(): Promise<void>
  /** all that it has written since the first start */
  logs(): string
}

/** One process of a service. It has the same ports each time it is started. */
export function replicaOf(facts: ReplicaFacts, onDeath?: (replica: Replica, exit: Exit) => void): Replica {
  const healthUrl = `http://127.0.0.1:${facts.healthPort}`
  const name = facts.number === 0 ? facts.service : `${facts.service} (replica ${facts.number + 1})`
  let current: RunningProcess | undefined
  let wanted = false

  async function isReady(): Promise<boolean> {
    try {
      const answer = await fetch(`${healthUrl}/healthz/readiness`, { signal: AbortSignal.timeout(2_000) })
      await answer.arrayBuffer()
      return answer.ok
    } catch {
      return false
    }
  }

  async function untilReady(started: RunningProcess, withinMs: number, signal: AbortSignal | undefined): Promise<void> {
    const what = `${name} being ready`
    try {
      await eventually(async () => !started.isRunning() || (await isReady()), { withinMs, everyMs: 50, what, ...(signal && { signal }) })
    } catch (error) {
      if (signal?.aborted) throw error
      throw new Error(`${error instanceof Error ? error.message : error}; its log ends with\n${started.tail(30)}`, { cause: error })
    }
    if (!started.isRunning()) throw new Error(`${name} ended with ${describe(await started.exited)} while it started; its log ends with\n${started.tail(30)}`)
  }

  const replica: Replica = {
    service: facts.service,
    number: facts.number,
    name,
    url: `http://127.0.0.1:${facts.port}`,
    healthUrl,
    process: () => current,
    isReady,
    start: async ({ withinMs = 60_000, signal } = {}) => {
      if (current?.isRunning()) return
      wanted = true
      const [program, ...args] = facts.command
      const started = await startProcess(program, args, { name, env: facts.env, cwd: facts.cwd, logFile: facts.logFile })
      current = started
      await untilReady(started, withinMs, signal)
      void started.exited.then(exit => {
        if (wanted && started === current) onDeath?.(replica, exit)
      })
    },
    stop: async () => {
      wanted = false
      return await current?.stop({ withinMs: 30_000 })
    },
    kill9: async () => {
      await current?.kill9()
    },
    logs: () => current?.output() ?? '',
  }
  return replica
}

/** Starts a replica that died again, with growing pauses, until it stays or `signal` says enough. */
export async function revive(replica: Replica, tell: (line: string) => void, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 500; !signal.aborted; pauseMs = Math.min(pauseMs * 2, 15_000)) {
    try {
      await sleep(pauseMs, undefined, { signal })
      await replica.start({ signal })
      return
    } catch (error) {
      if (signal.aborted) return
      tell(error instanceof Error ? error.message : String(error))
      await replica.stop()
    }
  }
}
