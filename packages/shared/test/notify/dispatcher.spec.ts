import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { AgentPool, AllowList } from '../../src/http/index.ts'
import { createMetrics } from '../../src/metrics/index.ts'
import type { DestinationState } from '../../src/notify/destination-states.ts'
import { Dispatcher } from '../../src/notify/dispatcher.ts'
import type { HoldBack } from '../../src/notify/hold-back.ts'
import { FleetSettings } from '../../src/settings/index.ts'
import { aborted, FakeClock } from './fake-clock.ts'
import { Listener } from './listener.ts'
import { recovered, refused, speaker, started } from './notices.ts'
import { type Line, recordingLog } from './recording-log.ts'

const ids = ['0b5a1c1e-3c64-4f0e-8d3c-1f2b6f0f9a11', '0b5a1c1e-3c64-4f0e-8d3c-1f2b6f0f9a12', '0b5a1c1e-3c64-4f0e-8d3c-1f2b6f0f9a13'] as const
const token = '9cXk2mPq7rStUvWxYz012345'
let chat: Listener
let other: Listener
let lines: Line[]
let states: DestinationState[]
let metrics: ReturnType<typeof createMetrics>
let clock: FakeClock
let held: Map<string, number>
let holdBack: HoldBack

beforeEach(async () => {
  ;[chat, other] = await Promise.all([Listener.start(), Listener.start()])
  lines = []
  states = []
  metrics = createMetrics({})
  clock = new FakeClock()
  held = new Map()
  holdBack = {
    claim: async key => {
      const repeats = held.get(key)
      held.set(key, repeats === undefined ? 0 : repeats + 1)
      return repeats === undefined ? 0 : undefined
    },
    clear: async key => held.delete(key),
  }
})
afterEach(async () => {
  await Promise.all([chat.stop(), other.stop()])
})

const slackAt = (url: string, more: object = {}) => ({ id: ids[0], type: 'slack', settings: { webhookUrl: `${url}/services/T00/B00/${token}` }, ...more })
const discordAt = (url: string, more: object = {}) => ({ id: ids[1], type: 'discord', settings: { webhookUrl: `${url}/api/webhooks/1/${token}` }, ...more })
function start(notifiers: object[], more: { closeMilliseconds?: number; log?: ReturnType<typeof recordingLog> } = {}) {
  const settings = { current: FleetSettings.parse({ notifiers }) }
  const reported = states
  const dispatcher = new Dispatcher({
    speaker,
    allowAnyHost: false,
    settings: () => settings.current,
    agents: new AgentPool(new AllowList([]), () => null),
    holdBack,
    log: more.log ?? recordingLog(lines),
    metrics,
    clock,
    // a budget is short only where it is what the test is about: a busy machine must not spend it
    timing: {
      tryMilliseconds: 1000,
      closingTryMilliseconds: more.closeMilliseconds === undefined ? 10_000 : 50,
      closeMilliseconds: more.closeMilliseconds ?? 20_000,
    },
    report: state => reported.push(state),
  })
  return { dispatcher, settings }
}
const textsOf = (listener: Listener) =>
  listener.heard.map(({ body }) => (body.text ?? (body.embeds as [{ description: string }] | undefined)?.[0].description) as string)

