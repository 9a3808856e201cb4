import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { type FakeTelegram, startFakeTelegram } from './support/fake-telegram.ts'
import { type RunningApi, startApi, tenantNamed } from './support/running-api.ts'

let servers: [RabbitServer, RedisServer, RedisServer]
let api: RunningApi
let telegram: FakeTelegram
let chat: Server
let chatUrl: string
let chatAnswer = { status: 200, body: 'ok' }

beforeAll(async () => {
  chat = createServer((req, res) => {
    req.resume()
    res.writeHead(chatAnswer.status).end(chatAnswer.body)
  })
  await new Promise<void>(resolve => chat.listen(0, '127.0.0.1', resolve))
  chatUrl = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/services/T/B/secret`
  servers = await Promise.all([startRabbit(), startRedis(), startRedis()])
  const [rabbit, redis, redisTelegram] = servers
  api = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url })
  telegram = await startFakeTelegram({ REDIS_URL: redisTelegram.url, RABBITMQ_URL: rabbit.url })
  await api.service.broker.whenUp()
}, 60_000)
afterAll(async () => {
  await Promise.all([api?.stop(), telegram?.stop()])
  chat?.closeAllConnections()
  chat?.close()
  await Promise.all((servers ?? []).map(server => server.stop()))
})

describe('a notifier destination', () => {
  const statusOf = async () => (await api.admin('GET', '/settings/notifiers/status')).body[0]
  /** A tenant whose bot is refused, which the connector tells the destinations. */
  const trouble = (name: string) =>
    api.admin('POST', '/tenants', { ...tenantNamed(name), messaging: { type: 'telegram', settings: { apiToken: `666:${'A'.repeat(35)}` } } })

  it('is shown as the services see it: working, then broken with what it answered, without its address', async () => {
    await api.admin('PUT', '/settings', { notifiers: [{ type: 'slack', settings: { webhookUrl: chatUrl } }] })
    const before = await statusOf()

    const { body } = await trouble('First')
    await eventually(async () => expect(await statusOf()).toMatchObject({ status: 'working', lastSuccessAt: expect.any(String), lastError: null, queued: 0 }))
    chatAnswer = { status: 410, body: `channel_is_archived ${chatUrl}` }
    await api.admin('DELETE', `/tenants/${body.id}`)
    await trouble('Second')

    await eventually(async () =>
      expect(await statusOf()).toMatchObject({
        status: 'broken',
        lastError: { service: 'telegram-connector', httpStatus: 410, text: expect.stringContaining('archived') },
      }),
    )
    expect(before).toMatchObject({ status: 'unknown', lastSuccessAt: null })
    expect(JSON.stringify(await statusOf())).not.toContain('secret')
  }, 60_000)

  it('can be tried before it is saved, and after with its masked secret', async () => {
    chatAnswer = { status: 200, body: 'ok' }
    const { body: settings } = await api.admin('GET', '/settings')
    const [{ id }] = settings.notifiers

    const draft = await api.admin('POST', '/settings/notifiers/test', { type: 'slack', settings: { webhookUrl: chatUrl } })
    const masked = await api.admin('POST', '/settings/notifiers/test', { id, type: 'slack', settings: settings.notifiers[0].settings })
    const foreign = await api.admin('POST', '/settings/notifiers/test', {
      type: 'slack',
      settings: { webhookUrl: 'https://hooks.slack.com.evil.example/services/x' },
    })

    expect(draft.body).toEqual({ delivered: true, status: 200, answer: 'ok' })
    expect(settings.notifiers[0].settings.webhookUrl).toBe('***')
    expect(masked.body).toMatchObject({ delivered: true })
    expect(foreign).toMatchObject({ status: 422, body: { errors: [{ pointer: '/settings/webhookUrl' }] } })
  })
})
