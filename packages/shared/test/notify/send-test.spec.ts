import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { AgentPool, AllowList } from '../../src/http/index.ts'
import { sendTest } from '../../src/notify/index.ts'
import { readEnvironment } from '../../src/service/environment.ts'
import type { Notifier as NotifierDocument } from '../../src/settings/index.ts'
import { Listener } from './listener.ts'

let listener: Listener
beforeAll(async () => {
  listener = await Listener.start()
})
beforeEach(() => {
  listener.heard.length = 0
  listener.respond = () => ({})
})
afterAll(() => listener.stop())

const environment = readEnvironment({
  SECRET_KEY: 'a-secret-of-the-tests-0123456789',
  INTERNAL_TOKEN: 'an-internal-token-of-the-tests',
  DEPLOYMENT: 'acme-prod',
})
const service = { name: 'api', label: 'API', version: '1.0.14', environment }
const routingKey = '4f0a7d2be6914c0c9d3e58b1a2c7f604'
const test = (type: NotifierDocument['type'], settings: Record<string, unknown>) =>
  sendTest({ id: '0b5a1c1e-3c64-4f0e-8d3c-1f2b6f0f9a11', type, settings }, { service, agents: new AgentPool(new AllowList([]), () => null) })

describe('sendTest', () => {
  it('sends a test and tells what was answered', async () => {
    expect(await test('slack', { webhookUrl: `${listener.url}/services/x`, minSeverity: 'critical' })).toEqual({ delivered: true, status: 200, answer: 'ok' })
    expect(listener.heard).toMatchObject([{ path: '/services/x', body: { text: ':information_source: Test message from Universal Messaging' } }])
  })

  it('tries once, and tells why it failed without the secret', async () => {
    listener.respond = ({ path }) => ({ status: 503, body: `no_team at ${path}` })

    const result = await test('slack', { webhookUrl: `${listener.url}/services/s3cr3t-t0ken-0123` })

    expect(result).toEqual({ delivered: false, status: 503, answer: 'no_team at /services/***' })
    expect(listener.heard).toHaveLength(1)
  })

  it('opens an alert and closes it again', async () => {
    listener.respond = ({ body }) => ({ status: 202, body: `{"status":"success","dedup_key":"${body.dedup_key}"}` })

    const result = await test('pagerduty', { routingKey, apiUrl: listener.url })

    expect(result).toMatchObject({ delivered: true, status: 202 })
    expect(listener.heard.map(({ body }) => body.event_action)).toEqual(['trigger', 'resolve'])
    expect(new Set(listener.heard.map(({ body }) => body.dedup_key)).size).toBe(1)
  })

  it('closes no alert that could not be opened', async () => {
    listener.respond = ({ body }) => ({ status: 400, body: `invalid key ${body.routing_key}` })

    expect(await test('pagerduty', { routingKey, apiUrl: listener.url })).toEqual({ delivered: false, status: 400, answer: 'invalid key ***' })
    expect(listener.heard).toHaveLength(1)
  })

  it('tells that nobody answered', async () => {
    listener.respond = () => 'reset'

    expect(await test('discord', { webhookUrl: `${listener.url}/api/webhooks/1/x` })).toEqual({ delivered: false, answer: 'no answer: ECONNRESET' })
  })

  it('sends nowhere that is not allowed', async () => {
    await expect(test('slack', { webhookUrl: 'https://evil.example/services/x' })).rejects.toMatchObject({ name: 'ApiError', code: 'invalid' })
    await expect(test('slack', {})).rejects.toMatchObject({ name: 'ZodError' })
  })
})
