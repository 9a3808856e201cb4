import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../src/eventually.ts'
import { isAlive, run, startProcess } from '../src/process.ts'
import { type Folder, temporaryFolder } from '../src/temporary-folder.ts'

let folder: Folder
beforeEach(() => {
  folder = temporaryFolder('process')
})
afterEach(() => folder.remove())

const env = { PATH: process.env.PATH ?? '', COLOUR: 'green' }
async function start(script: string) {
  return await startProcess('sh', ['-c', script], { env, logFile: join(folder.path, 'log'), name: 'child' })
}

describe('startProcess', () => {
  it('gives what the program says, from both of its outputs, and its exit code', async () => {
    const child = await start('echo $COLOUR; echo red >&2; exit 3')

    const exit = await child.exited

    expect(child.output()).toBe('green\nred\n')
    expect(child.tail(1)).toBe('red')
    expect(exit).toEqual({ code: 3, signal: null })
    expect(child.isRunning()).toBe(false)
  })

  it('fails with the name of a program that does not exist', async () => {
    const starting = startProcess(join(folder.path, 'nothing-here'), [], { env, logFile: join(folder.path, 'log'), name: 'nobody' }).then(child => child.exited)

    await expect(starting).resolves.not.toEqual({ code: 0, signal: null })
  })

  it('lets a program end in good order', async () => {
    const child = await start('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done')
    await eventually(() => child.output() === 'ready\n')

    const exit = await child.stop()

    expect(exit).toEqual({ code: 0, signal: null, killed: false })
    expect(child.output()).toBe('ready\nbye\n')
  })

  it('kills a program that does not end before the deadline', async () => {
    const child = await start('trap "" TERM; echo ready; while :; do sleep 0.05; done')
    await eventually(() => child.output() === 'ready\n')

    const exit = await child.stop({ withinMs: 100 })

    expect(exit).toEqual({ code: null, signal: 'SIGKILL', killed: true })
  })

  it('kills the children of a program with it', async () => {
    const child = await start('sleep 60 & echo $!; wait')
    await eventually(() => child.output() !== '')
    const grandchild = Number(child.output())
    expect(isAlive(grandchild)).toBe(true)

    await child.kill9()

    await eventually(() => expect(isAlive(grandchild)).toBe(false))
  })

  it('stops twice without harm', async () => {
    const child = await start('sleep 60')

    const first = await child.stop()
    const second = await child.stop()

    expect(second).toEqual(first)
  })

  it('is killed with this process, even when that is killed itself', async () => {
    const module = new URL('../src/process.ts', import.meta.url).href
    const script = `import { startProcess } from ${JSON.stringify(module)}
      const child = await startProcess('sleep', ['60'], { env: process.env, logFile: ${JSON.stringify(join(folder.path, 'sleep'))} })
      console.log(child.pid)`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = await once(parent.stdout, 'data')
    const pid = Number(String(said))
    expect(isAlive(pid)).toBe(true)

    parent.kill('SIGKILL')

    await eventually(() => expect(isAlive(pid)).toBe(false))
  })
})

describe('isAlive', () => {
  it('knows this process, and nobody under ids that cannot be', () => {
    expect([isAlive(process.pid), isAlive(0), isAlive(-1), isAlive(Number.NaN)]).toEqual([true, false, false, false])
  })

  it('does not count a process that has ended while its parent has not asked about it', async () => {
    // the shell's child ends at once; the program that takes the shell's place never asks
    const child = await start('sh -c "exit 0" & echo $!; exec sleep 60')
    await eventually(() => child.output() !== '')
    const zombie = Number(child.output())

    await eventually(() => expect(isAlive(zombie)).toBe(false))

    expect(() => process.kill(zombie, 0)).not.toThrow()
    await child.kill9()
  })
})

describe('run', () => {
  it('gives the output of a program that succeeds', async () => {
    await expect(run('sh', ['-c', 'echo $COLOUR'], { env })).resolves.toBe('green\n')
  })

  it('fails with the output of one that does not', async () => {
    await expect(run('sh', ['-c', 'echo why; exit 2'], { env })).rejects.toThrow(/code 2:\nwhy/)
  })
})