describe('the notifier', () => {
  it('tells all destinations of the topic, each in its own way', async () => {
    const { dispatcher } = start([slackAt(chat.url), discordAt(other.url)])

    dispatcher.notify(started)

    await eventually(() => expect([chat.heard.length, other.heard.length]).toEqual([1, 1]))
    expect(textsOf(chat)).toEqual([':information_source: *LINE Connector* 1.0.14 has started'])
    expect(textsOf(other)).toEqual(['LINE Connector 1.0.14 has started'])
  })

  it('does not divert from a destination of Subscriptions that refuses', async () => {
    other.respond = () => ({ status: 404, body: '{"message": "Unknown Webhook", "code": 10015}' })
    const { dispatcher } = start([slackAt(chat.url), discordAt(other.url, { topic: 'Subscriptions' })])

    dispatcher.notify(refused)

    await eventually(() => expect(states).toMatchObject([{ id: ids[1], status: 'broken', lastError: { httpStatus: 404 } }]))
    expect(chat.heard).toEqual([])
    expect(other.heard).toHaveLength(1)
  })

  it('lets no destination delay another, and returns at once', async () => {
    chat.respond = () => 'hang'
    const { dispatcher } = start([slackAt(chat.url), discordAt(other.url)], { closeMilliseconds: 50 })

    const before = performance.now()
    dispatcher.notify(started)
    expect(performance.now() - before).toBeLessThan(900)

    await eventually(() => expect(textsOf(other)).toEqual(['LINE Connector 1.0.14 has started']))
    expect(chat.heard.length).toBeLessThanOrEqual(1)
    await dispatcher.close()
  })

  it('tells a trouble once, and its end', async () => {
    const { dispatcher } = start([slackAt(chat.url)])

    for (let times = 0; times < 3; times += 1) dispatcher.notify(refused)
    dispatcher.notify(recovered)
    dispatcher.notify(recovered)
    dispatcher.notify(refused)

    await eventually(() => expect(chat.heard).toHaveLength(3))
    expect(textsOf(chat).map(text => text.split(' ')[0])).toEqual([':x:', ':white_check_mark:', ':x:'])
    expect(metrics.render()).toContain('um_notifier_held_back_total{event="subscription.error"} 2')
  })

  it('does not tell the end of a trouble that nobody heard of', async () => {
    const { dispatcher, settings } = start([slackAt(chat.url, { enabled: false })])

    dispatcher.notify(refused)
    await eventually(() => expect(lines).toMatchObject([{ level: 'info', message: refused.message, destinations: 0 }]))
    settings.current = FleetSettings.parse({ notifiers: [slackAt(chat.url)] })
    dispatcher.notify(recovered)
    dispatcher.notify(started)

    await eventually(() => expect(chat.heard).toHaveLength(1))
    expect(textsOf(chat)).toEqual([':information_source: *LINE Connector* 1.0.14 has started'])
  })

  it('ends a trouble also when nobody listens any more', async () => {
    const { dispatcher, settings } = start([slackAt(chat.url)])
    dispatcher.notify(refused)
    await eventually(() => expect(chat.heard).toHaveLength(1))

    settings.current = FleetSettings.parse({})
    dispatcher.notify(recovered)

    await eventually(() => expect(held.size).toBe(0))
  })

  it('says how many repeats it held back', async () => {
    holdBack.claim = async () => 7
    const { dispatcher } = start([slackAt(chat.url)])

    dispatcher.notify(refused)

    await eventually(() => expect(chat.heard).toHaveLength(1))
    expect(JSON.stringify(chat.heard[0]?.body)).toContain('{"title":"Held back","value":"7","short":true}')
  })

  it('limits crashes by their reason', async () => {
    const { dispatcher } = start([slackAt(chat.url)])
    const failed = { event: 'service.failed', message: 'LINE Connector 1.0.14 stopped on an error: x' } as const

    for (const reason of ['memory', 'memory', 'bug']) dispatcher.notify({ ...failed, reason })

    await eventually(() =>
      expect([...held]).toEqual([
        ['gum/acme-prod/line-connector/failed/memory', 1],
        ['gum/acme-prod/line-connector/failed/bug', 0],
      ]),
    )
    await eventually(() => expect(chat.heard).toHaveLength(2))
  })

  it('rather tells a trouble twice than never while Redis is away', async () => {
    holdBack.claim = async () => {
      throw new Error('Connection is closed.')
    }
    const { dispatcher } = start([slackAt(chat.url)])

    dispatcher.notify(refused)

    await eventually(() => expect(chat.heard).toHaveLength(1))
    expect(lines.find(({ level }) => level === 'warn')?.message).toContain('Redis is away')
  })

  it('sends to a destination what is grave enough for it', async () => {
    const { dispatcher } = start([slackAt(chat.url, { settings: { webhookUrl: `${chat.url}/x`, minSeverity: 'error' } }), discordAt(other.url)])

    dispatcher.notify(started)
    dispatcher.notify({ event: 'message.dead', message: 'A message could not be delivered' })

    await eventually(() => expect(other.heard).toHaveLength(2))
    await eventually(() => expect(textsOf(chat)).toEqual([':x: A message could not be delivered']))
  })

  it('reads changed settings at the next notice', async () => {
    const { dispatcher, settings } = start([slackAt(chat.url)])
    dispatcher.notify(started)
    await eventually(() => expect(chat.heard).toHaveLength(1))

    settings.current = FleetSettings.parse({ notifiers: [slackAt(other.url)] })
    dispatcher.notify(started)

    await eventually(() => expect(other.heard).toHaveLength(1))
    expect(chat.heard).toHaveLength(1)
  })

  it('reports a destination that refuses until it takes notices again', async () => {
    chat.respond = () => ({ status: 410, body: 'channel_is_archived' })
    const { dispatcher } = start([slackAt(chat.url)])
    const at = clock.now()
    dispatcher.notify(started)
    await eventually(() =>
      expect(states).toEqual([{ id: ids[0], type: 'slack', status: 'broken', at, queued: 0, lastError: { at, httpStatus: 410, text: 'channel_is_archived' } }]),
    )
    expect(metrics.render()).toContain(`um_notifier_broken{destination="${ids[0]}",type="slack"} 1`)
    expect(metrics.render()).toContain('um_notifier_failures_total{type="slack"} 1')

    chat.respond = () => ({})
    dispatcher.notify(started)
    dispatcher.notify(started)

    await eventually(() => expect(metrics.render()).toContain('um_notifier_sent_total{type="slack"} 2'))
    expect(states.slice(1)).toMatchObject([{ id: ids[0], status: 'working' }])
    expect(metrics.render()).not.toContain('um_notifier_broken{')
  })

  it('sends nowhere that is not allowed, and says so once', async () => {
    const { dispatcher } = start([slackAt('https://hooks.slack.com.evil.example'), { ...discordAt(other.url), settings: {} }])

    dispatcher.notify(started)
    dispatcher.notify(started)

    await eventually(() => expect(lines.filter(({ level }) => level === 'info')).toHaveLength(2))
    expect(states.map(({ status, lastError }) => [status, lastError?.text])).toEqual([
      ['broken', expect.stringContaining('is not a webhook address of Slack')],
      ['broken', 'invalid settings: webhookUrl'],
    ])
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2)
  })

  it('never throws, whatever is broken', async () => {
    const { dispatcher } = start([])
    holdBack.claim = () => {
      throw new Error('bug')
    }

    for (let number = 0; number < 2000; number += 1) expect(() => dispatcher.notify(refused)).not.toThrow()

    await eventually(() => expect(metrics.render()).toContain('um_notifier_dropped_total{event="subscription.error"} 1000'))
  })

  it('names no secret in logs and reports', async () => {
    const routingKey = '4f0a7d2be6914c0c9d3e58b1a2c7f604'
    for (const listener of [chat, other]) listener.respond = ({ path, body }) => ({ status: 400, body: `bad ${path} ${JSON.stringify(body)}` })
    const { dispatcher } = start([slackAt(chat.url), discordAt(other.url), { id: ids[2], type: 'pagerduty', settings: { routingKey, apiUrl: chat.url } }])

    dispatcher.notify({ ...refused, message: `refused: Bearer ${token}` })

    await eventually(() => expect(states).toHaveLength(3))
    const seen = JSON.stringify([lines, states])
    expect(seen).not.toContain(token)
    expect(seen).not.toContain(routingKey)
    expect(lines.filter(({ level }) => level === 'error').map(({ address }) => address)).toEqual(
      expect.arrayContaining([`${chat.url}/***`, `${other.url}/***`, `${chat.url} 4f***04`]),
    )
    expect(JSON.stringify(chat.heard)).not.toContain(`Bearer ${token}`)
  })
})

