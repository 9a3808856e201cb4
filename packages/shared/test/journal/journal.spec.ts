import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type Hop, Journal } from '../../src/journal/index.ts'
import type { AnyEnvelope, EnvelopeOf } from '../../src/model/index.ts'
import { readEnvelope } from '../../src/model/index.ts'

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 2, 4, 12) })
})
afterEach(() => {
  jest.useRealTimers()
})

function journal(options: { bodies?: boolean } = {}) {
  const published: { key: string; report: EnvelopeOf<'um.journey.v1'>['data'] }[] = []
  const broker = {
    takesLightly: true,
    breaks: false,
    publishLightly(_exchange: string, key: string, envelope: AnyEnvelope) {
      if (broker.breaks) throw new Error('broken')
      const read = readEnvelope(Buffer.from(JSON.stringify(envelope)))
      published.push({ key, report: read.data as EnvelopeOf<'um.journey.v1'>['data'] })
    },
  }
  let dropped = 0
  const counter = {
    increment: (_labels?: unknown, by = 1) => {
      dropped += by
    },
  }
  const told = new Journal({ broker, service: 'telegram-connector', replica: 't-0', bodies: options.bodies ?? false, dropped: counter })
  const tell = (message: string, hop: Hop['hop'], more: Partial<Hop> = {}) =>
    told.tell({ tenantId: 't', guest: 'g', message, hop, direction: 'toAgent', ...more })
  return { told, tell, broker, published, dropped: () => dropped, hops: () => published.flatMap(({ report }) => report.hops) }
}

describe('Journal', () => {
  it('tells hops together, after a moment, in their order', () => {
    const { tell, published } = journal()

    tell('m1', 'received')
    tell('m2', 'received')
    const before = published.length
    jest.advanceTimersByTime(100)

    expect(before).toBe(0)
    expect(published).toHaveLength(1)
    expect(published[0]).toMatchObject({ key: 'telegram-connector', report: { service: 'telegram-connector', replica: 't-0' } })
    expect(published[0]?.report.hops).toEqual([
      { tenantId: 't', guest: 'g', message: 'm1', hop: 'received', direction: 'toAgent', at: '2026-03-04T12:00:00.000Z' },
      { tenantId: 't', guest: 'g', message: 'm2', hop: 'received', direction: 'toAgent', at: '2026-03-04T12:00:00.000Z' },
    ])
  })

  it('does not wait when there are many', () => {
    const { tell, published } = journal()

    for (let number = 0; number < 450; number += 1) tell(`m${number}`, 'received')

    expect(published.map(({ report }) => report.hops.length)).toEqual([200, 200])
  })

  it('tells what is left when it is closed', () => {
    const { told, tell, hops } = journal()

    tell('m1', 'received')
    told.close()

    expect(hops()).toHaveLength(1)
  })

  it('keeps a bounded number while RabbitMQ does not take them, the latest, and counts the others', () => {
    const { tell, broker, published, hops, dropped } = journal()
    broker.takesLightly = false

    for (let number = 0; number < 2500; number += 1) tell(`m${number}`, 'received')
    jest.advanceTimersByTime(60_000)
    const meanwhile = published.length
    broker.takesLightly = true
    jest.advanceTimersByTime(100)

    expect(meanwhile).toBe(0)
    expect(dropped()).toBe(500)
    expect(hops().map(({ message }) => message)).toEqual(Array.from({ length: 2000 }, (_, number) => `m${number + 500}`))
  })

  it('never throws, and counts what was lost', () => {
    const { tell, broker, dropped } = journal()
    broker.breaks = true

    for (let number = 0; number < 200; number += 1) tell(`m${number}`, 'received')

    expect(dropped()).toBe(200)
  })

  it('tells no words unless the deployer wants them, and then only where the message appears', () => {
    const content = { kind: 'text', text: 'private words' } as const
    const [silent, open] = [journal(), journal({ bodies: true })]
    for (const { told } of [silent, open]) {
      told.tell({ tenantId: 't', guest: 'g', message: 'm', hop: 'received', direction: 'toAgent' }, content)
      told.tell({ tenantId: 't', guest: 'g', message: 'm', hop: 'verified', direction: 'toAgent' })
      told.close()
    }

    expect(JSON.stringify(silent.published)).not.toContain('private')
    expect(open.hops().map(({ text }) => text)).toEqual(['private words', undefined])
  })

  it('shortens what platforms say', () => {
    const { told, tell, hops } = journal()

    tell('m', 'failed', { detail: { why: 'x'.repeat(5000), attempt: 3 } })
    told.close()

    expect(hops()[0]?.detail).toEqual({ why: `${'x'.repeat(299)}…`, attempt: 3 })
  })

  it('takes the time that it is given', () => {
    const { told, tell, hops } = journal()

    tell('m', 'received', { at: new Date('2026-03-04T11:59:58.500Z') })
    told.close()

    expect(hops()[0]?.at).toBe('2026-03-04T11:59:58.500Z')
  })
})

describe('a message that waits', () => {
  const names = (own: ReturnType<typeof journal>) => {
    own.told.close()
    return own.hops().map(({ hop, detail }) => (detail?.attempt === undefined ? hop : `${hop} ${detail.attempt}`))
  }

  it('does not tell again that it is taken up, until it has gone on', () => {
    const own = journal()
    for (const name of ['consumed', 'rendered', 'retry', 'consumed', 'rendered', 'sent', 'consumed', 'rendered'] as const) own.tell('m', name)

    expect(names(own)).toEqual(['consumed', 'rendered', 'retry', 'sent', 'consumed', 'rendered'])
  })

  it('tells that it is taken up after it was spooled', () => {
    const own = journal()
    for (const name of ['received', 'spooled', 'consumed'] as const) own.tell('m', name)

    expect(names(own)).toEqual(['received', 'spooled', 'consumed'])
  })

  it('does not silence other messages', () => {
    const own = journal()
    own.tell('m1', 'retry')
    own.tell('m2', 'consumed')

    expect(names(own)).toEqual(['retry', 'consumed'])
  })

  it('tells the same wait once in ten seconds, each attempt and each new reason at once', () => {
    const own = journal()
    const wait = (why: string) => own.tell('m', 'waiting', { detail: { why } })
    wait('a')
    wait('a')
    jest.advanceTimersByTime(9_999)
    wait('a')
    jest.advanceTimersByTime(1)
    wait('a')
    wait('b')
    own.tell('m', 'retry', { detail: { why: 'b', attempt: 1 } })
    own.tell('m', 'retry', { detail: { why: 'b', attempt: 2 } })
    own.tell('m', 'retry', { detail: { why: 'b', attempt: 2 } })

    expect(names(own)).toEqual(['waiting', 'waiting', 'waiting', 'retry 1', 'retry 2'])
  })

  it('is forgotten when very many wait: what is told twice does no harm', () => {
    const own = journal()
    own.tell('first', 'parked')
    for (let number = 0; number < 2000; number += 1) own.tell(`m${number}`, 'parked')
    own.tell('first', 'parked')
    own.told.close()

    expect(own.hops().filter(({ message }) => message === 'first')).toHaveLength(2)
  })
})
