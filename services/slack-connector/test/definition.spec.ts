import { describe, expect, it } from '@jest/globals'
import { slack } from '../src/definition.ts'
import { settings } from './samples.ts'

const manifest = JSON.parse(slack.documents?.[0]?.content('https://um.example.com/slack') ?? '')

describe('the manifest', () => {
  it('names the addresses of this deployment and no tenant', () => {
    expect(manifest.oauth_config.redirect_urls).toEqual(['https://um.example.com/slack/oauth/callback'])
    expect(manifest.settings.event_subscriptions.request_url).toBe('https://um.example.com/slack/events')
    expect(manifest.settings.interactivity).toEqual({ is_enabled: true, request_url: 'https://um.example.com/slack/interactivity' })
  })

  it('lets people write to the app, and asks for the scopes that a workspace grants', () => {
    expect(manifest.features.app_home).toEqual({ home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false })
    expect(manifest.oauth_config.scopes.bot).toEqual(slack.settings.parse(settings).scopes)
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(['app_home_opened', 'app_uninstalled', 'message.im', 'tokens_revoked'])
  })

  it('keeps within what Slack takes', () => {
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35)
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140)
    expect(manifest.features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/)
  })
})

describe('the settings', () => {
  it.each([
    ['appId', 'A123'],
    ['appId', 'a05KLM2N3P'],
    ['clientId', '1234567890'],
    ['clientSecret', ''],
    ['acceptChannelTypes', []],
    ['acceptChannelTypes', ['dm']],
    ['maxTextLength', 40_001],
    ['apiUrl', 'slack.com/api'],
  ])('refuse %s: %j', (name, value) => {
    expect(slack.settings.safeParse({ ...settings, [name]: value }).success).toBe(false)
  })

  it('need no more than the four values of the app', () => {
    const { appId, clientId, clientSecret, signingSecret } = settings

    expect(slack.settings.parse({ appId, clientId, clientSecret, signingSecret })).toMatchObject({
      acceptChannelTypes: ['im', 'app_home'],
      maxTextLength: 4000,
      apiUrl: 'https://slack.com/api',
      authorizeUrl: 'https://slack.com/oauth/v2/authorize',
    })
  })
})
