import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { type Cgroup, findCgroups, inside } from '../src/system/cgroup.ts'
import { readUsage } from '../src/system/process-usage.ts'

describe('control groups', () => {
  it('are missed with the reason where none are mounted', () => {
    expect(findCgroups('tmpfs /tmp tmpfs rw 0 0\n', '0::/\n')).toBe('no control groups are mounted')
  })

  it('are entered by the process that then becomes the program, arguments untouched', () => {
    const group = { entrances: ['/dev/null', '/dev/null'] } as unknown as Cgroup

    const [program, ...args] = inside(group, [process.execPath, '-p', 'process.argv.slice(1).join("|")', 'a b', "c'd", '$HOME'])
    const output = execFileSync(program, args, { encoding: 'utf8' })

    expect(output.trim()).toBe("a b|c'd|$HOME")
  })

  it('that are not wanted change nothing', () => {
    expect(inside(undefined, ['node', 'main.mjs'])).toEqual(['node', 'main.mjs'])
  })
})

describe('what the kernel says of a process', () => {
  it('is read although its name holds spaces and parentheses', () => {
    const stat = '4711 (a (strange) name) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0 11 0 999'
    const status = 'Name:\tx\nVmHWM:\t   81000 kB\nVmRSS:\t   80000 kB\nRssAnon:\t   30000 kB\n'

    expect(readUsage(stat, status)).toEqual({ cpuMilliseconds: 1500, residentKiB: 80_000, anonymousKiB: 30_000, peakKiB: 81_000 })
  })
})
