import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type RabbitServer, run, startRabbit } from '@um/testing'
import { repository } from '@um/testing/repository'
import { startBare } from '../src/system/bare.ts'
import { connectors, type Relay, startRelay } from '../src/system/relay.ts'
import { cpuDuring } from '../src/system/running.ts'
import { startWorld, type World } from '../src/system/world.ts'

/** What could rot: the payloads, the simulated platforms, the seeding, both systems. Counts only: times mean nothing here. */
let broker: RabbitServer
let world: World
let relay: Relay

beforeAll(async () => {
  await run(process.execPath, ['scripts/build.ts', '--quiet', '--services', connectors.join(',')], { cwd: repository })
  broker = await startRabbit()
  world = await startWorld({ tenants: 10, guestsPerTenant: 10 })
  relay = await startRelay({ broker, world, tenants: 10 })
}, 120_000)
afterAll(async () => {
  await relay?.stop()
  world?.stop()
  await broker?.stop()
}, 60_000)

describe('the load generator and its platforms', () => {
  it('get 200 messages of both directions through the relay, each once', async () => {
    await world.target(relay.ports)

    const { result, cpu } = await cpuDuring(relay, () => world.run({ kind: 'burst', flow: 'both', messages: 200, drainSeconds: 60 }))

    expect(result).toMatchObject({ sent: 200, accepted: 200, refused: 0, delivered: 200, doubled: 0, lost: 0 })
    expect(cpu['telegram-connector']).toBeGreaterThan(0)
    expect(cpu.rabbitmq).toBeGreaterThan(0)
  }, 90_000)

  it('get 200 messages of both directions through the bare pipeline', async () => {
    const bare = await startBare({ broker, world, memoryMiB: 64 })
    try {
      await world.target(bare.ports)

      const result = await world.run({ kind: 'burst', flow: 'both', messages: 200, drainSeconds: 60 })

      expect(result).toMatchObject({ sent: 200, accepted: 200, refused: 0, delivered: 200, doubled: 0, lost: 0 })
    } finally {
      await bare.stop()
    }
  }, 90_000)

  it('let one tenant hang, and the others pass', async () => {
    await world.target(relay.ports)
    await world.hang(3)
    try {
      const result = await world.run({ kind: 'burst', flow: 'both', messages: 100, except: 3, drainSeconds: 60 })

      expect(result).toMatchObject({ sent: 100, accepted: 100, delivered: 90, lost: 0 })
    } finally {
      await world.hang(null)
    }
  }, 90_000)
})
