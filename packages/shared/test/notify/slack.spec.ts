import { describe, expect, it } from '@jest/globals'
import { openDestination } from '../../src/notify/destinations.ts'
import { noticeOf, recovered, refused, render, started, tenant } from './notices.ts'

const webhookUrl = 'https://hooks.slack.com/services/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'
const show = (...[facts, by]: Parameters<typeof noticeOf>) => render('slack', { webhookUrl, channel: '#dev' }, noticeOf(facts, by))[0]?.body as Body
interface Body {
  text: string
  attachments: { color: string; fields: { title: string; value: string }[] }[]
}
const shownValue = (body: Body, title: string) => body.attachments[0]?.fields.find(field => field.title === title)?.value

describe('a notice at Slack', () => {
  it('looks as its documentation shows', () => {
    expect(render('slack', { webhookUrl, channel: '#dev' }, noticeOf(started))).toEqual([
      {
        url: webhookUrl,
        body: {
          text: ':information_source: *LINE Connector* 1.0.14 has started',
          username: 'Universal Messaging',
          channel: '#dev',
          attachments: [
            {
              color: '#2eb886',
              fields: [
                { title: 'Deployment', value: 'acme-prod', short: true },
                { title: 'Pod', value: 'acme-line-connector-6c9f-abcde', short: true },
              ],
              ts: 1770091506,
            },
          ],
        },
      },
    ])
  })

  it('names neither channel nor user when no channel is set', () => {
    const [request] = render('slack', { webhookUrl }, noticeOf(started))

    expect(Object.keys(request?.body ?? {})).toEqual(['text', 'attachments'])
  })

  it.each([
    ['service.stopping', ':information_source:', '#2eb886'],
    ['subscription.recovered', ':white_check_mark:', '#2eb886'],
    ['subscription.expiring', ':warning:', '#daa038'],
    ['subscription.error', ':x:', '#d00000'],
    ['message.dead', ':x:', '#d00000'],
    ['service.failed', ':rotating_light:', '#7b0000'],
  ] as const)('shows how grave %s is', (event, icon, colour) => {
    const body = show({ event, message: 'it happened' })

    expect(body.text).toBe(`${icon} it happened`)
    expect(body.attachments[0]?.color).toBe(colour)
  })

  it('escapes what would be markup, in the text and in every value', () => {
    const body = show({ ...refused, message: 'A&B <Tokyo>', tenant: { ...tenant, name: 'A&B <Tokyo>' } }, { deployment: 'a<b' })

    expect(body.text).toBe(':x: A&amp;B &lt;Tokyo&gt;')
    expect(shownValue(body, 'Tenant')).toBe('A&amp;B &lt;Tokyo&gt;')
    expect(shownValue(body, 'Deployment')).toBe('a&lt;b')
  })

  it('tells whose trouble it is, and of which service', () => {
    const body = show(refused)

    expect(body.attachments[0]?.fields.map(({ title, value }) => `${title}: ${value}`)).toEqual([
      'Deployment: acme-prod',
      'Service: LINE Connector',
      'Pod: acme-line-connector-6c9f-abcde',
      'Tenant: ACME LINE',
      'Code: token-refused',
    ])
  })

  it('keeps the text within 3000 characters without tearing an escape', () => {
    const { text } = show({ ...recovered, message: '&'.repeat(4000) })

    expect(text.length).toBeLessThanOrEqual(3000)
    expect(text.length).toBeGreaterThan(2900)
    expect(text).toMatch(/^:white_check_mark: (&amp;)+…$/)
  })

  it.each([
    ['https://hooks.slack.com/services/T00/B00/abcdef', 'https://hooks.slack.com/services/T***/B***/***'],
    ['https://hooks.slack.com/workflows/T00/A00/123/abcdef', 'https://hooks.slack.com/workflows/***/***/***/***'],
    ['https://hooks.slack.com/services/abcdef', 'https://hooks.slack.com/services/***'],
    ['http://127.0.0.1:8090/slack/services/T00/B00/abcdef', 'http://127.0.0.1:8090/***'],
  ])('masks %s in logs', (url, masked) => {
    expect(openDestination({ id: 'x', type: 'slack', settings: { webhookUrl: url } }, { allowAnyHost: false }).masked).toBe(masked)
  })
})
