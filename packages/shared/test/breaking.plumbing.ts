import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { type Relay, startRelay } from './support/relay.ts'

let relay: Relay
beforeAll(async () => {
  relay = await startRelay()
  await relay.write({ id: 'warm-up', guest: 'warm', text: 'up' })
  await eventually(() => expect(relay.agents.texts('warm')).toEqual(['up']), { withinMs: 30_000 })
  // RabbitMQ 3.10 forgets quorum queues that are killed within their first second; a stop in good order writes them down
  await relay.rabbit.restart()
  await eventually(() => expect(relay.a[0]?.service.broker.isUp && relay.b[0]?.service.broker.isUp).toBe(true), { withinMs: 30_000 })
}, 120_000)
afterAll(async () => {
  await relay?.stop()
}, 60_000)

const numbers = (count: number) => Array.from({ length: count }, (_, number) => `${number}`)

describe('when something breaks', () => {
  it('takes messages while RabbitMQ is killed and brings them in order when it is back', async () => {
    const guests = ['away-1', 'away-2', 'away-3']
    for (const guest of guests) await relay.write({ id: `${guest}-0`, guest, text: '0' })
    await relay.rabbit.kill9()

    for (let number = 1; number < 10; number += 1)
      for (const guest of guests) expect(await relay.write({ id: `${guest}-${number}`, guest, text: `${number}` })).toBe(200)
    expect(relay.a[0]?.service.broker.isUp).toBe(false)
    await relay.rabbit.restart()

    for (const guest of guests) await eventually(() => expect(relay.agents.texts(guest)).toEqual(numbers(10)), { withinMs: 60_000 })
  }, 120_000)

  it('takes messages while its Redis is killed, and loses and doubles none when it is back', async () => {
    await relay.redisA.kill9()

    for (let number = 0; number < 5; number += 1) expect(await relay.write({ id: `noredis-${number}`, guest: 'noredis', text: `${number}` })).toBe(200)
    await relay.redisA.restart()

    await eventually(() => expect(relay.agents.texts('noredis')).toEqual(numbers(5)), { withinMs: 60_000 })
  }, 120_000)

  it('answers 503 when neither RabbitMQ nor Redis can keep the message', async () => {
    await Promise.all([relay.rabbit.kill9(), relay.redisA.kill9()])
    await eventually(() => expect(relay.a[0]?.service.broker.isUp).toBe(false), { withinMs: 20_000 })

    const status = await relay.write({ id: 'nowhere', guest: 'nowhere', text: 'lost?' })

    expect(status).toBe(503)
    await Promise.all([relay.rabbit.restart(), relay.redisA.restart()])
    await eventually(async () => expect(await relay.write({ id: 'nowhere', guest: 'nowhere', text: 'found' })).toBe(200), { withinMs: 60_000 })
    await eventually(() => expect(relay.agents.texts('nowhere')).toEqual(['found']), { withinMs: 60_000 })
  }, 180_000)

  it('does not repeat a call of unknown outcome that could double the message, and says so', async () => {
    const tenant = await relay.addTenant({ idempotent: false })
    await restartA()
    relay.guests.behave = call => (call.body.to === 'doubt' ? 'reset' : undefined)

    await relay.reply({ tenant, id: 'doubt-1', guest: 'doubt', text: 'once?' }).then(status => expect(status).toBe(200))

    await eventually(
      () =>
        expect(relay.agents.calls.find(call => call.path === '/receipts' && call.body.of === 'doubt-1')?.body).toMatchObject({
          state: 'failed',
          code: 'inDoubt',
        }),
      {
        withinMs: 30_000,
      },
    )
    expect(relay.guests.texts('doubt')).toEqual(['once?'])
    relay.guests.behave = () => undefined
  }, 120_000)

  it('lets a tenant whose token is refused wait, and goes on by itself in order when it works again', async () => {
    let refused = true
    relay.guests.behave = call => (refused && String(call.body.to).startsWith('paused') ? { status: 401 } : undefined)

    for (const text of ['a', 'b', 'c']) await relay.reply({ id: `paused-${text}`, guest: 'paused-1', text })
    await eventually(() => expect(relay.guests.texts('paused-1').length).toBeGreaterThanOrEqual(1), { withinMs: 20_000 })
    refused = false

    await eventually(() => expect(relay.guests.texts('paused-1').slice(-3)).toEqual(['a', 'b', 'c']), { withinMs: 40_000 })
    expect(relay.agents.calls.filter(call => call.path === '/receipts' && String(call.body.of).startsWith('paused') && call.body.state === 'failed')).toEqual(
      [],
    )
    relay.guests.behave = () => undefined
  }, 120_000)

  it('moves lanes to a new replica and back while messages flow, in order', async () => {
    const guests = Array.from({ length: 16 }, (_, number) => `lane-${number}`)
    const send = async (from: number, to: number, replica: (index: number) => number) => {
      for (let number = from; number < to; number += 1) {
        await Promise.all(
          guests.map(async (guest, index) => expect(await relay.write({ id: `${guest}-${number}`, guest, text: `${number}` }, replica(index))).toBe(200)),
        )
      }
    }
    await send(0, 5, () => 0)

    await relay.addReplica('alpha')
    await send(5, 20, index => index % 2)
    await eventually(() => expect(lanes(1)).toBe(8), { withinMs: 20_000 })
    await send(20, 30, index => index % 2)
    const [first] = relay.a.splice(0, 1)
    await Promise.all([first?.stop(), send(30, 40, () => 0)])

    for (const guest of guests) await eventually(() => expect(relay.agents.texts(guest).length).toBeGreaterThanOrEqual(40), { withinMs: 40_000 })
    for (const guest of guests) expect(relay.agents.texts(guest)).toEqual(numbers(40))
    await eventually(() => expect(lanes(0)).toBe(16), { withinMs: 20_000 })
  }, 180_000)
})

function lanes(replica: number): number {
  const text = relay.a[replica]?.service.metrics.render() ?? ''
  return Number(/^um_lanes\{[^}]*\} (\d+)$/m.exec(text)?.[1] ?? -1)
}
/** tenants are put into Redis behind the services' backs here, so the services start anew to know them */
async function restartA(): Promise<void> {
  for (const which of ['a', 'b'] as const) {
    const old = relay[which].splice(0)
    await Promise.all(old.map(service => service.stop()))
  }
  await relay.addReplica('alpha')
  await relay.addReplica('beta')
  await eventually(() => expect(relay.a[0]?.service.broker.isUp && relay.b[0]?.service.broker.isUp).toBe(true), { withinMs: 30_000 })
}
