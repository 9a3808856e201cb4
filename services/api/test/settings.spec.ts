import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { checkedNotifierSettings } from '@um/shared/notify'
import { FleetSettings } from '@um/shared/settings'
import { checkFleetSettings } from '../src/settings/check.ts'
import { Commander } from '../src/settings/commander.ts'
import { keptProxyPassword, withoutPassword } from '../src/settings/proxy.ts'

const none = FleetSettings.parse({})
const around = { notifiers: checkedNotifierSettings({ allowAnyHost: false }), generate: { token: () => 't', uuid: () => 'u' } }
const slack = { type: 'slack', settings: { webhookUrl: 'https://hooks.slack.com/services/T00/B00/abcdef' } }
const check = (input: unknown, stored = none) => checkFleetSettings(input, stored, around)
const pointers = (checked: ReturnType<typeof check>) => (checked.ok ? [] : checked.errors.map(({ pointer }) => pointer))

describe('checkFleetSettings', () => {
  it('takes nothing at all', () => {
    expect(check({})).toEqual({ ok: true, document: { outboundProxy: null, notifiers: [], commander: {} } })
  })

  it('gives a notifier an id and its defaults', () => {
    const checked = check({ notifiers: [slack] })

    expect(checked).toMatchObject({
      ok: true,
      document: { notifiers: [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), topic: 'Default', enabled: true, settings: { minSeverity: 'info' } }] },
    })
  })

  it('finds a masked address again by the id of its notifier', () => {
    const first = check({ notifiers: [slack] })
    const stored = first.ok ? first.document : none

    const again = check({ notifiers: [{ ...stored.notifiers[0], topic: 'Subscriptions', settings: { webhookUrl: '***' } }] }, stored)

    expect(again).toMatchObject({ ok: true, document: { notifiers: [{ topic: 'Subscriptions', settings: slack.settings }] } })
  })

  it.each(['ftp://proxy', 'proxy:3128', 'x', ''])('refuses %p as a proxy', outboundProxy => {
    expect(pointers(check({ outboundProxy }))).toEqual(['/outboundProxy'])
  })

  it.each(['http://proxy:3128', 'https://u:p@proxy.acme.com', null])('takes %p as a proxy', outboundProxy => {
    expect(check({ outboundProxy })).toMatchObject({ ok: true, document: { outboundProxy } })
  })

  it('refuses the same address twice for one topic, and takes it for two', () => {
    expect(pointers(check({ notifiers: [slack, slack] }))).toEqual(['/notifiers/1'])
    expect(check({ notifiers: [slack, { ...slack, topic: 'Subscriptions' }] }).ok).toBe(true)
  })

  it('points to the field of the notifier', () => {
    expect(
      pointers(check({ notifiers: [slack, { type: 'pagerduty', settings: { routingKey: 'short', extra: 1 } }, { type: 'fax', settings: {} }] })).sort(),
    ).toEqual(['/notifiers/1/settings/extra', '/notifiers/1/settings/routingKey', '/notifiers/2/type'])
  })

  it('refuses half a commander', () => {
    expect(pointers(check({ commander: { location: 'global' } }))).toContain('/commander/privateKey')
  })
})

