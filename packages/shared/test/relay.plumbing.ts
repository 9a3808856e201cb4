import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { type Relay, startRelay } from './support/relay.ts'

let relay: Relay
beforeAll(async () => {
  relay = await startRelay()
}, 120_000)
afterAll(async () => {
  await relay?.stop()
}, 60_000)

describe('the relay', () => {
  it('brings a guest’s text to the agent, with the guest’s name', async () => {
    const status = await relay.write({ id: 'm1', guest: 'g1', text: 'hello 👋' })

    expect(status).toBe(200)
    await eventually(() => expect(relay.agents.texts('g1')).toEqual(['hello 👋']), { withinMs: 20_000 })
    expect(relay.agents.calls.find(call => call.body.to === 'g1')?.body.name).toBe('Guest g1')
  })

  it('brings the agent’s answer back and tells the agent’s side that it was sent', async () => {
    await relay.reply({ id: 'r1', guest: 'g1', text: 'how can I help?' })

    await eventually(() => expect(relay.guests.texts('g1')).toEqual(['how can I help?']), { withinMs: 20_000 })
    await eventually(
      () => expect(relay.agents.calls.filter(call => call.path === '/receipts').map(call => call.body)).toContainEqual({ of: 'r1', state: 'sent', to: 'g1' }),
      {
        withinMs: 20_000,
      },
    )
  })

  it('shows a repeated webhook once', async () => {
    for (let times = 0; times < 5; times += 1) expect(await relay.write({ id: 'twice', guest: 'g2', text: 'only once' })).toBe(200)
    await relay.write({ id: 'after', guest: 'g2', text: 'end' })

    await eventually(() => expect(relay.agents.texts('g2')).toEqual(['only once', 'end']), { withinMs: 20_000 })
  })

  it('turns the number of a menu into the choice that was offered, and names the message that offered it', async () => {
    await relay.reply({ id: 'offer', guest: 'g3', text: 'Which size?', options: ['Small', 'Large'] })
    await eventually(() => expect(relay.guests.texts('g3')).toEqual(['Which size?\n1. Small\n2. Large']), { withinMs: 20_000 })

    await relay.write({ id: 'answer', guest: 'g3', text: ' 2. ' })

    await eventually(
      () =>
        expect(relay.agents.calls.find(call => call.body.to === 'g3' && call.body.choice !== undefined)?.body).toMatchObject({
          choice: 'p:Large',
          of: 'offer',
        }),
      {
        withinMs: 20_000,
      },
    )
  })

  it('keeps the order of each conversation when hundreds of messages come at once', async () => {
    const guests = Array.from({ length: 20 }, (_, number) => `order-${number}`)

    await Promise.all(
      guests.map(async guest => {
        for (let number = 0; number < 25; number += 1) expect(await relay.write({ id: `${guest}-${number}`, guest, text: `${number}` })).toBe(200)
      }),
    )

    const wanted = Array.from({ length: 25 }, (_, number) => `${number}`)
    await eventually(() => expect(guests.every(guest => relay.agents.texts(guest).length >= 25)).toBe(true), { withinMs: 30_000 })
    for (const guest of guests) expect(relay.agents.texts(guest)).toEqual(wanted)
  })

  it('refuses a wrong secret and nonsense before anything reaches RabbitMQ', async () => {
    const before = relay.agents.calls.length
    const port = relay.a[0]?.port
    const post = (headers: Record<string, string>, body: string) => fetch(`http://127.0.0.1:${port}/alpha`, { method: 'POST', headers, body })

    // there is no `api` here that could say that nobody else has this secret
    expect((await post({ 'x-secret': `social-${relay.tenantId}x` }, '{}')).status).toBe(503)
    expect((await post({}, '{}')).status).toBe(401)
    expect((await post({ 'x-secret': `social-${relay.tenantId}` }, 'nonsense{')).status).toBe(400)
    expect((await post({ 'x-secret': `social-${relay.tenantId}` }, JSON.stringify({ id: 'x', text: 'a'.repeat(1_100_000) }))).status).toBe(413)
    const answer = await post({ 'x-secret': `social-${relay.tenantId}` }, '[]')
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(relay.agents.calls.length).toBe(before)
  })

  it('repeats after an error of the platform and keeps what comes behind in order', async () => {
    let failures = 3
    relay.agents.behave = call => (call.body.to === 'g4' && failures-- > 0 ? { status: 503 } : undefined)

    for (const text of ['a', 'b', 'c']) await relay.write({ id: `retry-${text}`, guest: 'g4', text })

    await eventually(() => expect(relay.agents.texts('g4').slice(-3)).toEqual(['a', 'b', 'c']), { withinMs: 40_000 })
    expect(relay.agents.texts('g4')).toEqual(['a', 'a', 'a', 'a', 'b', 'c'])
    relay.agents.behave = () => undefined
  })

  it('goes on with everything at once when its platform works again, however long each message was to wait', async () => {
    let isDown = true
    const guests = Array.from({ length: 6 }, (_, number) => `down-${number}`)
    relay.agents.behave = call => (isDown && guests.includes(String(call.body.to)) ? { status: 503, headers: { 'retry-after': '300' } } : undefined)
    for (const guest of guests) await relay.write({ id: guest, guest, text: guest })
    await eventually(() => expect(relay.agents.calls.filter(call => guests.includes(String(call.body.to))).length).toBeGreaterThanOrEqual(5), {
      withinMs: 20_000,
    })

    isDown = false
    await relay.write({ id: 'up', guest: 'up', text: 'up' })

    await eventually(() => expect(guests.every(guest => relay.agents.texts(guest).length === 2 || guest === 'down-5')).toBe(true), { withinMs: 20_000 })
    await eventually(() => expect(relay.agents.texts('down-5').length).toBeGreaterThanOrEqual(1), { withinMs: 20_000 })
    relay.agents.behave = () => undefined
  })

  it('tells a blocked guest’s agent why, without a retry', async () => {
    relay.guests.behave = call => (call.body.to === 'g5' ? { status: 403 } : undefined)

    await relay.reply({ id: 'blocked', guest: 'g5', text: 'are you there?' })

    await eventually(
      () =>
        expect(relay.agents.calls.find(call => call.path === '/receipts' && call.body.of === 'blocked')?.body).toMatchObject({
          state: 'failed',
          code: 'blocked',
        }),
      {
        withinMs: 20_000,
      },
    )
    expect(relay.guests.texts('g5')).toEqual(['are you there?'])
    relay.guests.behave = () => undefined
  })

  it('waits out a Retry-After exactly and does not count it as a failure', async () => {
    let limited = 1
    relay.agents.behave = call => (call.body.to === 'g6' && limited-- > 0 ? { status: 429, headers: { 'retry-after': '2' } } : undefined)

    await relay.write({ id: 'limit', guest: 'g6', text: 'slowly' })

    await eventually(() => expect(relay.agents.texts('g6')).toEqual(['slowly', 'slowly']), { withinMs: 20_000 })
    const [first, second] = relay.agents.calls.filter(call => call.body.to === 'g6')
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2000)
    relay.agents.behave = () => undefined
  })

  it('reports later what the platform says of an answer', async () => {
    await relay.reply({ id: 'r7', guest: 'g7', text: 'see you' })
    await eventually(() => expect(relay.guests.texts('g7')).toEqual(['see you']), { withinMs: 20_000 })
    await eventually(() => expect(relay.agents.calls.some(call => call.path === '/receipts' && call.body.of === 'r7')).toBe(true), { withinMs: 20_000 })
    const index = relay.guests.calls.findIndex(call => call.body.to === 'g7')

    await relay.write({ id: 'rc7', guest: 'g7', receiptOf: `p-${index + 1}` })

    await eventually(
      () =>
        expect(relay.agents.calls.filter(call => call.path === '/receipts' && call.body.of === 'r7').map(call => call.body.state)).toEqual([
          'sent',
          'delivered',
        ]),
      {
        withinMs: 20_000,
      },
    )
  })

  it('keeps a report that comes before the answer to the call', async () => {
    await relay.write({ id: 'rc8', guest: 'g8', receiptOf: `p-${relay.guests.calls.length + 1}` })
    await relay.reply({ id: 'r8', guest: 'g8', text: 'at once' })

    await eventually(
      () => {
        const told = relay.agents.calls.filter(call => call.path === '/receipts' && call.body.of === 'r8')
        expect(told.map(call => call.body.state)).toEqual(['sent', 'delivered'])
      },
      { withinMs: 20_000 },
    )
  })
})
