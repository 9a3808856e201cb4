import { describe, expect, it } from '@jest/globals'
import { openDestination } from '../../src/notify/destinations.ts'
import { noticeOf, refused, render, started } from './notices.ts'

const webhookUrl = 'https://discord.com/api/webhooks/1080571234567890123/dXk2mPq7rStUvWxYz012345-_AbC'
interface Embed {
  title: string
  description: string
  color: number
  fields: { name: string; value: string }[]
}
const show = (...[facts, by]: Parameters<typeof noticeOf>) => {
  const [request] = render('discord', { webhookUrl }, noticeOf(facts, by))
  return ((request as { body: unknown }).body as { embeds: [Embed] }).embeds[0]
}

describe('a notice at Discord', () => {
  it('looks as its documentation shows, and waits for the message to be kept', () => {
    expect(render('discord', { webhookUrl }, noticeOf(started))).toEqual([
      {
        url: `${webhookUrl}?wait=true`,
        body: {
          username: 'Universal Messaging',
          allowed_mentions: { parse: [] },
          embeds: [
            {
              title: 'LINE Connector',
              description: 'LINE Connector 1.0.14 has started',
              color: 3061894,
              timestamp: '2026-02-03T04:05:06.000Z',
              fields: [
                { name: 'Deployment', value: 'acme-prod', inline: true },
                { name: 'Pod', value: 'acme-line-connector-6c9f-abcde', inline: true },
              ],
            },
          ],
        },
      },
    ])
  })

  it('keeps the query of the webhook', () => {
    const [request] = render('discord', { webhookUrl: `${webhookUrl}?thread_id=42&wait=false` }, noticeOf(started))

    expect(request?.url).toBe(`${webhookUrl}?thread_id=42&wait=true`)
  })

  it('never sends an empty value', () => {
    expect(show(started, { pod: '' }).fields).toContainEqual({ name: 'Pod', value: '-', inline: true })
  })

  it.each([
    ['service.started', 3061894],
    ['subscription.expiring', 14327864],
    ['commander.error', 13631488],
    ['service.failed', 8060928],
  ] as const)('colours %s', (event, colour) => {
    expect(show({ event, message: 'x' }).color).toBe(colour)
  })

  it('shows names as they are, not as markup', () => {
    expect(show({ ...refused, message: 'Tenant "line_a*b" [x](https://y)' }).description).toBe('Tenant "line\\_a\\*b" \\[x\\](https://y)')
  })

  it('stays within the limits of an embed', () => {
    const embed = show({ ...refused, message: '_'.repeat(4000), tenant: { id: 't', name: '*'.repeat(2000) } }, { label: 'L'.repeat(300) })

    expect(embed.title).toBe(`${'L'.repeat(255)}…`)
    expect(embed.description.length).toBeLessThanOrEqual(4096)
    expect(embed.description).toMatch(/^(\\_)+…$/u)
    expect(embed.fields.find(({ name }) => name === 'Tenant')?.value).toMatch(/^(\\\*){511}…$/u)
  })

  it.each([
    [webhookUrl, 'https://discord.com/api/webhooks/1080571234567890123/***'],
    [webhookUrl.replace('/api/', '/api/v10/'), 'https://discord.com/api/v10/webhooks/1080571234567890123/***'],
    ['https://localhost/api/webhooks/1/abc', 'https://localhost/***'],
  ])('masks %s in logs', (url, masked) => {
    expect(openDestination({ id: 'x', type: 'discord', settings: { webhookUrl: url } }, { allowAnyHost: false }).masked).toBe(masked)
  })
})
