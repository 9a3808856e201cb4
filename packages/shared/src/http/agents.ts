import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { type AllowList, guardedLookup } from './private-addresses.ts'

export interface Agents {
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
}
/** `timeout` closes idle sockets before common servers do (5 s): a request on a socket that the other end is closing is of unknown outcome. */
const keepAlive = { keepAlive: true, maxSockets: 256, maxFreeSockets: 32, scheduling: 'lifo', timeout: 4000 } as const

/**
 * Connection pools by outbound proxy: one for addresses that an administrator configured, one that resolves no private address for addresses that
 * strangers name. Behind a proxy the proxy resolves names, so literal addresses are checked before (assertPublicUrl) and the rest is the proxy's policy.
 */
export class AgentPool {
  private readonly allow: AllowList
  private readonly trusted = new Map<string, Agents>()
  private readonly guarded = new Map<string, Agents>()
  private readonly proxy: () => string | null

  constructor(allow: AllowList, proxy: () => string | null) {
    this.allow = allow
    this.proxy = proxy
  }
  forConfigured(url: string): Agents {
    return this.agents(this.trusted, {}, url)
  }
  forForeign(): Agents {
    return this.agents(this.guarded, { lookup: guardedLookup(this.allow) })
  }
  private agents(pool: Map<string, Agents>, extra: object, url?: string): Agents {
    const proxy = this.proxy()
    const bypass = url !== undefined && isLoopback(url)
    const key = proxy === null || bypass ? '' : proxy
    let agents = pool.get(key)
    if (agents === undefined) {
      agents =
        key === ''
          ? { httpAgent: new HttpAgent({ ...keepAlive, ...extra }), httpsAgent: new HttpsAgent({ ...keepAlive, ...extra }) }
          : {
              httpAgent: new HttpProxyAgent(key, keepAlive) as unknown as HttpAgent,
              httpsAgent: new HttpsProxyAgent(key, keepAlive) as unknown as HttpsAgent,
            }
      pool.set(key, agents)
    }
    return agents
  }
}

/** A proxy cannot reach this machine's loopback; only tests and side-cars live there. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}
