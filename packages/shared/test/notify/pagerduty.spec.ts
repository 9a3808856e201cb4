import { describe, expect, it } from '@jest/globals'
import { openDestination } from '../../src/notify/destinations.ts'
import { noticeOf, recovered, refused, render, speaker, started } from './notices.ts'

const routingKey = '4f0a7d2be6914c0c9d3e58b1a2c7f604'
const events = 'https://events.pagerduty.com/v2/enqueue'
const changes = 'https://events.pagerduty.com/v2/change/enqueue'
const show = (settings: Record<string, unknown>, ...[facts, by]: Parameters<typeof noticeOf>) =>
  render('pagerduty', { routingKey, ...settings }, noticeOf(facts, by)) as {
    url: string
    body: { event_action?: string; dedup_key?: string; payload?: { summary: string; severity: string } }
    alternative?: unknown[]
  }[]
const actions = (...parameters: Parameters<typeof show>) =>
  show(...parameters).map(({ url, body }) => (url === changes ? 'change' : `${body.event_action} ${body.dedup_key}`))
const stopping = { event: 'service.stopping', message: 'LINE Connector 1.0.14 is stopping' } as const
const failedKey = 'gum/acme-prod/line-connector/failed'
const lifecycleKey = 'gum/acme-prod/line-connector/acme-line-connector-6c9f-abcde/lifecycle'
const tenantKey = 'gum/acme-prod/line/259bb4e2-f7e5-4b06-9a51-c528f412404b/token-refused'

describe('a notice at PagerDuty', () => {
  it('opens an alert on a subscription’s trouble, as its documentation shows', () => {
    expect(show({}, refused)).toEqual([
      {
        url: events,
        body: {
          routing_key: routingKey,
          event_action: 'trigger',
          dedup_key: tenantKey,
          payload: {
            summary: 'Tenant "ACME LINE" (LINE): channel access token refused',
            source: 'acme-prod',
            severity: 'error',
            timestamp: '2026-02-03T04:05:06.000Z',
            component: 'line-connector',
            group: 'universal-messaging',
            class: 'subscription.error',
            custom_details: {
              pod: 'acme-line-connector-6c9f-abcde',
              version: '1.0.14',
              topic: 'Subscriptions',
              tenantId: '259bb4e2-f7e5-4b06-9a51-c528f412404b',
              tenantName: 'ACME LINE',
              code: 'token-refused',
            },
          },
          client: 'Universal Messaging',
          client_url: 'https://messaging.acme.com',
        },
      },
    ])
  })

  it('closes that alert on the recovery, by the same key', () => {
    expect(show({}, recovered)).toEqual([{ url: events, body: { routing_key: routingKey, dedup_key: tenantKey, event_action: 'resolve' } }])
  })

  it.each([
    ['service.failed', 'critical', failedKey],
    ['subscription.expiring', 'warning', 'gum/acme-prod/line/token-end'],
    ['commander.error', 'error', 'gum/acme-prod/line/token-end'],
    ['message.dead', 'error', 'gum/acme-prod/line/dead-token-end'],
  ] as const)('opens an alert on %s', (event, severity, key) => {
    const [request, ...more] = show({}, { event, message: 'x', reason: 'token-end' })

    expect(more).toEqual([])
    expect(request?.body).toMatchObject({ event_action: 'trigger', dedup_key: key, payload: { severity } })
  })

  it('closes the alert of a crash at the next start, and tells of the start as a change', () => {
    expect(show({}, started)).toEqual([
      { url: events, body: { routing_key: routingKey, dedup_key: failedKey, event_action: 'resolve' } },
      {
        url: changes,
        body: {
          routing_key: routingKey,
          payload: {
            summary: 'LINE Connector 1.0.14 has started',
            source: 'acme-prod',
            timestamp: '2026-02-03T04:05:06.000Z',
            custom_details: { pod: 'acme-line-connector-6c9f-abcde', version: '1.0.14', topic: 'Default' },
          },
          links: [{ href: 'https://messaging.acme.com', text: 'Universal Messaging' }],
        },
      },
    ])
  })

  it.each([
    ['change', ['change']],
    ['alert', [`trigger ${lifecycleKey}`, `resolve ${lifecycleKey}`]],
    ['none', []],
  ])('tells of a stop as %s', (lifecycleAs, expected) => {
    expect(actions({ lifecycleAs }, stopping)).toEqual(expected)
  })

  it.each([
    ['alert', [`resolve ${failedKey}`]],
    ['none', [`resolve ${failedKey}`]],
  ])('closes the alert of a crash at a start also with %s', (lifecycleAs, expected) => {
    expect(actions({ lifecycleAs }, started)).toEqual(expected)
  })

  it('closes the alert of a crash where starts themselves are too light', () => {
    expect(actions({ minSeverity: 'critical' }, started)).toEqual([`resolve ${failedKey}`])
    expect(actions({ minSeverity: 'warning', lifecycleAs: 'alert' }, stopping)).toEqual([])
  })

  it('has an alert at hand for a ruleset’s key, which takes no changes', () => {
    const ruleset = `R${routingKey.slice(1)}`

    expect(show({ routingKey: ruleset }, stopping)[0]?.alternative).toMatchObject([
      { url: events, body: { event_action: 'trigger', dedup_key: lifecycleKey, payload: { severity: 'info' } } },
      { url: events, body: { event_action: 'resolve', dedup_key: lifecycleKey } },
    ])
    expect(show({}, stopping)[0]).not.toHaveProperty('alternative')
  })

  it('opens and closes an alert of its own for a test', () => {
    const key = 'gum/acme-prod/test/8d0c39c2-6d0f-4a3e-9f55-0e0e7f5c6a01'

    expect(actions({}, { event: 'test', message: 'Test message from Universal Messaging' })).toEqual([`trigger ${key}`, `resolve ${key}`])
  })

  it('shortens the summary and keeps the whole message in the details', () => {
    const body = show({}, { ...refused, message: 'x'.repeat(1100) })[0]?.body

    expect(body?.payload?.summary).toBe(`${'x'.repeat(1023)}…`)
    expect(body).toMatchObject({ payload: { custom_details: { message: 'x'.repeat(1100) } } })
    expect(show({}, { ...refused, message: 'x'.repeat(1024) })[0]?.body.payload?.summary).toBe('x'.repeat(1024))
  })

  it('names no link of a deployment without a public address', () => {
    expect(show({}, refused, { publicUrl: 'http://localhost' })[0]?.body).not.toHaveProperty('client_url')
  })

  it('masks its routing key in logs', () => {
    const { masked } = openDestination({ id: 'x', type: 'pagerduty', settings: { routingKey } }, { allowAnyHost: false })

    expect(masked).toBe('https://events.pagerduty.com 4f***04')
  })

  it('goes to another region when told so', () => {
    const [request] = show({ apiUrl: 'https://events.eu.pagerduty.com/' }, refused, speaker)

    expect(request?.url).toBe('https://events.eu.pagerduty.com/v2/enqueue')
  })
})
