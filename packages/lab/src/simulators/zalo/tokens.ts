import { createHash, createHmac } from 'node:crypto'
import type { ApiAnswer } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import type { Oa, Tokens } from './account.ts'
import { tokenError, ZaloError } from './errors.ts'

const codeMs = 10 * 60_000
const tokenSeconds = 90_000

interface Code {
  account: Oa
  challenge: string
  until: number
}
interface Parts {
  accounts(): Oa[]
  now(): number
  /** factor of the lives of tokens */
  scale: number
}

/** OAuth v4 of Zalo: codes with a challenge, and refresh tokens that are good once. */
export class TokenDesk {
  private readonly codes = new Map<string, Code>()
  /** every refresh token that was used: using it again is a mistake that the tests want to see */
  readonly spent = new Set<string>()
  reused = 0
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Zalo's question to the administrator of an account. */
  permissionPage(query: URLSearchParams): ApiAnswer {
    const answer = (oa: string) => `/v4/oa/answer?${new URLSearchParams({ ...Object.fromEntries(query), oa })}`.replaceAll('&', '&amp;')
    const own = this.parts.accounts().filter(({ data }) => data.app.appId === query.get('app_id'))
    const links = own.map(({ id, name }) => `<p><a href="${answer(id)}">Allow for ${name.replaceAll('<', '&lt;')}</a></p>`).join('')
    const body = `<!doctype html><title>Zalo (simulated)</title><h1>Zalo (simulated)</h1>${links || '<p>Unknown application</p>'}`
    return { status: links === '' ? 400 : 200, bytes: { mime: 'text/html; charset=utf-8', body: Buffer.from(body) } }
  }
  allowed(query: URLSearchParams): ApiAnswer {
    const account = this.parts.accounts().find(({ id, data }) => id === query.get('oa') && data.app.appId === query.get('app_id'))
    const redirect = query.get('redirect_uri') ?? ''
    const challenge = query.get('code_challenge') ?? ''
    if (account === undefined || !URL.canParse(redirect) || challenge === '') return { status: 400, json: { error: -14_002, error_name: 'Invalid parameter' } }
    const code = randomToken(24)
    this.codes.set(code, { account, challenge, until: this.parts.now() + codeMs })
    return { status: 302, headers: { Location: `${redirect}?${new URLSearchParams({ code, oa_id: account.id, state: query.get('state') ?? '' })}` } }
  }

  exchange(form: URLSearchParams, secret: string | undefined): ApiAnswer {
    const own = this.parts.accounts().filter(({ data }) => data.app.appId === form.get('app_id'))
    if (own[0] === undefined) return tokenError(-14_001, 'Invalid app_id')
    if (own[0].data.app.appSecret !== secret) return tokenError(-14_004, 'Invalid secret_key')
    return form.get('grant_type') === 'refresh_token' ? this.refresh(own, form.get('refresh_token') ?? '') : this.redeem(form)
  }
  private redeem(form: URLSearchParams): ApiAnswer {
    const code = this.codes.get(form.get('code') ?? '')
    this.codes.delete(form.get('code') ?? '')
    if (code === undefined || code.until < this.parts.now() || code.account.data.app.appId !== form.get('app_id')) return tokenError(-14_003, 'Invalid code')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (challenge !== code.challenge) return tokenError(-14_010, 'Invalid code_verifier')
    return this.granted(code.account)
  }
  private refresh(own: readonly Oa[], token: string): ApiAnswer {
    if (this.spent.has(token)) this.reused += 1
    const account = own.find(({ data }) => data.tokens?.refresh === token && !data.tokens.isRevoked)
    if (account === undefined) return tokenError(-14_014, 'Invalid refresh token')
    this.spent.add(token)
    return this.granted(account)
  }
  private granted({ data }: Oa): ApiAnswer {
    const seconds = tokenSeconds * this.parts.scale
    data.tokens = { access: randomToken(48), refresh: randomToken(48), endsAt: this.parts.now() + seconds * 1000, isRevoked: false }
    // a number, as text
    return { status: 200, json: { access_token: data.tokens.access, refresh_token: data.tokens.refresh, expires_in: String(seconds) } }
  }

  find(token: string | undefined): Oa | undefined {
    return this.parts.accounts().find(({ data }) => token !== undefined && data.tokens?.access === token)
  }
  /** Whose call this is. Throws what Zalo says otherwise. */
  accountOf(token: string | undefined, proof: string | undefined): Oa {
    const account = this.find(token)
    const tokens: Tokens | undefined = account?.data.tokens
    if (account === undefined || tokens === undefined || tokens.isRevoked) throw new ZaloError(-216, 'Access token is invalid')
    if (tokens.endsAt <= this.parts.now()) throw new ZaloError(-220, 'access_token is expired or removed')
    const { app } = account.data
    if (app.demandsProof && proof !== createHmac('sha256', app.appSecret).update(tokens.access).digest('hex'))
      throw new ZaloError(-242, 'appsecret_proof provided in the request is invalid')
    return account
  }
}
