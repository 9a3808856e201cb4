import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { connect } from 'amqplib'
import { exchanges } from '../src/amqp/index.ts'
import { type DataOf, readEnvelope } from '../src/model/index.ts'
import { type Relay, startRelay } from './support/relay.ts'

type Report = DataOf<'um.journey.v1'>
let relay: Relay
let stopListening: () => Promise<void>
const reports: Report[] = []

async function listen(): Promise<() => Promise<void>> {
  const connection = await connect(relay.rabbit.url)
  connection.on('error', () => undefined)
  const channel = await connection.createChannel()
  // durable: what is told in the first moment after RabbitMQ's return waits here for us
  const { queue } = await channel.assertQueue('test:journal', { durable: true })
  await channel.bindQueue(queue, exchanges.journal, '#')
  const take = (body: Buffer) => {
    const envelope = readEnvelope(body)
    if (envelope.type === 'um.journey.v1') reports.push(envelope.data)
  }
  await channel.consume(queue, message => message !== null && take(message.content), { noAck: true })
  return () => connection.close()
}
beforeAll(async () => {
  relay = await startRelay()
  stopListening = await listen()
}, 120_000)
afterAll(async () => {
  await stopListening?.().catch(() => undefined)
  await relay?.stop()
}, 60_000)

const all = () => reports.flatMap(({ service, hops }) => hops.map(hop => ({ service, ...hop })))
/** What was told of a guest's messages, by time: the services tell side by side. */
const told = (guest: string) =>
  all()
    .filter(hop => hop.guest === guest)
    .sort((a, b) => a.at.localeCompare(b.at))
const story = (guest: string, service?: string) =>
  told(guest).flatMap(hop => (service === undefined || hop.service === service ? [`${hop.service} ${hop.hop}`] : []))
const soon = { withinMs: 20_000 }

