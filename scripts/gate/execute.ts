import { spawn } from 'node:child_process'

export interface Check {
  name: string
  command: [string, ...string[]]
  /** Jest's report; absent: the exit code is the whole result */
  tests?: string
}

/** A check that hangs has failed, and must not keep the others from being told. */
const maxMinutes = 12

/** Runs one check in the repository, its output shown as it comes. */
export function execute({ command: [program, ...args] }: Check, cwd: string): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], timeout: maxMinutes * 60_000, killSignal: 'SIGKILL' })
    child.on('error', error => {
      process.stderr.write(`${error.message}\n`)
      resolve(1)
    })
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') process.stderr.write(`killed (a check may take ${maxMinutes} minutes)\n`)
      resolve(code ?? 1)
    })
  })
}
