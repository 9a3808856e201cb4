import { createPublicKey, verify } from 'node:crypto'
import { z } from 'zod'
import type { ApiAnswer } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import type { Channel } from './account.ts'
import { TokenError } from './errors.ts'

/** https://developers.line.biz/en/docs/basics/channel-access-token/ */
const statelessSeconds = 900
const shortLivedSeconds = 30 * 86_400
const maxTokens = 30
const audience = 'https://api.line.me/'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const maxAssertionSeconds = 1800
const maxTokenSeconds = 30 * 86_400

const Header = z.object({ alg: z.literal('RS256'), typ: z.literal('JWT'), kid: z.string() })
const Claims = z.object({ iss: z.string(), sub: z.string(), aud: z.literal(audience), exp: z.int(), token_exp: z.int().optional() })

export class TokenDesk {
  private readonly channels: () => Channel[]
  private readonly now: () => number
  /** factor of the lives of tokens, so that a test sees them end */
  private readonly scale: number

  constructor(options: { channels: () => Channel[]; now: () => number; scale: number }) {
    this.channels = options.channels
    this.now = options.now
    this.scale = options.scale
  }

  /** Whose token this is, if it is any good. */
  find(token: string): Channel | undefined {
    return this.channels().find(channel => channel.longLivedToken === token || (channel.tokens.get(token)?.until ?? 0) > this.now())
  }

  stateless(form: URLSearchParams): ApiAnswer {
    const channel = form.has('client_assertion') ? this.byAssertion(form).channel : this.bySecret(form)
    return this.issue(channel, 'stateless', statelessSeconds)
  }
  versionTwoOne(form: URLSearchParams): ApiAnswer {
    const { channel, keyId, seconds } = this.byAssertion(form)
    const live = [...channel.tokens.values()].filter(token => token.kind === 'v2.1' && token.until > this.now())
    if (live.length >= maxTokens) throw new TokenError(400, 'invalid_request', 'The maximum number of access tokens has already been issued')
    return this.issue(channel, 'v2.1', seconds, keyId)
  }
  shortLived(form: URLSearchParams): ApiAnswer {
    const channel = this.bySecret(form)
    const live = [...channel.tokens].filter(([, token]) => token.kind === 'shortLived')
    const [oldest] = live
    if (oldest !== undefined && live.length >= maxTokens) channel.tokens.delete(oldest[0])
    return this.issue(channel, 'shortLived', shortLivedSeconds)
  }
  revokeVersionTwoOne(form: URLSearchParams): ApiAnswer {
    this.bySecret(form, false).tokens.delete(form.get('access_token') ?? '')
    return { status: 200, json: {} }
  }
  revokeShortLived(form: URLSearchParams): ApiAnswer {
    for (const channel of this.channels()) channel.tokens.delete(form.get('access_token') ?? '')
    return { status: 200, json: {} }
  }
  verifyVersionTwoOne(query: URLSearchParams): ApiAnswer {
    const token = query.get('access_token') ?? ''
    const channel = this.find(token)
    const facts = channel?.tokens.get(token)
    if (channel === undefined || facts === undefined) throw new TokenError(400, 'invalid_request', 'access token expired')
    return { status: 200, json: { client_id: channel.channelId, expires_in: Math.floor((facts.until - this.now()) / 1000), scope: '' } }
  }

  private issue(channel: Channel, kind: 'stateless' | 'v2.1' | 'shortLived', seconds: number, keyId?: string): ApiAnswer {
    const access_token = randomToken(48)
    const lives = seconds * this.scale
    channel.tokens.set(access_token, { kind, until: this.now() + lives * 1000, ...(keyId === undefined ? {} : { keyId }) })
    return {
      status: 200,
      json: { access_token, token_type: 'Bearer', expires_in: Math.max(1, Math.floor(lives)), ...(keyId === undefined ? {} : { key_id: keyId }) },
    }
  }
  private bySecret(form: URLSearchParams, isGrant = true): Channel {
    if (isGrant && form.get('grant_type') !== 'client_credentials') throw new TokenError(400, 'unsupported_grant_type', 'unsupported grant_type')
    const channel = this.channels().find(each => each.channelId === form.get('client_id'))
    if (channel === undefined || channel.channelSecret !== form.get('client_secret')) throw new TokenError(400, 'invalid_client', 'invalid client_secret')
    return channel
  }
  /** The key id leads to the key, the key to the truth of the rest. */
  private byAssertion(form: URLSearchParams): { channel: Channel; keyId: string; seconds: number } {
    const refuse = (why: string) => new TokenError(400, 'invalid_client', why)
    if (form.get('grant_type') !== 'client_credentials') throw new TokenError(400, 'unsupported_grant_type', 'unsupported grant_type')
    if (form.get('client_assertion_type') !== assertionType) throw refuse('invalid client_assertion_type')
    const [head = '', payload = '', signature = ''] = (form.get('client_assertion') ?? '').split('.')
    const header = Header.safeParse(decoded(head))
    const claims = Claims.safeParse(decoded(payload))
    if (!header.success || !claims.success) throw refuse('Invalid client_assertion')
    const { iss, sub, exp, token_exp = maxTokenSeconds } = claims.data
    const channel = this.channels().find(each => each.channelId === iss)
    const key = channel?.publicKeys.get(header.data.kid)
    if (channel === undefined || key === undefined || sub !== iss) throw refuse('Invalid client_assertion')
    const isGenuine = verify('sha256', Buffer.from(`${head}.${payload}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'))
    if (!isGenuine) throw refuse('Invalid client_assertion')
    const now = this.now() / 1000
    if (exp <= now || exp > now + maxAssertionSeconds + 1) throw refuse('invalid exp')
    if (token_exp < 1 || token_exp > maxTokenSeconds) throw refuse('invalid token_exp')
    return { channel, keyId: header.data.kid, seconds: token_exp }
  }
}
function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
