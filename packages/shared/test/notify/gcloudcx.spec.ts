import { describe, expect, it } from '@jest/globals'
import { openDestination } from '../../src/notify/destinations.ts'
import { noticeOf, refused, render, started, tenant } from './notices.ts'

const webhookUrl = 'https://apps.mypurecloud.jp/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e'
const show = (...[facts, by]: Parameters<typeof noticeOf>) =>
  render('gcloudcx', { webhookUrl }, noticeOf(facts, by))[0]?.body as { message: string; metadata: string }

describe('a notice at Genesys Cloud', () => {
  it('looks as its documentation shows', () => {
    expect(render('gcloudcx', { webhookUrl }, noticeOf(started))).toEqual([
      {
        url: webhookUrl,
        body: {
          message: '**LINE Connector** 1.0.14 has started\n\n- Deployment: acme-prod\n- Pod: acme-line-connector-6c9f-abcde\n- Time: 2026-02-03 04:05:06 UTC',
          metadata: 'universal-messaging topic:Default severity:info event:service.started service:line-connector deployment:acme-prod',
        },
      },
    ])
  })

  it('tells the topic and severity of a subscription’s trouble to the mapping', () => {
    expect(show(refused).metadata).toBe(
      'universal-messaging topic:Subscriptions severity:error event:subscription.error service:line-connector deployment:acme-prod',
    )
  })

  it('escapes Markdown in the message and in every value', () => {
    const { message } = show({ ...refused, message: 'it is `x`', tenant: { ...tenant, name: 'line_connector*1' } }, { deployment: '[a]#\\' })

    expect(message).toContain('it is \\`x\\`\n')
    expect(message).toContain('- Tenant: line\\_connector\\*1\n')
    expect(message).toContain('- Deployment: \\[a\\]\\#\\\\\n')
  })

  it('shortens the message, not the facts below it', () => {
    const { message } = show({ ...started, message: `LINE Connector ${'#'.repeat(5000)}` })

    expect(message.length).toBeLessThanOrEqual(4000)
    expect(message.length).toBeGreaterThan(3950)
    expect(message).toMatch(/^\*\*LINE Connector\*\* (\\#)+…\n\n- Deployment: acme-prod\n- Pod: [a-z0-9-]+\n- Time: 2026-02-03 04:05:06 UTC$/)
  })

  it('masks its address in logs', () => {
    const masked = (url: string) => openDestination({ id: 'x', type: 'gcloudcx', settings: { webhookUrl: url } }, { allowAnyHost: true }).masked

    expect(masked(webhookUrl)).toBe('https://apps.mypurecloud.jp/webhooks/api/v1/webhook/****950e')
    expect(masked('https://relay.example/webhooks/0f8fad5b')).toBe('https://relay.example/***')
  })
})
