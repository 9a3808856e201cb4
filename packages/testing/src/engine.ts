import { type RunningProcess, run } from './process.ts'

/** Where a server runs: as a child process of ours, or in a container. Everything that tests do to a server, but for what is special to its kind. */
export interface Engine {
  readonly host: string
  /** starts it for the first time or again, with the data it had; does not wait until it answers */
  start(): Promise<void>
  stop(): Promise<void>
  kill9(): Promise<void>
  /** it keeps its connections, and answers nothing */
  pause(): Promise<void>
  resume(): Promise<void>
  /** stops it for good and lets go of what it had outside its data folder */
  dispose(): Promise<void>
  isRunning(): Promise<boolean>
  /** the end of its log */
  tail(): Promise<string>
  /** empty in a container */
  pids(): number[]
  /** runs a command beside the server */
  exec(command: readonly string[], env?: Record<string, string>): Promise<string>
}

export function processEngine(launch: () => Promise<RunningProcess>, stopWithinMs: number): Engine {
  let current: RunningProcess | undefined

  async function stop(): Promise<void> {
    // a stopped process would not hear SIGTERM
    current?.signal('SIGCONT')
    await current?.stop({ withinMs: stopWithinMs })
  }

  return {
    host: '127.0.0.1',
    start: async () => {
      if (current?.isRunning()) return
      current = await launch()
    },
    stop,
    kill9: async () => {
      await current?.kill9()
    },
    pause: async () => current?.signal('SIGSTOP'),
    resume: async () => current?.signal('SIGCONT'),
    dispose: stop,
    isRunning: async () => current?.isRunning() ?? false,
    tail: async () => current?.tail() ?? '',
    pids: () => (current?.isRunning() ? [current.pid] : []),
    exec: async ([program = '', ...args], env = {}) => await run(program, args, { env }),
  }
}
