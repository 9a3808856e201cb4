import { createCipheriv, createHash } from 'node:crypto'
import type { Verified } from '@um/shared/contract'
import { type Out, type Settings, type Tenant, wechat } from '../src/definition.ts'

/** Invented: nothing here opens anything. */
export const token = 'sunflowerToken2025'
export const appId = 'wx3c9e5a7b1d2f4068'
export const aesKey = 'q7Zt2LmX9vB4nK8sR1wY5cD0hF3jG6pA7uE2iO4kTz0'
export const otherKey = 'Z0zTk4Oi2Eu7Ap6Gj3Fh0Dc5Yw1Rs8Kn4Bv9Xm2Lt7q'
export const account = 'gh_3f2a9c81d7e0'
export const lena = 'oXy7AtQ2mN4pR6sU8wZ0bC1dE3fG'
export const settings = { appId, appSecret: '0123456789abcdef0123456789abcdef', token, encodingAesKey: aesKey }

/** Genuine pushes, made by another program. */
const message = (time: number, words: string, id: string): string =>
  `<xml><ToUserName><![CDATA[${account}]]></ToUserName><FromUserName><![CDATA[${lena}]]></FromUserName><CreateTime>${time}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${words}]]></Content><MsgId>${id}</MsgId></xml>`
export const plain = {
  body: message(1763803001, '你好 😀', '24680135791357902'),
  query: { signature: 'ec4ce9c1ad3bd69c46721d3203c2c620570c5b13', timestamp: '1763803001', nonce: '746120985', openid: lena },
}
export const greeting = {
  query: { signature: '5ca7b452d5ae96366e94befbca0bb05a501020c0', timestamp: '1763803000', nonce: '1290774321', echostr: '5819377263349017' },
}
export const safeA = {
  random: 'k3Jd8sPq0ZxW7vNb',
  message: message(1763803010, 'Is my parcel on its way?', '24680135791357901'),
  encrypted:
    'BMar32lyRbSiCDL5tFJtgN1spl4GbDrZxlgTMebRB8R4CkOVGmnHqsDNwLmVXe6YQiUkQ8780Vs4SjWVcb5GSI6p4BVhJQ18e1o854tKwgRXwEKKvAWCZK9NXMcLHGOOIpeplb9UvyUy5wTopqHKMZGfvaXQqaF33azAZ+AbbJNqUk824eVBNf5ShfKdGyVW6gzhdTK+hNaXs1ZwK9ohoxFNdBbcgeVK/lBS8EiY4JXP6BBKI+ZTVJz4g+KHl+2GgcdSx30Gil4wUSezQkdZmkiLbzSGEuDP7D2eshvBQ79XGvl4e8Tb+R1dRZt6PNmCxFRpesp0Db/UgL+eFtgcUVZOQSmqlQ4+OBSfkm+nqRbVauynHlRzsUZIwekSZ3vvxOKPpgaSnQITDvpLmrwp+Wk8S4w0dWhEXpahM5x+Ai1XMfkGTib/aExnfnXLQh+oT4Tx1QzmcG9FrJFKsQFrfw==',
  query: {
    signature: '3c41660f2bc837f6a23b67e808dcdde96b8dab89',
    msg_signature: '7b1336f90669dd835a37154837e48146a0824350',
    timestamp: '1763803010',
    nonce: '552310987',
    encrypt_type: 'aes',
  },
}
const startOfB =
  'mLXjlrbHmitKcsMRbxDa0nXszppGmMgRh+YagOB8T9Ysq3eHmW2QCIYypQTXuOQnRvZHyiEEG62zZiYQgTsnyRTWMmxXUpmYwvzFYq2F5AHw/RWV72PN6EgHH6QwzuSaHyAFBMNGssqPt2VBjOih0K+eTkbRQo8PFVdu79kP3Ic3G0zEKSQZPevmXJa9GMfsSep/dM7+7YxjTKnPWSg8d27DpyfQ+DHV7YxCKVxKTVCfdgxxils/zB6NFHtRtELAuYHGQcofPvcye6Ki2GuE5dmGft7WJf1p/mMhh63F3NU6ShwdgG+z9rfgJ9Ic9qSDHl/gZ/SHMjR9B6RPjIGovJ4h3IYTgZ8qDNiJEQFKzNSTyxLVj7NQJ2uNLZHjhHTA'
