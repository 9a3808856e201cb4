import { randomToken } from '../../kit/random.ts'
import { SlackError } from './errors.ts'
import { type App, type Install, type SlackAccount, slackId, slackToken } from './workspace.ts'

const codeMs = 10 * 60_000
const tokenSeconds = 43_200

interface Code {
  account: SlackAccount
  redirectUri: string
  until: number
}

/** OAuth v2 of Slack: codes, bot tokens, rotation. https://docs.slack.dev/authentication/installing-with-oauth */
export class TokenDesk {
  private readonly codes = new Map<string, Code>()
  private readonly accounts: () => SlackAccount[]
  private readonly now: () => number
  /** factor of the lives of tokens */
  private readonly scale: number

  constructor(options: { accounts: () => SlackAccount[]; now: () => number; scale: number }) {
    this.accounts = options.accounts
    this.now = options.now
    this.scale = options.scale
  }

  appOf(clientId: string | null): App | undefined {
    return this.accounts().find(({ data }) => data.app.clientId === clientId)?.data.app
  }
  /** Somebody has pressed "Allow". */
  allow(account: SlackAccount, redirectUri: string): string {
    const code = randomToken(24)
    this.codes.set(code, { account, redirectUri, until: this.now() + codeMs })
    return code
  }

  /** `oauth.v2.access` */
  exchange(form: URLSearchParams, authorization: string | undefined): object {
    const app = this.authenticate(form, authorization)
    return form.get('grant_type') === 'refresh_token' ? this.refresh(app, form.get('refresh_token')) : this.redeem(app, form)
  }
  private authenticate(form: URLSearchParams, authorization: string | undefined): App {
    const basic = /^Basic (.+)$/.exec(authorization ?? '')?.[1]
    const [id, secret] = basic === undefined ? [form.get('client_id'), form.get('client_secret')] : Buffer.from(basic, 'base64').toString('utf8').split(':')
    const app = this.appOf(id ?? null)
    if (app === undefined) throw new SlackError('invalid_client_id')
    if (app.clientSecret !== secret) throw new SlackError('bad_client_secret')
    return app
  }
  private redeem(app: App, form: URLSearchParams): object {
    const code = this.codes.get(form.get('code') ?? '')
    this.codes.delete(form.get('code') ?? '')
    if (code === undefined || code.until < this.now() || code.account.data.app !== app) throw new SlackError('invalid_code')
    if (form.get('redirect_uri') !== code.redirectUri) throw new SlackError('bad_redirect_uri')
    const { data, name } = code.account
    const botUserId = data.install?.botUserId ?? slackId('U')
    data.install = { botUserId, botId: data.install?.botId ?? slackId('B'), ...this.fresh(app), isRevoked: false }
    return {
      ok: true,
      ...this.granted(data.install),
      ...{ app_id: app.appId, bot_user_id: botUserId, scope: 'chat:write,im:history,files:read', is_enterprise_install: false },
      ...{ team: { id: data.team, name }, enterprise: data.enterprise ?? null, authed_user: { id: 'U0LABADMIN' } },
    }
  }
  /** The old refresh token is used up. */
  private refresh(app: App, token: string | null): object {
    const account = this.accounts().find(({ data }) => data.app === app && data.install?.refreshToken === token)
    const install = account?.data.install
    if (account === undefined || install === undefined || token === null || install.isRevoked) throw new SlackError('invalid_refresh_token')
    Object.assign(install, this.fresh(app))
    return { ok: true, ...this.granted(install), app_id: app.appId, bot_user_id: install.botUserId, team: { id: account.data.team, name: account.name } }
  }
  private fresh({ rotation }: App): Pick<Install, 'token' | 'refreshToken' | 'expiresAt'> {
    if (!rotation) return { token: slackToken('xoxb'), refreshToken: undefined, expiresAt: undefined }
    return { token: slackToken('xoxe.xoxb'), refreshToken: slackToken('xoxe'), expiresAt: this.now() + tokenSeconds * 1000 * this.scale }
  }
  private granted({ token, refreshToken }: Install): object {
    return {
      access_token: token,
      token_type: 'bot',
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken, expires_in: tokenSeconds * this.scale }),
    }
  }

  /** Whose token this is. Throws what Slack says otherwise. */
  accountOf(authorization: string | undefined): SlackAccount {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
    if (token === undefined) throw new SlackError('not_authed')
    const account = this.accounts().find(({ data }) => data.install?.token === token)
    const install = account?.data.install
    if (account === undefined || install === undefined) throw new SlackError('invalid_auth')
    if (install.isRevoked) throw new SlackError('token_revoked')
    if (install.expiresAt !== undefined && install.expiresAt <= this.now()) throw new SlackError('token_expired')
    return account
  }
}
