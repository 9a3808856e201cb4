import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface StartOptions {
  /** the whole environment of the child: nothing is inherited unasked */
  env: Record<string, string>
  /** standard output and error go here, appended */
  logFile: string
  cwd?: string
  /** said in errors; default: the command */
  name?: string
}
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}
export interface RunningProcess {
  readonly name: string
  readonly pid: number
  readonly exited: Promise<Exit>
  isRunning(): boolean
  /** all that it has said, from the log file */
  output(): string
  /** the last lines of that */
  tail(lines?: number): string
  signal(signal: NodeJS.Signals): void
  /** SIGTERM, and SIGKILL after the deadline. `killed` tells whether that was needed. */
  stop(options?: { withinMs?: number }): Promise<Exit & { killed: boolean }>
  /** SIGKILL to the process and all its children; returns when it is gone */
  kill9(): Promise<Exit>
}

/**
 * Starts a program in a process group of its own (a Ctrl-C at the terminal reaches only us, so that we decide in which order things end).
 * Where the system can (Linux), it is killed when this process dies, however it dies.
 */
export async function startProcess(command: string, args: readonly string[], options: StartOptions): Promise<RunningProcess> {
  const name = options.name ?? command
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'a', 0o600)
  try {
    const [program, ...rest] = tiedToUs([command, ...args])
    const child = spawn(program, rest, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', log, log] })
    return await supervised(child, name, options.logFile)
  } finally {
    closeSync(log)
  }
}

/** Runs a program to its end. Throws with its output when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; withinMs?: number } = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.withinMs ?? 60_000,
    killSignal: 'SIGKILL',
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', chunk => chunks.push(chunk))
  child.stderr.on('data', chunk => chunks.push(chunk))
  const { code, signal } = await new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }))
  })
  const output = Buffer.concat(chunks).toString('utf8')
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ''} ended with ${describe({ code, signal })}:\n${lastLines(output, 30)}`)
  return output
}

/** Also a process of somebody else is alive. One that has ended, and that its parent has not asked about yet, is not. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // not `instanceof Error`: under Jest the system's errors are of another realm
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM'
  }
  return process.platform !== 'linux' || !hasEnded(pid)
}

/** proc(5): the state is the first field after the program's name in parentheses; Z is a zombie. */
function hasEnded(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return /^\) [ZX]/.test(status.slice(status.lastIndexOf(')')))
  } catch {
    // gone in between
    return true
  }
}

export function describe(exit: Exit): string {
  return exit.signal === null ? `code ${exit.code}` : exit.signal
}

const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(path => process.platform === 'linux' && existsSync(path))

function tiedToUs(command: [string, ...string[]]): [string, ...string[]] {
  return setpriv === undefined ? command : [setpriv, '--pdeathsig', 'KILL', '--', ...command]
}

async function supervised(child: ChildProcess, name: string, logFile: string): Promise<RunningProcess> {
  let ended = false
  const exited = new Promise<Exit>(resolve => {
    child.once('exit', (code, signal) => {
      ended = true
      resolve({ code, signal })
    })
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', error => reject(new Error(`${name} cannot be started: ${error.message}`, { cause: error })))
  })
  const pid = child.pid
  if (pid === undefined) throw new Error(`${name} has no process id`)

  const kill9 = async (): Promise<Exit> => {
    if (!ended) killGroup(pid)
    return await exited
  }
  const output = (): string => readFileSync(logFile, 'utf8')

  return {
    name,
    pid,
    exited,
    isRunning: () => !ended,
    output,
    tail: (lines = 40) => lastLines(output(), lines),
    signal: signal => {
      if (!ended) process.kill(pid, signal)
    },
    kill9,
    stop: async ({ withinMs = 10_000 } = {}) => {
      if (ended) return { ...(await exited), killed: false }
      process.kill(pid, 'SIGTERM')
      const timer = new AbortController()
      const outcome = await Promise.race([exited, sleep(withinMs, undefined, { signal: timer.signal }).catch(() => undefined)])
      timer.abort()
      const exit = outcome ?? (await kill9())
      killGroup(pid)
      return { ...exit, killed: outcome === undefined }
    },
  }
}

/** What a process leaves behind of its group goes with it. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // nobody of the group is left
  }
}

function lastLines(text: string, lines: number): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}