export const safeB = {
  random: 'Qa1Ws2Ed3Rf4Tg5Y',
  message: message(1763803020, '你好 😀', '24680135791357902'),
  encrypted: `${startOfB}Gfb+l6EoQvsIsLpHGDKTsYVX9HUmU2MUtmTIw2D28aU=`,
  /** the same, with another app's id inside */
  ofAnotherApp: `${startOfB}AxCmRb2jVTDLfpUu/yyHbVgtqKckUCqUykomXINdcfs=`,
  signatureOfAnotherApp: '62f9ffb7b73457f61984d67824847b161c7aff02',
  query: { msg_signature: 'd7784a7d6b4275a2c6eeeac4586f683448d09c9b', timestamp: '1763803020', nonce: '1830044176', encrypt_type: 'aes' },
}
export function outer(encrypted: string): string {
  return `<xml><ToUserName><![CDATA[${account}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
}

export function sha1(...parts: string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')
}
/** As WeChat encrypts, in OpenSSL's own words rather than ours. */
export function sealed(text: string, key = aesKey, app = appId): string {
  const bytes = Buffer.from(`${key}=`, 'base64')
  const length = Buffer.from(Buffer.byteLength(text).toString(16).padStart(8, '0'), 'hex')
  const open = Buffer.concat([Buffer.from('Qa1Ws2Ed3Rf4Tg5Y'), length, Buffer.from(text), Buffer.from(app)])
  const pad = 32 - (open.length % 32)
  const cipher = createCipheriv('aes-256-cbc', bytes, bytes.subarray(0, 16)).setAutoPadding(false)
  return cipher.update(Buffer.concat([open, Buffer.alloc(pad, pad)])).toString('base64') + cipher.final('base64')
}
/** An encrypted push, signed at the time of sample A. */
export function safely(text: string, { key = aesKey, app = appId, json = false } = {}): { query: Record<string, string>; body: string } {
  const [timestamp, nonce] = ['1763803010', '552310987']
  const encrypted = sealed(text, key, app)
  const query = { signature: sha1(token, timestamp, nonce), msg_signature: sha1(token, timestamp, nonce, encrypted), timestamp, nonce, encrypt_type: 'aes' }
  return { query, body: json ? JSON.stringify({ ToUserName: account, Encrypt: encrypted }) : outer(encrypted) }
}
export function signed(text: string): { query: Record<string, string>; body: string } {
  const [timestamp, nonce] = ['1763803010', '552310987']
  return { query: { signature: sha1(token, timestamp, nonce), timestamp, nonce }, body: text }
}
/** A push with these elements besides the common ones. */
export function xml(type: string, elements: string, time = 1763803010): string {
  return `<xml><ToUserName><![CDATA[${account}]]></ToUserName><FromUserName><![CDATA[${lena}]]></FromUserName><CreateTime>${time}</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${elements}</xml>`
}
export function event(name: string, elements = '<EventKey></EventKey>'): string {
  return xml('event', `<Event><![CDATA[${name}]]></Event>${elements}`)
}
const tenantId = '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30'
/** At the address that a tenant shows to be entered at WeChat, unless another is said. */
export function hook(body: string, query: Record<string, string> = {}, method = 'POST', path = `/${tenantId}`): Verified {
  return { method, path, query: new URLSearchParams(query), headers: new Headers(), raw: Buffer.from(body) } as unknown as Verified
}

export function tenant(more: Partial<Settings> = {}): Tenant {
  return {
    id: tenantId,
    name: 'ACME on WeChat',
    settings: wechat.settings.parse({ ...settings, ...more }),
    state: {},
    options: { showSystemMessages: true, prefixAgentName: false },
    webhookUrl: 'https://um.example.com/wechat',
  }
}
/** A message of an agent on its way to Lena. */
export function outgoing(more: Partial<Settings> = {}): Out {
  return {
    id: '0d9c5a52-6c1e-5f5b-8a33-3b1f0f6f7a10',
    at: new Date(1763803060e3),
    to: { guest: lena, address: {} },
    tenant: tenant(more),
    profile: {},
    author: 'agent',
  }
}
