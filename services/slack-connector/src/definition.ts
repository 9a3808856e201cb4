import { defineConnector, field } from '@um/shared/contract'
import { z } from 'zod'

const scopes = ['chat:write', 'files:read', 'files:write', 'im:history', 'im:read', 'im:write', 'team:read', 'users:read', 'users:read.email']

export const slack = defineConnector({
  id: 'slack',
  role: 'messaging',
  label: 'Slack',
  media: 'Slack',
  ingress: '/slack',
  settings: z.strictObject({
    appId: field.text('App ID', {
      help: 'https://api.slack.com/apps › your app › Basic Information › App Credentials.',
      pattern: /^A[A-Z0-9]{6,}$/,
      hint: 'must be an A and at least six capital letters or digits',
      max: 40,
    }),
    clientId: field.text('Client ID', {
      help: 'Basic Information › App Credentials.',
      pattern: /^\d+\.\d+$/,
      hint: 'must be two numbers with a dot between them',
      max: 60,
    }),
    clientSecret: field.secret('Client Secret', { help: 'Basic Information › App Credentials.', max: 200 }),
    signingSecret: field.secret('Signing Secret', { help: 'Basic Information › App Credentials. Slack signs every event with it.', max: 200 }),
    closingText: field.optionalText('Closing Text', { help: 'Sent to the guest when the conversation ends.', max: 3000 }),
    replyInThread: field.toggle('Reply in Threads', false, {
      help: 'Answers go into the thread in which the guest wrote last, instead of the conversation itself.',
    }),
    acceptChannelTypes: field.choices('Channels', ['im', 'app_home', 'mpim', 'channel', 'group'], ['im', 'app_home'], {
      min: 1,
      advanced: true,
      help: 'Where guests may write: im and app_home are direct messages to the app.',
    }),
    maxTextLength: field.integer(
      'Longest Text',
      { min: 1, max: 40_000, default: 4000 },
      { advanced: true, help: 'Longer texts are split. Slack takes 40,000 characters and recommends 4,000.' },
    ),
    scopes: field.list('Scopes', z.string().regex(/^[a-z_.:]+$/, 'must be the name of a scope, e.g. chat:write'), {
      min: 1,
      max: 255,
      default: scopes,
      advanced: true,
      help: 'What a workspace is asked to grant: those of the manifest.',
    }),
    customData: field.map('Custom Data', { advanced: true, help: 'Added to the participant data of every guest.' }),
    maxClockSkewSeconds: field.integer(
      'Clock Tolerance (s)',
      { min: 10, max: 300, default: 300 },
      { advanced: true, help: 'Signed requests that are older, or from further ahead, are refused.' },
    ),
    apiUrl: field.url('API URL', 'https://slack.com/api', { advanced: true, help: 'Change it only for tests.' }),
    authorizeUrl: field.url('Authorize URL', 'https://slack.com/oauth/v2/authorize', { advanced: true, help: 'Change it only for tests.' }),
  }),
  capabilities: {
    text: { level: 'native', maxText: 40_000 },
    attachment: { level: 'native', maxCaption: 3000, maxBytes: 2 ** 30 },
    structured: { level: 'partial', maxText: 3000, maxItems: 100, templates: ['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker'] },
    system: { level: 'native' },
  },
  documents: [
    {
      name: 'manifest.json',
      title: 'App Manifest',
      help: 'At https://api.slack.com/apps choose Create New App › From a manifest, and paste it. Without an Enterprise organisation set org_deploy_enabled to false.',
      mime: 'application/json',
      content: manifest,
    },
  ],
})

/** https://docs.slack.dev/reference/app-manifest . It is there before any tenant is, so no address in it may name one. */
function manifest(webhookUrl: string): string {
  const document = {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: { name: 'Contact Centre', description: 'Talk to our agents', background_color: '#2b2d42' },
    features: {
      // without both of these people cannot write to the app
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'contact-centre', always_online: true },
    },
    oauth_config: { redirect_urls: [`${webhookUrl}/oauth/callback`], scopes: { bot: scopes } },
    settings: {
      event_subscriptions: { request_url: `${webhookUrl}/events`, bot_events: ['app_home_opened', 'app_uninstalled', 'message.im', 'tokens_revoked'] },
      interactivity: { is_enabled: true, request_url: `${webhookUrl}/interactivity` },
      org_deploy_enabled: true,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}