describe('the end of a notifier', () => {
  it('says that the service is stopping, and takes nothing afterwards', async () => {
    const { dispatcher } = start([slackAt(chat.url), discordAt(other.url, { topic: 'Subscriptions' })])

    await dispatcher.close()
    dispatcher.notify(refused)
    await dispatcher.close()

    await eventually(() => expect(metrics.render()).toContain('um_notifier_dropped_total{event="subscription.error"} 1'))

    expect(textsOf(chat)).toEqual([':information_source: *LINE Connector* 1.0.14 is stopping'])
    expect(other.heard).toEqual([])
  })

  it('brings first what was said just before', async () => {
    holdBack.claim = async () => {
      await new Promise(resolve => setTimeout(resolve, 5))
      return 0
    }
    clock.onSleep = (_milliseconds, signal) => aborted(signal)
    const { dispatcher } = start([slackAt(chat.url)])

    dispatcher.notify(refused)
    await dispatcher.close()

    expect(textsOf(chat).sort()).toEqual([':information_source: *LINE Connector* 1.0.14 is stopping', `:x: ${refused.message}`])
  })

  it('does not say so after a crash, which has been told', async () => {
    const { dispatcher } = start([slackAt(chat.url)])

    dispatcher.notify({ event: 'service.failed', message: 'LINE Connector 1.0.14 stopped on an error: x' })
    await dispatcher.close()

    expect(textsOf(chat)).toEqual([':rotating_light: *LINE Connector* 1.0.14 stopped on an error: x'])
  })

  it('waits for a destination that hangs no longer than its budget', async () => {
    chat.respond = () => 'hang'
    const { dispatcher } = start([slackAt(chat.url), discordAt(other.url)], { closeMilliseconds: 120 })

    const before = performance.now()
    await dispatcher.close()

    expect(performance.now() - before).toBeLessThan(5000)
    expect(chat.heard).toHaveLength(2)
    expect(textsOf(other)).toEqual(['LINE Connector 1.0.14 is stopping'])
  })
})
