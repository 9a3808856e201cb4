import { z } from 'zod'
import type { ApiAnswer, ApiRequest } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import type { IssuedToken, OfficialAccount, WechatAccount } from './account.ts'
import { WechatError } from './errors.ts'

/** https://developers.weixin.qq.com/doc/service/en/api/base/api_getstableaccesstoken.html */
const lifeSeconds = 7200
const overlapSeconds = 300
const maxForcedADay = 20
const forcedApartMs = 30_000
const dayMs = 24 * 3600_000
const Credentials = z.object({ grant_type: z.literal('client_credential'), appid: z.string(), secret: z.string(), force_refresh: z.boolean().default(false) })

/** Stable and classic tokens live beside each other, and do not know of each other. */
export class TokenDesk {
  private readonly accounts: () => WechatAccount[]
  private readonly now: () => number
  /** factor of the lives of tokens, so that a test sees them end */
  private readonly scale: number
  constructor(options: { accounts: () => WechatAccount[]; now: () => number; scale: number }) {
    this.accounts = options.accounts
    this.now = options.now
    this.scale = options.scale
  }

  /** Whose token this is. Throws WechatError. */
  accountOf(token: string | null): WechatAccount {
    if (token === null || token === '') throw new WechatError(41001)
    for (const account of this.accounts()) {
      const { stable, classic, predecessors } = account.data
      const found = [stable, classic, ...predecessors].find(each => each?.token === token)
      if (found === undefined) continue
      if (found.until <= this.now()) throw new WechatError(42001)
      return account
    }
    throw new WechatError(40001)
  }

  stable(request: ApiRequest): ApiAnswer {
    if (request.method !== 'POST') throw new WechatError(43002)
    const { data, force } = this.credentials(bodyOf(request))
    const now = this.now()
    const overlapMs = overlapSeconds * 1000 * this.scale
    const current = data.stable
    if (force) {
      data.forced.splice(0, data.forced.length, ...data.forced.filter(at => at > now - dayMs))
      if (data.forced.length >= maxForcedADay) throw new WechatError(45009)
      if (now - (data.forced.at(-1) ?? 0) < forcedApartMs) throw new WechatError(45011)
      data.forced.push(now)
      data.predecessors.length = 0
      data.stable = this.issue()
    } else if (current === undefined || current.until - overlapMs <= now) {
      data.predecessors.splice(0, data.predecessors.length, ...(current === undefined ? [] : [current]))
      data.stable = this.issue()
    }
    return this.told(data.stable ?? this.issue())
  }
  /** Each new one ends the one before. */
  classic({ query }: ApiRequest): ApiAnswer {
    const { data } = this.credentials(Object.fromEntries(query))
    data.classic = this.issue()
    return this.told(data.classic)
  }

  private issue(): IssuedToken {
    return { token: randomToken(100), until: this.now() + lifeSeconds * 1000 * this.scale }
  }
  private told({ token, until }: IssuedToken): ApiAnswer {
    return { status: 200, json: { access_token: token, expires_in: Math.max(1, Math.floor((until - this.now()) / 1000)) } }
  }
  private credentials(value: unknown): { data: OfficialAccount; force: boolean } {
    const { success, data: read } = Credentials.safeParse(value)
    if (!success) throw new WechatError(47001)
    const found = this.accounts().find(({ data }) => data.appId === read.appid)
    if (found === undefined) throw new WechatError(40013)
    if (found.data.appSecret !== read.secret) throw new WechatError(40125)
    return { data: found.data, force: read.force_refresh }
  }
}

/** Escapes for characters that UTF-8 writes as they are do not pass. */
export function bodyOf(request: ApiRequest): Record<string, unknown> {
  if (/\\u[0-9a-f]{4}/i.test(request.raw.toString('utf8'))) throw new WechatError(40033)
  try {
    const read = z.record(z.string(), z.unknown()).safeParse(request.json())
    if (read.success) return read.data
  } catch {
    // falls through to the same answer
  }
  throw new WechatError(47001)
}
