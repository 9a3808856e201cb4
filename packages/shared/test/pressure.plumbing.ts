import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { type Relay, startRelay } from './support/relay.ts'

let relay: Relay
beforeAll(async () => {
  relay = await startRelay()
  await relay.write({ id: 'warm-up', guest: 'warm', text: 'up' })
  await eventually(() => expect(relay.agents.texts('warm')).toEqual(['up']), { withinMs: 30_000 })
}, 120_000)
afterAll(async () => {
  await relay?.stop()
}, 60_000)

const numbers = (count: number) => Array.from({ length: count }, (_, number) => `${number}`)
const metric = (service: 'a' | 'b', name: string) => {
  const text = relay[service][0]?.service.metrics.render() ?? ''
  return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0)
}
/** ready and delivered-but-unacknowledged messages of the lanes' queues */
const depths = async () => {
  const rows = (await relay.rabbit.ctl('-q', 'list_queues', 'messages_ready', 'messages_unacknowledged', 'name', '--no-table-headers'))
    .split('\n')
    .filter(row => /\t(alpha|beta)/.test(row))
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row.split('\t')[column] ?? 0), 0)
  return { ready: sum(0), unacknowledged: sum(1) }
}

describe('under pressure', () => {
  it('leaves what a slow platform does not take in RabbitMQ, not in memory, and brings it in order later', async () => {
    let isSlow = true
    relay.agents.behave = () => (isSlow ? { status: 200, delayMs: 2000 } : undefined)
    const guests = Array.from({ length: 60 }, (_, number) => `slow-${number}`)
    for (let number = 0; number < 20; number += 1)
      await Promise.all(guests.map(async guest => expect(await relay.write({ id: `${guest}-${number}`, guest, text: `${number}` })).toBe(200)))

    await eventually(async () => expect((await depths()).ready).toBeGreaterThan(300), { withinMs: 20_000 })
    // 16 lanes with two queues each at two services, twenty messages of each at most
    expect((await depths()).unacknowledged).toBeLessThanOrEqual(2 * 2 * 16 * 20)
    expect(metric('b', 'um_conversations_in_hand')).toBeLessThanOrEqual(guests.length)
    await eventually(() => expect(metric('b', 'um_oldest_message_age_seconds')).toBeGreaterThan(1), { withinMs: 20_000 })
    isSlow = false

    for (const guest of guests) await eventually(() => expect(relay.agents.texts(guest).length).toBeGreaterThanOrEqual(20), { withinMs: 60_000 })
    for (const guest of guests) expect(relay.agents.texts(guest)).toEqual(numbers(20))
    await eventually(() => expect(metric('b', 'um_oldest_message_age_seconds')).toBe(0), { withinMs: 20_000 })
  }, 120_000)

  it('takes messages while a memory alarm blocks RabbitMQ, and brings each once and in order when it is over', async () => {
    const guests = ['alarm-1', 'alarm-2', 'alarm-3']
    await relay.rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1')

    for (let number = 0; number < 8; number += 1)
      await Promise.all(guests.map(async guest => expect(await relay.write({ id: `${guest}-${number}`, guest, text: `${number}` })).toBe(200)))
    expect(relay.a[0]?.service.broker.isUp).toBe(false)
    expect(relay.a[0]?.service.broker.isConnected).toBe(true)
    await relay.rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1GB')

    for (const guest of guests) await eventually(() => expect(relay.agents.texts(guest).length).toBeGreaterThanOrEqual(8), { withinMs: 60_000 })
    await eventually(async () => expect(await depths()).toEqual({ ready: 0, unacknowledged: 0 }), { withinMs: 60_000 })
    for (const guest of guests) expect(relay.agents.texts(guest)).toEqual(numbers(8))
  }, 180_000)
})
