import { describe, expect, it } from '@jest/globals'
import { ApiError } from '../../src/errors/index.ts'
import { assertDestination, checkedNotifierSettings, notifierLabels, notifierSettings } from '../../src/notify/index.ts'
import { secretFields } from '../../src/settings/index.ts'

type Type = keyof typeof notifierSettings
const routingKey = '4f0a7d2be6914c0c9d3e58b1a2c7f604'
const strict = { allowAnyHost: false }
const refusalOf = (type: Type, settings: unknown, options = strict) => {
  try {
    assertDestination({ type, settings }, options)
    return undefined
  } catch (error) {
    return error instanceof ApiError ? error.fields : error
  }
}

describe('where a notifier destination may be', () => {
  it.each<[Type, string]>([
    ['slack', 'https://hooks.slack.com/services/T00/B00/abcdef'],
    ['slack', 'https://hooks.slack-gov.com/services/T00/B00/abcdef'],
    ['slack', 'https://hooks.slack.com/workflows/T00/A00/1/abc'],
    ['slack', 'https://HOOKS.slack.com:443/services/T00/B00/abcdef'],
    ['discord', 'https://discord.com/api/webhooks/1080571234567890123/abc-_D'],
    ['discord', 'https://canary.discord.com/api/v10/webhooks/1/abc'],
    ['discord', 'https://ptb.discordapp.com/api/webhooks/1/abc?thread_id=1'],
    ['gcloudcx', 'https://apps.mypurecloud.jp:443/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['gcloudcx', 'https://apps.mypurecloud.com.au/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['gcloudcx', 'https://apps.use2.us-gov-pure.cloud/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['gcloudcx', 'https://apps.euc2.pure.cloud/webhooks/api/v1/webhook/0F8FAD5B-D9CB-469F-A165-70867728950E'],
    ['slack', 'http://127.0.0.1:8090/hook'],
    ['discord', 'http://localhost:8090/hook'],
    ['gcloudcx', 'http://[::1]:8090/hook'],
  ])('%s takes %s', (type, webhookUrl) => {
    expect(refusalOf(type, { webhookUrl })).toBeUndefined()
    expect(checkedNotifierSettings(strict)[type].safeParse({ webhookUrl }).success).toBe(true)
  })

  it.each<[Type, string]>([
    ['slack', 'http://hooks.slack.com/services/x'],
    ['slack', 'https://hooks.slack.com.evil.example/services/x'],
    ['slack', 'https://hooks.slack.com@evil.example/services/x'],
    ['slack', 'https://user:pass@hooks.slack.com/services/T00/B00/abcdef'],
    ['slack', 'https://user@hooks.slack.com/services/T00/B00/abcdef'],
    ['slack', 'https://hooks.slack.com:8443/services/T00/B00/abcdef'],
    ['slack', 'https://hooks.slack.com/services/'],
    ['slack', 'https://hooks.slack.com/other/services/x'],
    ['slack', 'https://hooksxslack.com/services/x'],
    ['discord', 'https://discord.com/api/webhooks/abc/def'],
    ['discord', 'https://discord.com/api/webhooks/1/abc/slack'],
    ['discord', 'https://evil.discord.com/api/webhooks/1/abc'],
    ['gcloudcx', 'https://apps.mypurecloud.io/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['gcloudcx', 'https://apps.pure.cloud.evil.example/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['gcloudcx', 'https://apps.a.b.pure.cloud/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['gcloudcx', 'https://apps.mypurecloud.jp/webhooks/api/v1/webhook/0f8fad5b'],
    ['slack', 'http://127.0.0.1.evil.example/services/x'],
    ['slack', 'http://10.0.0.1/services/x'],
  ])('%s does not take %s', (type, webhookUrl) => {
    expect(refusalOf(type, { webhookUrl })).toMatchObject([{ pointer: '/settings/webhookUrl', detail: expect.stringContaining('is not a webhook address of') }])
    expect(
      checkedNotifierSettings(strict)
        [type].safeParse({ webhookUrl })
        .error?.issues.map(({ path }) => path),
    ).toEqual([['webhookUrl']])
  })

  it('is anywhere when the deployer allows it', () => {
    const anywhere = { webhookUrl: 'http://relay.example/hook' }

    expect(refusalOf('slack', anywhere, { allowAnyHost: true })).toBeUndefined()
    expect(checkedNotifierSettings({ allowAnyHost: true }).slack.safeParse(anywhere).success).toBe(true)
  })

  it('is https for PagerDuty, but on this machine', () => {
    expect(refusalOf('pagerduty', { routingKey })).toBeUndefined()
    expect(refusalOf('pagerduty', { routingKey, apiUrl: 'http://127.0.0.1:8090' })).toBeUndefined()
    expect(refusalOf('pagerduty', { routingKey, apiUrl: 'http://events.pagerduty.com' })).toMatchObject([{ pointer: '/settings/apiUrl' }])
  })
})

describe('settings of a notifier destination', () => {
  it.each(['javascript:alert(1)', 'ftp://hooks.slack.com/services/x', 'hooks.slack.com/services/x', ''])(
    'have no %j as webhook URL, whatever is allowed',
    webhookUrl => {
      expect(notifierSettings.slack.safeParse({ webhookUrl }).success).toBe(false)
      expect(checkedNotifierSettings({ allowAnyHost: true }).slack.safeParse({ webhookUrl }).success).toBe(false)
    },
  )

  it('have defaults', () => {
    expect(notifierSettings.pagerduty.parse({ routingKey })).toEqual({
      routingKey,
      apiUrl: 'https://events.pagerduty.com',
      lifecycleAs: 'change',
      minSeverity: 'info',
    })
    expect(notifierSettings.slack.parse({ webhookUrl: ' https://hooks.slack.com/services/x ', channel: '' })).toEqual({
      webhookUrl: 'https://hooks.slack.com/services/x',
      minSeverity: 'info',
    })
  })

  it.each(['4f0a7d2be6914c0c9d3e58b1a2c7f60', `${routingKey}0`, '4f0a7d2be6914c0c-d3e58b1a2c7f604'])('refuse the routing key %s', key => {
    expect(notifierSettings.pagerduty.safeParse({ routingKey: key }).success).toBe(false)
  })

  it.each([
    ['#dev', true],
    ['@ann', true],
    ['dev', false],
    ['#two words', false],
  ])('take the channel %s: %s', (channel, ok) => {
    expect(notifierSettings.slack.safeParse({ webhookUrl: 'https://hooks.slack.com/services/x', channel }).success).toBe(ok)
  })

  it('refuse unknown fields', () => {
    expect(notifierSettings.discord.safeParse({ webhookUrl: 'https://discord.com/x', channel: '#dev' }).success).toBe(false)
    expect(checkedNotifierSettings(strict).discord.safeParse({ webhookUrl: 'http://localhost/x', channel: '#dev' }).success).toBe(false)
  })

  it('hide webhook URLs and routing keys', () => {
    const checked = checkedNotifierSettings(strict)

    for (const schemas of [notifierSettings, checked]) {
      expect(secretFields(schemas.slack)).toEqual(['webhookUrl'])
      expect(secretFields(schemas.discord)).toEqual(['webhookUrl'])
      expect(secretFields(schemas.gcloudcx)).toEqual(['webhookUrl'])
      expect(secretFields(schemas.pagerduty)).toEqual(['routingKey'])
    }
  })

  it('have a title for every field of the form', () => {
    for (const schema of Object.values(notifierSettings))
      for (const field of Object.values(schema.shape)) expect((field as (typeof schema.shape)[string]).meta?.()).toMatchObject({ title: expect.any(String) })
    expect(notifierLabels).toEqual({ gcloudcx: 'Genesys Cloud', slack: 'Slack', discord: 'Discord', pagerduty: 'PagerDuty' })
  })
})
