/** https://docs.slack.dev/reference/app-manifest : made before the tenant is there, so no address in it may name the tenant. */
export interface SlackManifestOptions {
  /** of the connector, https://host/slack */
  address: string
  name: string
}

const scopes = ['chat:write', 'files:read', 'files:write', 'im:history', 'im:read', 'im:write', 'team:read', 'users:read', 'users:read.email']
const events = ['app_home_opened', 'app_uninstalled', 'message.im', 'tokens_revoked']

export function slackManifest({ address, name }: SlackManifestOptions): string {
  const shown = [...name.trim()].slice(0, 35).join('') || 'Contact Centre'
  return JSON.stringify(
    {
      _metadata: { major_version: 1, minor_version: 1 },
      display_information: { name: shown, description: 'Talk to our agents', background_color: '#2b2d42' },
      features: {
        // both are needed for people to be able to write to the app
        app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
        bot_user: { display_name: botName(shown), always_online: true },
      },
      oauth_config: { redirect_urls: [`${address}/oauth/callback`], scopes: { bot: scopes } },
      settings: {
        event_subscriptions: { request_url: `${address}/events`, bot_events: events },
        interactivity: { is_enabled: true, request_url: `${address}/interactivity` },
        org_deploy_enabled: true,
        socket_mode_enabled: false,
        token_rotation_enabled: false,
      },
    },
    null,
    2,
  )
}

/** Slack takes small ASCII letters, digits, - _ and . only. */
function botName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain === '' ? 'contact-centre' : plain
}
