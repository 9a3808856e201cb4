import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../src/eventually.ts'
import { type Fleet, startFleet } from '../src/fleet.ts'
import { isAlive } from '../src/process.ts'
import { type RabbitServer, startRabbit } from '../src/rabbitmq.ts'

const command = [process.execPath, fileURLToPath(new URL('tiny-service.ts', import.meta.url))] as const
const programs = { tiny: { command, path: '/tiny' }, hidden: { command } } as const

interface Answer {
  replica: string
  path: string
  visits: number
  env: Record<string, string>
}
async function ask(url: string): Promise<Answer> {
  const answer: Answer = await (await fetch(url)).json()
  return answer
}

let broker: RabbitServer
let fleet: Fleet
const told: string[] = []
beforeAll(async () => {
  broker = await startRabbit()
  fleet = await startFleet({ services: [], programs, replicas: { tiny: 2 }, broker, links: true, env: { LOG_LEVEL: 'WARN' } })
}, 120_000)
afterAll(async () => {
  await fleet?.stop()
  await broker?.stop()
}, 60_000)

describe('a fleet', () => {
  it('is reached through one gateway, by path, over all replicas, which share one Redis', async () => {
    const answers = [await ask(`${fleet.publicUrl}/tiny/a?b=c`), await ask(`${fleet.publicUrl}/tiny`)]

    expect(answers.map(({ path }) => path)).toEqual(['/tiny/a?b=c', '/tiny'])
    expect(answers.map(({ replica }) => replica).sort()).toEqual(['tiny-0', 'tiny-1'])
    expect(answers.map(({ visits }) => visits).sort()).toEqual([1, 2])
  })

  it('keeps services without a path away from the gateway, and gives each service a Redis of its own', async () => {
    const outside = await fetch(`${fleet.publicUrl}/hidden`)
    const inside = await ask(fleet.replica('hidden').url)

    expect(outside.status).toBe(404)
    expect(inside.visits).toBe(1)
  })

  it('tells each process what it needs, the same secrets to all, and nothing of its own environment', async () => {
    process.env.TINY_LEAK = 'leaked'

    const [first, second] = [await ask(fleet.replica('tiny', 0).url), await ask(fleet.replica('hidden').url)]

    expect(first.env).toMatchObject({ HOST: '127.0.0.1', POD_NAME: 'tiny-0', PUBLIC_URL: fleet.publicUrl, LOG_LEVEL: 'WARN', SECRET_KEY: fleet.secrets.key })
    expect(second.env).toMatchObject({ POD_NAME: 'hidden-0', SECRET_KEY: fleet.secrets.key, INTERNAL_TOKEN: fleet.secrets.token })
    expect(first.env.ADMIN_PASSWORD).toBeUndefined()
    await fleet.replica('tiny', 0).stop()
    await fleet.replica('tiny', 0).start()
    expect((await ask(fleet.replica('tiny', 0).url)).env.TINY_LEAK).toBeUndefined()
  })

  it('gives a service with several replicas one address for the others', async () => {
    const { env } = await ask(fleet.replica('hidden').url)
    const address = env.SERVICE_URLS?.match(/tiny=([^,]+)/)?.[1]

    const answers = [await ask(`${address}/x`), await ask(`${address}/x`)]

    expect(answers.map(({ replica }) => replica).sort()).toEqual(['tiny-0', 'tiny-1'])
  })

  it('goes on with the other replicas when one is killed, and has it back at its old address', async () => {
    await fleet.kill9('tiny', 0)

    const during = [await ask(`${fleet.publicUrl}/tiny`), await ask(`${fleet.publicUrl}/tiny`)]
    await fleet.replica('tiny', 0).start()
    const after = await ask(fleet.replica('tiny', 0).url)

    expect(during.map(({ replica }) => replica)).toEqual(['tiny-1', 'tiny-1'])
    expect(after.replica).toBe('tiny-0')
  })

  it('restarts a service in good order and keeps what it said', async () => {
    await fleet.restart('hidden')

    expect(fleet.logs('hidden').trim().split('\n')).toEqual(['hidden-0 starts', 'hidden-0 drains', 'hidden-0 starts'])
    expect((await ask(fleet.replica('hidden').url)).visits).toBeGreaterThan(1)
  })

  it('lets a test cut the wire between a service and its Redis', async () => {
    const link = fleet.link('hidden', 'redis')

    await link.down()
    await eventually(() => expect(fleet.logs('hidden')).toMatch(/redis: .*ECONNREFUSED/))
    await link.restore()

    await expect(ask(fleet.replica('hidden').url)).resolves.toMatchObject({ replica: 'hidden-0' })
    expect(fleet.logs('tiny')).not.toContain('redis:')
  })

  it('starts again what dies when it is told to, with a line for people', async () => {
    const watched = await startFleet({ services: [], programs: { solo: { command } }, broker, reviveAndTell: line => told.push(line) })
    const [before] = watched.processes('solo')

    await watched.kill9('solo')

    await eventually(() => watched.replica('solo').isReady(), { withinMs: 20_000 })
    expect(told).toEqual(['solo ended with SIGKILL; starting it again'])
    expect(watched.processes('solo')[0]?.pid).not.toBe(before?.pid)
    await watched.stop()
  })

  it('shows the end of the log of a service that ends while it starts, and leaves nothing running', async () => {
    const pidsBefore = fleet.redis('tiny').pids()

    const starting = startFleet({ services: [], programs: { broken: { command } }, broker, env: { TINY_BREAKS: '1' } })

    await expect(starting).rejects.toThrow(/broken ended with code 1 while it started; its log ends with\nbroken-0 starts\nsettings are missing/)
    expect(pidsBefore.every(isAlive)).toBe(true)
  })

  it('stops at once what it has started when it is told to give up', async () => {
    const aborter = new AbortController()
    const starting = startFleet({ services: [], programs: { slow: { command } }, broker, env: { TINY_NEVER_READY: '1' }, signal: aborter.signal })
    const outcome = expect(starting).rejects.toThrow('enough')
    setTimeout(() => aborter.abort(new Error('enough')), 700)

    await outcome
  })

  it('leaves no process behind when it is stopped', async () => {
    const short = await startFleet({ services: [], programs, replicas: { tiny: 2 }, broker })
    const pids = [...['tiny', 'hidden'].flatMap(service => short.processes(service).map(({ pid }) => pid)), ...short.redis('tiny').pids()]
    expect(pids).toHaveLength(4)

    await short.stop()

    expect(pids.filter(isAlive)).toEqual([])
  })
})
