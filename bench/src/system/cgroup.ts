import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Limits {
  cpuMillicores?: number
  memoryMiB?: number
}
export interface CgroupUsage {
  /** everything that counts against the limit, page cache included */
  currentBytes: number
  peakBytes: number
  anonymousBytes: number
  fileBytes: number
  /** times that the limit was met; the kernel then takes back page cache, or swaps, or kills */
  limitHits: number
  oomKills: number
  cpuMilliseconds: number
  /** time that runnable threads were kept waiting by the CPU limit */
  throttledMilliseconds: number
}
/** A container's limits around a process and its children. */
export interface Cgroup {
  /** A process that writes its id into each of these is inside, and so are its children. */
  readonly entrances: readonly string[]
  usage(): CgroupUsage
  remove(): Promise<void>
}
export interface Cgroups {
  readonly version: 1 | 2
  create(name: string, limits: Limits): Cgroup
}

/** The kernel's usual period, which Kubernetes uses, too. */
const periodMicroseconds = 100_000

/** A string: why no control group can be made here. */
export function findCgroups(mounts = readFileSync('/proc/self/mounts', 'utf8'), membership = readFileSync('/proc/self/cgroup', 'utf8')): Cgroups | string {
  const places = mounts.split('\n').map(line => line.split(' '))
  const own = (controller: string): string =>
    membership
      .split('\n')
      .find(line => line.split(':')[1]?.split(',').includes(controller))
      ?.split(':')[2] ?? '/'
  const v1 = (controller: string): string | undefined => {
    const mount = places.find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes(controller))?.[1]
    return mount === undefined ? undefined : [join(mount, own(controller)), mount].find(existsSync)
  }
  const [memory, cpu, accounting] = [v1('memory'), v1('cpu'), v1('cpuacct')]
  if (memory !== undefined && cpu !== undefined && accounting !== undefined) return tried(version1({ memory, cpu, accounting }))
  const unified = places.find(([, , type]) => type === 'cgroup2')?.[1]
  if (unified === undefined) return 'no control groups are mounted'
  const controllers = read(join(unified, 'cgroup.controllers')).trim().split(' ')
  const missing = ['memory', 'cpu'].filter(name => !controllers.includes(name))
  if (missing.length > 0) return `the unified hierarchy lacks the controllers ${missing.join(' and ')}`
  return tried(version2(unified))
}

function tried(cgroups: Cgroups): Cgroups | string {
  try {
    const probe = cgroups.create('probe', { cpuMillicores: 100, memoryMiB: 64 })
    void probe.remove()
    return cgroups
  } catch (error) {
    return `control groups of version ${cgroups.version} cannot be made: ${error instanceof Error ? error.message : error}`
  }
}

function version1(roots: { memory: string; cpu: string; accounting: string }): Cgroups {
  return {
    version: 1,
    create(name, { cpuMillicores, memoryMiB }) {
      const [memory, cpu, accounting] = [made(roots.memory, name), made(roots.cpu, name), made(roots.accounting, name)]
      if (memoryMiB !== undefined) writeFileSync(join(memory, 'memory.limit_in_bytes'), String(memoryMiB * 2 ** 20))
      writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(periodMicroseconds))
      writeFileSync(join(cpu, 'cpu.cfs_quota_us'), cpuMillicores === undefined ? '-1' : String((cpuMillicores * periodMicroseconds) / 1000))
      const folders = [...new Set([memory, cpu, accounting])]
      return {
        entrances: folders.map(folder => join(folder, 'cgroup.procs')),
        usage: () => ({
          currentBytes: Number(read(join(memory, 'memory.usage_in_bytes'))),
          peakBytes: Number(read(join(memory, 'memory.max_usage_in_bytes'))),
          anonymousBytes: entry(join(memory, 'memory.stat'), 'rss'),
          fileBytes: entry(join(memory, 'memory.stat'), 'cache'),
          limitHits: Number(read(join(memory, 'memory.failcnt'))),
          oomKills: entry(join(memory, 'memory.oom_control'), 'oom_kill'),
          cpuMilliseconds: Number(read(join(accounting, 'cpuacct.usage'))) / 1e6,
          throttledMilliseconds: entry(join(cpu, 'cpu.stat'), 'throttled_time') / 1e6,
        }),
        remove: () => removed(folders),
      }
    },
  }
}

function version2(root: string): Cgroups {
  return {
    version: 2,
    create(name, { cpuMillicores, memoryMiB }) {
      writeFileSync(join(root, 'cgroup.subtree_control'), '+memory +cpu')
      const folder = made(root, name)
      if (memoryMiB !== undefined) writeFileSync(join(folder, 'memory.max'), String(memoryMiB * 2 ** 20))
      if (cpuMillicores !== undefined) writeFileSync(join(folder, 'cpu.max'), `${(cpuMillicores * periodMicroseconds) / 1000} ${periodMicroseconds}`)
      const peak = join(folder, 'memory.peak')
      return {
        entrances: [join(folder, 'cgroup.procs')],
        usage: () => {
          const currentBytes = Number(read(join(folder, 'memory.current')))
          return {
            currentBytes,
            peakBytes: existsSync(peak) ? Number(read(peak)) : currentBytes,
            anonymousBytes: entry(join(folder, 'memory.stat'), 'anon'),
            fileBytes: entry(join(folder, 'memory.stat'), 'file'),
            limitHits: entry(join(folder, 'memory.events'), 'max'),
            oomKills: entry(join(folder, 'memory.events'), 'oom_kill'),
            cpuMilliseconds: entry(join(folder, 'cpu.stat'), 'usage_usec') / 1000,
            throttledMilliseconds: entry(join(folder, 'cpu.stat'), 'throttled_usec') / 1000,
          }
        },
        remove: () => removed([folder]),
      }
    },
  }
}

function made(root: string, name: string): string {
  const folder = join(root, `um-bench-${process.pid}-${name}`)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** A group can be removed once its last process is gone, which the kernel notices a moment later. */
async function removed(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (let attempt = 0; attempt < 50 && existsSync(folder); attempt += 1) {
      try {
        rmdirSync(folder)
      } catch {
        await sleep(100)
      }
    }
  }
}

function read(path: string): string {
  return readFileSync(path, 'utf8')
}
function entry(path: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(read(path))?.[1] ?? 0)
}

/** A command that enters the group and then becomes the program, so that the process that was started is the program itself. */
export function inside(cgroup: Cgroup | undefined, command: readonly [string, ...string[]]): [string, ...string[]] {
  if (cgroup === undefined) return [...command]
  const enter = cgroup.entrances.map(path => `echo $$ > '${path}'`).join(' && ')
  return ['/bin/sh', '-c', `${enter} && exec "$0" "$@"`, ...command]
}
