import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { freePort, isFree } from '../src/ports.ts'
import { isAlive } from '../src/process.ts'

/** So many that it would meet some of ours, were it not told of them: 2,000 of 12,000 miss fifty by luck once in ten thousand times. */
function portsOfAnotherProcess(count: number): number[] {
  const module = new URL('../src/ports.ts', import.meta.url).href
  const script = `import { freePort } from ${JSON.stringify(module)}
    const ports = []
    for (let n = 0; n < ${count}; n++) ports.push(await freePort())
    console.log(JSON.stringify(ports))`
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
  return JSON.parse(child.stdout)
}

describe('freePort', () => {
  it('gives a port on which a server can listen', async () => {
    const port = await freePort()

    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')

    expect(server.address()).toMatchObject({ port })
    server.close()
  })

  it('never gives the same port twice, though nobody listens there yet', async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()))

    expect(new Set(ports).size).toBe(200)
  })

  it('gives ports below those that the kernel gives to outgoing connections', async () => {
    const port = await freePort()

    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(32_000)
  })

  it('is not given to another process while this one lives', async () => {
    const mine = await Promise.all(Array.from({ length: 50 }, () => freePort()))

    const theirs = portsOfAnotherProcess(2_000)

    expect(theirs).toHaveLength(2_000)
    expect(theirs.filter(port => mine.includes(port))).toEqual([])
  })
})

describe('isFree', () => {
  it('says no while somebody listens, and yes afterwards', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0

    const during = await isFree(port)
    server.close()
    await once(server, 'close')
    const after = await isFree(port)

    expect({ during, after }).toEqual({ during: false, after: true })
  })
})

describe('reserved ports', () => {
  it('are given again when the process that had them is gone', async () => {
    const theirs = portsOfAnotherProcess(200)
    const links = theirs.map(port => join(tmpdir(), `um-${userInfo().username}`, 'ports', String(port)))

    const left = portsLeftAfterAnotherVisit(links)

    expect(left).toEqual([])
  })
})

function portsLeftAfterAnotherVisit(links: string[]): string[] {
  portsOfAnotherProcess(1)
  // other test files may have been given some of them meanwhile
  return links.filter(link => lstatSync(link, { throwIfNoEntry: false }) !== undefined && !isAlive(Number(readlinkSync(link))))
}
