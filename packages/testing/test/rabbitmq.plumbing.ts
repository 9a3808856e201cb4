import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ConfirmChannel, connect } from 'amqplib'
import { eventually } from '../src/eventually.ts'
import { isAlive, run } from '../src/process.ts'
import { type RabbitServer, startRabbit } from '../src/rabbitmq.ts'

let first: RabbitServer
let second: RabbitServer

beforeAll(async () => {
  ;[first, second] = await Promise.all([startRabbit(), startRabbit()])
}, 120_000)
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()])
}, 60_000)

async function withChannel<T>(server: RabbitServer, use: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await connect(server.url)
  // without listeners the errors of a dying node would be thrown; the calls in hand are rejected all the same
  connection.on('error', () => undefined)
  const channel = await connection.createConfirmChannel()
  channel.on('error', () => undefined)
  const result = await use(channel)
  await connection.close()
  return result
}
async function publish(server: RabbitServer, text: string): Promise<void> {
  await withChannel(server, async channel => {
    await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    channel.sendToQueue('kept', Buffer.from(text), { persistent: true })
    await channel.waitForConfirms()
  })
}
async function take(server: RabbitServer): Promise<string | undefined> {
  const message = await withChannel(server, channel => channel.get('kept', { noAck: true }))
  return message === false ? undefined : message.content.toString()
}

describe('startRabbit', () => {
  it('keeps confirmed messages of quorum queues over kill -9 and a restart', async () => {
    await publish(first, 'earlier')
    // RabbitMQ 3.10 forgets quorum queues that are killed within their first second; a stop in good order writes them down
    await first.restart()
    await eventually(async () => expect(await take(first)).toBe('earlier'), { withinMs: 30_000 })
    await publish(first, 'survivor')

    await first.kill9()
    await expect(connect(first.url)).rejects.toThrow()
    await first.restart()

    await eventually(async () => expect(await take(first)).toBe('survivor'), { withinMs: 30_000 })
  }, 120_000)

  it('shares nothing with another node beside it', async () => {
    await publish(first, 'of the first')

    const [queuesOfFirst, queuesOfSecond] = await Promise.all([first, second].map(server => server.ctl('-q', 'list_queues', 'name', '--no-table-headers')))

    expect(queuesOfFirst?.trim()).toBe('kept')
    expect(queuesOfSecond?.trim()).toBe('')
  })

  it('listens on the loopback interface only', async () => {
    const addresses = await listeningAddresses(first.pids())

    expect(addresses).toContain(`127.0.0.1:${first.port}`)
    expect(addresses.filter(address => !/^(127\.0\.0\.1|\[::1\]):/.test(address))).toEqual([])
  })

  it('leaves neither the node nor its helpers nor the port mapper behind', async () => {
    const third = await startRabbit()
    const pids = await withDescendants(third.pids())
    expect(pids.length).toBeGreaterThan(2)

    await third.stop()

    await eventually(() => expect(pids.filter(isAlive)).toEqual([]))
  }, 60_000)
})

/** Addresses of the listening sockets that these processes hold. */
async function listeningAddresses(pids: number[]): Promise<string[]> {
  const lines = (await run('ss', ['-ltnpH'])).split('\n')
  return lines.filter(line => pids.some(pid => line.includes(`pid=${pid},`))).map(line => line.trim().split(/\s+/)[3] ?? '')
}

async function withDescendants(pids: number[]): Promise<number[]> {
  const all = [...pids]
  for (const pid of all) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    all.push(...children.filter(child => child !== '').map(Number))
  }
  return all
}
