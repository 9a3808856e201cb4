import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, eventually, type Fleet, type RunningProcess, startProcess } from '@um/testing'

export interface LabPlace {
  root: string
  port: number
  /** of the first simulator; the others follow */
  simulators: number
  password: string
  logs: string
  fleet: Fleet
}
export interface Lab {
  stop(): Promise<void>
}

/** Starts the Lab and waits until it shows its page. What dies is started again, with a line for people. */
export async function startLab(place: LabPlace, tell: (line: string) => void, signal: AbortSignal): Promise<Lab> {
  const stopping = new AbortController()
  let current = await launch(place, signal)

  async function watch(): Promise<void> {
    for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 15_000)) {
      const exit = await current.exited
      if (stopping.signal.aborted) return
      tell(`the Lab ended with ${describe(exit)}; starting it again`)
      try {
        await sleep(pauseMs, undefined, { signal: stopping.signal })
        current = await launch(place, stopping.signal)
        pauseMs = 500
      } catch (error) {
        if (!stopping.signal.aborted) tell(error instanceof Error ? error.message : String(error))
      }
    }
  }
  const watching = watch()
  return {
    stop: async () => {
      stopping.abort(new Error('stopped'))
      await current.stop()
      await watching
    },
  }
}

async function launch({ root, port, simulators, password, logs, fleet }: LabPlace, signal: AbortSignal): Promise<RunningProcess> {
  const started = await startProcess(process.execPath, [join(root, 'packages/lab/dist/main.mjs')], {
    name: 'the Lab',
    env: {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      LAB_PORT: String(port),
      SIM_PORTS_BASE: String(simulators),
      GATEWAY_URL: fleet.publicUrl,
      ADMIN_USER: fleet.admin.user,
      ADMIN_PASSWORD: password,
      RABBITMQ_URL: fleet.broker.url,
    },
    logFile: join(logs, 'lab.log'),
  })
  const shows = async (): Promise<boolean> => !started.isRunning() || (await fetch(`http://127.0.0.1:${port}/`)).ok
  try {
    await eventually(shows, { withinMs: 30_000, what: 'the Lab being ready', signal })
    if (!started.isRunning()) throw new Error(`the Lab ended with ${describe(await started.exited)} while it started`)
    return started
  } catch (error) {
    await started.stop()
    if (signal.aborted) throw error
    throw new Error(`${error instanceof Error ? error.message : error}; its log ends with\n${started.tail(20)}`, { cause: error })
  }
}
