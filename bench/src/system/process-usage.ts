import { readFileSync } from 'node:fs'

/** What the kernel says of a process (proc(5)). */
export interface ProcessUsage {
  cpuMilliseconds: number
  residentKiB: number
  /** pages of its own: heap, stacks, buffers; what a container is killed for */
  anonymousKiB: number
  /** highest resident size since the start */
  peakKiB: number
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const millisecondsPerTick = 10

/** undefined: it has ended. */
export function usageOf(pid: number): ProcessUsage | undefined {
  try {
    return readUsage(readFileSync(`/proc/${pid}/stat`, 'utf8'), readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return undefined
  }
}

export function readUsage(stat: string, status: string): ProcessUsage {
  // the program's name, in parentheses, may hold spaces: fields are counted behind it, from the third on
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return {
    cpuMilliseconds: ticks * millisecondsPerTick,
    residentKiB: field(status, 'VmRSS'),
    anonymousKiB: field(status, 'RssAnon'),
    peakKiB: field(status, 'VmHWM'),
  }
}
function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
}

/** CPU time so far of processes that are counted together, e.g. those of one server. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (usageOf(pid)?.cpuMilliseconds ?? 0), 0)
}
