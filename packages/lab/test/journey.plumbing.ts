import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Broker, exchanges } from '@um/shared/amqp'
import { createLogger } from '@um/shared/log'
import { envelope } from '@um/shared/model'
import { type RabbitServer, startRabbit, startTcpProxy, type TcpProxy } from '@um/testing'
import { type Lab, startLab } from '../src/index.ts'
import { eventually } from './receiver.ts'

let rabbit: RabbitServer
let proxy: TcpProxy
let broker: Broker
let lab: Lab

beforeAll(async () => {
  rabbit = await startRabbit()
  proxy = await startTcpProxy({ port: rabbit.port })
  lab = await startLab({ rabbitUrl: proxy.url(rabbit.url) })
  broker = new Broker({ url: rabbit.url, queues: [], log: createLogger({ name: 'test', level: 'fatal', flushMilliseconds: 0 }) })
})
afterAll(async () => {
  await lab?.close()
  await broker?.close()
  await proxy?.stop()
  await rabbit?.stop()
})

function tell(message: string, hop: 'received' | 'sent'): void {
  const at = new Date()
  const hops = [{ tenantId: 't1', guest: 'g1', message, hop, direction: 'toAgent' as const, at: at.toISOString() }]
  broker.publishLightly(
    exchanges.journal,
    `hop.${hop}`,
    envelope(
      'um.journey.v1',
      { id: `${message}-${hop}`, source: '/telegram', subject: 't1/g1', time: at },
      { service: 'telegram-connector', replica: 'r1', hops },
    ),
  )
}
const seen = () => lab.journeys.find({ limit: 10 }).items.map(({ message }) => message)
const isUp = () => (lab.info().journal.state === 'up' ? true : undefined)

describe('the journal', () => {
  it('is waited for until the services have declared it, and not declared by the Lab', async () => {
    const down = await eventually(() => (lab.info().journal.state === 'down' ? lab.info().journal : undefined))
    broker.start()
    await broker.whenUp()

    await eventually(isUp)

    expect(down.why).toMatch(/no exchange 'gum.journal'/)
  })

  it('shows the hops of messages, and not what is none', async () => {
    await broker.publishRaw(exchanges.journal, 'nonsense', Buffer.from('{'), {})
    tell('m1', 'received')
    tell('m1', 'sent')

    const journey = await eventually(() => lab.journeys.find({ limit: 10, message: 'm1' }).items.find(({ hops }) => hops.length === 2))

    expect(journey).toMatchObject({ state: 'done', tenantId: 't1', guest: 'g1' })
    expect(lab.info().journal.hops).toBe(2)
  })

  it('is listened to again after the connection was cut', async () => {
    await proxy.down()
    await eventually(() => (lab.info().journal.state === 'down' ? true : undefined))
    await proxy.restore()
    await eventually(isUp)
    tell('m2', 'received')

    await eventually(() => (seen().includes('m2') ? true : undefined))

    expect(seen()).toEqual(['m2', 'm1'])
  })

  it('tells no password when the broker refuses it', async () => {
    const refused = await startLab({ rabbitUrl: rabbit.url.replace('guest:guest', 'guest:a-wrong-password') })

    const status = await eventually(() => (refused.info().journal.state === 'down' ? refused.info().journal : undefined))
    await refused.close()

    expect(status.why).toMatch(/ACCESS_REFUSED|refused/i)
    expect(status.why).not.toContain('a-wrong-password')
  })
})
