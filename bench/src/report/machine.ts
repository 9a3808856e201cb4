import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { repository } from '@um/testing/repository'

/** Where and with what a result was measured. */
export interface Machine {
  cpu: string
  cores: number
  memoryGiB: number
  kernel: string
  node: string
  revision: string
  at: string
  /** before the run: how much else was going on */
  loadBefore: number
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    revision: revision(),
    at: new Date().toISOString(),
    loadBefore: loadavg()[0] ?? 0,
  }
}
function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}
