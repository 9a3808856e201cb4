import { spawn } from 'node:child_process'

export interface Check {
  name: string
  command: [string, ...string[]]
  /** Jest's report; absent: the exit code is the whole result */
  tests?: string
}

/** Runs one check in the repository, its output shown as it comes. */
export function execute({ command: [program, ...args] }: Check, cwd: string): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', error => {
      process.stderr.write(`${error.message}\n`)
      resolve(1)
    })
    child.on('exit', code => resolve(code ?? 1))
  })
}