describe('the journal', () => {
  it('tells each hop of a guest’s message, by one id', async () => {
    await relay.write({ id: 'm1', guest: 'g1', text: 'private words' })

    await eventually(() => expect(story('g1')).toEqual(expect.arrayContaining(['beta-connector sent', 'alpha-connector receipt'])), soon)
    expect(story('g1', 'alpha-connector')).toEqual(['received', 'verified', 'consumed', 'published', 'receipt'].map(hop => `alpha-connector ${hop}`))
    expect(story('g1', 'beta-connector')).toEqual(['consumed', 'rendered', 'sent'].map(hop => `beta-connector ${hop}`))
    expect(new Set(told('g1').map(({ message }) => message)).size).toBe(1)
    expect(new Set(told('g1').map(({ direction }) => direction))).toEqual(new Set(['toAgent']))
    expect(told('g1').find(({ hop }) => hop === 'published')?.detail).toEqual({ to: 'beta-connector' })
    expect(told('g1').find(({ hop }) => hop === 'sent')?.platformId).toMatch(/^p-/)
    expect(JSON.stringify(reports)).not.toContain('private')
  })

  it('tells each hop of an agent’s message, what the platform reports of it, and what is told to the agent’s side', async () => {
    await relay.reply({ id: 'r2', guest: 'g2', text: 'hello' })
    await eventually(() => expect(story('g2')).toEqual(expect.arrayContaining(['alpha-connector sent', 'beta-connector receipt'])), soon)
    const platformId = told('g2').find(({ hop, service }) => hop === 'sent' && service === 'alpha-connector')?.platformId
    await relay.write({ id: 'rc2', guest: 'g2', receiptOf: platformId })

    await eventually(() => expect(story('g2').filter(hop => hop === 'beta-connector receipt')).toHaveLength(2), soon)
    expect(story('g2', 'alpha-connector')).toEqual(['consumed', 'rendered', 'sent', 'reported'].map(hop => `alpha-connector ${hop}`))
    expect(told('g2').flatMap(({ hop, detail }) => (hop === 'receipt' || hop === 'reported' ? [`${hop} ${detail?.state}`] : []))).toEqual([
      'receipt sent',
      'reported delivered',
      'receipt delivered',
    ])
    expect(new Set(told('g2').map(({ message }) => message)).size).toBe(1)
    expect(new Set(told('g2').map(({ direction }) => direction))).toEqual(new Set(['toGuest']))
  })

  it('tells of repeats, of retries with their reason, and that a message waits', async () => {
    let failures = 2
    relay.agents.behave = call => (call.body.to === 'g3' && failures-- > 0 ? { status: 503 } : undefined)
    await relay.write({ id: 'm3', guest: 'g3', text: 'once' })
    await eventually(() => expect(story('g3')).toContain('beta-connector sent'), { withinMs: 40_000 })
    await relay.write({ id: 'm3', guest: 'g3', text: 'once' })

    await eventually(() => expect(story('g3')).toContain('alpha-connector duplicate'), soon)
    expect(story('g3', 'beta-connector')).toEqual(['consumed', 'rendered', 'retry', 'retry', 'sent'].map(hop => `beta-connector ${hop}`))
    expect(told('g3').flatMap(({ hop, detail }) => (hop === 'retry' ? [detail] : []))).toEqual([
      { why: expect.any(String), attempt: 1, waitMilliseconds: expect.any(Number) },
      { why: expect.any(String), attempt: 2, waitMilliseconds: expect.any(Number) },
    ])
    relay.agents.behave = () => undefined
  })

  it('tells of a wait that the platform asked for, and of a refusal', async () => {
    let limited = 1
    relay.agents.behave = call => (call.body.to === 'g4' && limited-- > 0 ? { status: 429, headers: { 'retry-after': '2' } } : undefined)
    relay.guests.behave = call => (call.body.to === 'g5' ? { status: 403 } : undefined)
    await relay.write({ id: 'm4', guest: 'g4', text: 'slowly' })
    await relay.reply({ id: 'r5', guest: 'g5', text: 'blocked?' })

    await eventually(() => expect(story('g4')).toContain('beta-connector sent'), soon)
    await eventually(() => expect(story('g5')).toContain('alpha-connector failed'), soon)
    expect(told('g4').find(({ hop }) => hop === 'waiting')).toMatchObject({ service: 'beta-connector', detail: { waitMilliseconds: 2000 } })
    expect(told('g5').find(({ hop }) => hop === 'failed')?.detail).toMatchObject({ reason: 'blocked' })
    relay.agents.behave = () => undefined
    relay.guests.behave = () => undefined
  })

  it('tells nothing of a webhook that was refused', async () => {
    const before = all().length
    await relay.write({ tenant: 'none', id: 'm6', guest: 'g6', text: 'x' })
    await relay.write({ id: 'm7', guest: 'g7', text: 'x' })

    await eventually(() => expect(story('g7')).toContain('beta-connector sent'), soon)
    expect(story('g6')).toEqual([])
    expect(all().length).toBeGreaterThan(before)
  })

  it('that nobody reads, however much is told, holds up no message', async () => {
    await stopListening()
    const guests = Array.from({ length: 10 }, (_, number) => `flood-${number}`)

    await Promise.all(
      guests.map(async guest => {
        for (let number = 0; number < 30; number += 1) expect(await relay.write({ id: `${guest}-${number}`, guest, text: `${number}` })).toBe(200)
      }),
    )

    for (const guest of guests) await eventually(() => expect(relay.agents.texts(guest)).toHaveLength(30), { withinMs: 30_000 })
    stopListening = await listen()
  }, 60_000)

  it('remembers, within its bound, what happened while RabbitMQ was away', async () => {
    await relay.rabbit.restart()
    await eventually(() => expect(relay.a[0]?.service.broker.isUp && relay.b[0]?.service.broker.isUp).toBe(true), { withinMs: 30_000 })
    await relay.rabbit.kill9()
    await eventually(() => expect(relay.a[0]?.service.broker.isUp).toBe(false), soon)
    expect(await relay.write({ id: 'm8', guest: 'g8', text: 'kept' })).toBe(200)
    await relay.rabbit.restart()
    stopListening = await listen()

    await eventually(() => expect(relay.agents.texts('g8')).toEqual(['kept']), { withinMs: 60_000 })
    await eventually(() => expect(story('g8')).toContain('beta-connector sent'), soon)
    expect(story('g8', 'alpha-connector').slice(0, 5)).toEqual(
      ['received', 'verified', 'spooled', 'consumed', 'published'].map(hop => `alpha-connector ${hop}`),
    )
    const metrics = await (await fetch(`http://127.0.0.1:${relay.a[0]?.healthPort}/metrics`)).text()
    expect(metrics).not.toMatch(/^um_journey_dropped_total\{.*\} [1-9]/m)
  }, 120_000)
})