describe('notifier addresses', () => {
  const takes = (type: 'slack' | 'discord' | 'gcloudcx', webhookUrl: string, anyHost = false) =>
    checkedNotifierSettings({ allowAnyHost: anyHost })[type].safeParse({ webhookUrl }).success

  it.each([
    ['slack', 'https://hooks.slack.com/services/T00/B00/x'],
    ['slack', 'https://hooks.slack.com/workflows/T00/A00/x'],
    ['slack', 'https://hooks.slack-gov.com/services/T00/B00/x'],
    ['slack', 'http://127.0.0.1:8080/slack'],
    ['slack', 'http://localhost/x'],
    ['discord', 'https://discord.com/api/webhooks/123/abc-DEF_1'],
    ['discord', 'https://canary.discord.com/api/v10/webhooks/123/abc'],
    ['discord', 'https://ptb.discordapp.com/api/webhooks/123/abc'],
    ['gcloudcx', 'https://apps.mypurecloud.jp/webhooks/api/v1/webhook/259bb4e2-f7e5-4b06-9a51-c528f412404b'],
    ['gcloudcx', 'https://apps.mypurecloud.ie:443/webhooks/api/v1/webhook/259bb4e2-f7e5-4b06-9a51-c528f412404b'],
    ['gcloudcx', 'https://apps.usw2.pure.cloud/webhooks/api/v1/webhook/259bb4e2-f7e5-4b06-9a51-c528f412404b'],
  ] as const)('%s takes %s', (type, url) => {
    expect(takes(type, url)).toBe(true)
  })

  it.each([
    ['slack', 'javascript:alert(1)'],
    ['slack', 'http://hooks.slack.com/services/x'],
    ['slack', 'https://hooks.slack.com.evil.example/services/x'],
    ['slack', 'https://hooks.slack.com:8443/services/x'],
    ['slack', 'https://hooks.slack.com/other/x'],
    ['slack', 'https://hooks.slack.com/services/'],
    ['slack', 'https://evil.example/https://hooks.slack.com/services/x'],
    ['discord', 'https://discord.com/api/webhooks/abc/def'],
    ['discord', 'https://discord.com.evil.example/api/webhooks/1/a'],
    ['discord', 'https://discord.com/api/webhooks/1/a/b'],
    ['gcloudcx', 'https://apps.evil.cloud/webhooks/api/v1/webhook/259bb4e2-f7e5-4b06-9a51-c528f412404b'],
    ['gcloudcx', 'https://apps.mypurecloud.jp/webhooks/api/v1/webhook/x'],
    ['gcloudcx', 'https://apps.mypurecloud.jp:8443/webhooks/api/v1/webhook/259bb4e2-f7e5-4b06-9a51-c528f412404b'],
  ] as const)('%s refuses %s', (type, url) => {
    expect(takes(type, url)).toBe(false)
  })

  it('are free when the deployer says so, as long as they are http(s)', () => {
    expect(takes('slack', 'http://chat.acme.internal:8065/hooks/x', true)).toBe(true)
    expect(takes('slack', 'javascript:alert(1)', true)).toBe(false)
  })
})

describe('proxy password', () => {
  const stored = { ...none, outboundProxy: 'http://user:secret@proxy:3128/' }

  it('is masked', () => {
    expect(withoutPassword(stored.outboundProxy)).toBe('http://user:***@proxy:3128/')
    expect(withoutPassword('http://proxy:3128')).toBe('http://proxy:3128')
  })

  it('is kept when the masked address comes back', () => {
    expect(keptProxyPassword({ outboundProxy: 'http://user:***@proxy:3128/' }, stored)).toEqual({ outboundProxy: stored.outboundProxy })
  })

  it('is not sent to another proxy', () => {
    const elsewhere = { outboundProxy: 'http://user:***@evil:3128/' }

    expect(keptProxyPassword(elsewhere, stored)).toEqual(elsewhere)
  })

  it('is asked for again rather than stored as its mask', () => {
    const checked = checkFleetSettings({ outboundProxy: 'http://user:***@elsewhere:8080/', notifiers: [], commander: {} }, stored, around)

    expect(checked).toMatchObject({ ok: false, errors: [{ pointer: '/outboundProxy', detail: expect.stringContaining('password again') }] })
  })
})

describe('commander', () => {
  const pem = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const account = { projectId: 'acme-123', clientEmail: 'bot@acme-123.iam.gserviceaccount.com', privateKeyId: 'abc' }

  it('takes the key of a service account, with its line ends written as \\n', () => {
    const read = Commander.safeParse({ ...account, privateKey: pem(2048).replaceAll('\n', '\\n') })

    expect(read.success).toBe(true)
    expect(read.data).toMatchObject({ location: 'global', language: 'en', environmentId: 'draft', minConfidence: 0.5 })
    expect(read.data?.privateKey).toContain('\n')
  })

  it.each([
    ['too short a key', { privateKey: pem(1024) }],
    ['no key', { privateKey: 'x' }],
    ['an elliptic one', { privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }],
  ])('refuses %s', (_name, key) => {
    expect(Commander.safeParse({ ...account, ...key }).success).toBe(false)
  })
})
