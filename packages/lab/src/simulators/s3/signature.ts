import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { requestUrl } from '../../kit/exchange.ts'

/** AWS Signature Version 4: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html */

export interface Keys {
  accessKeyId: string
  secretAccessKey: string
}
/** none: nobody signed it. */
export type Verdict = 'none' | 'valid' | 'unknownKey' | 'mismatch' | 'skewed' | 'expired'

const maxSkewMs = 15 * 60 * 1000

interface Claim {
  accessKeyId: string
  /** `<date>/<region>/<service>/aws4_request` */
  scope: string
  signedHeaders: string
  signature: string
  /** `20260304T050607Z` */
  time: string
  payload: string
  /** presigned */
  expiresSeconds?: number
}

export function verifySignature(req: IncomingMessage, keys: Keys, now: Date): Verdict {
  const url = requestUrl(req)
  const claim = url.searchParams.has('X-Amz-Signature') ? claimOfQuery(url.searchParams) : claimOfHeaders(req)
  if (claim === undefined) return req.headers.authorization === undefined ? 'none' : 'mismatch'
  if (claim.accessKeyId !== keys.accessKeyId) return 'unknownKey'
  const signedAt = instant(claim.time)
  if (Number.isNaN(signedAt)) return 'mismatch'
  if (claim.expiresSeconds === undefined ? Math.abs(now.getTime() - signedAt) > maxSkewMs : false) return 'skewed'
  if (claim.expiresSeconds !== undefined && now.getTime() > signedAt + claim.expiresSeconds * 1000) return 'expired'
  const canonical = [
    req.method ?? 'GET',
    (req.url ?? '/').split('?')[0] ?? '/',
    canonicalQuery(url.searchParams),
    canonicalHeaders(req, claim.signedHeaders),
    claim.signedHeaders,
    claim.payload,
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', claim.time, claim.scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const expected = createHmac('sha256', signingKey(keys.secretAccessKey, claim.scope)).update(toSign).digest('hex')
  const given = Buffer.from(claim.signature)
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected)) ? 'valid' : 'mismatch'
}

function claimOfHeaders(req: IncomingMessage): Claim | undefined {
  const match = /^AWS4-HMAC-SHA256\s+Credential=([^/,]+)\/([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/.exec(req.headers.authorization ?? '')
  const [, accessKeyId, scope, signedHeaders, signature] = match ?? []
  const time = req.headers['x-amz-date']
  const payload = req.headers['x-amz-content-sha256']
  if (accessKeyId === undefined || scope === undefined || signedHeaders === undefined || signature === undefined) return undefined
  if (typeof time !== 'string' || typeof payload !== 'string') return undefined
  return { accessKeyId, scope, signedHeaders, signature, time, payload }
}

function claimOfQuery(query: URLSearchParams): Claim | undefined {
  const [accessKeyId, ...scope] = (query.get('X-Amz-Credential') ?? '').split('/')
  const signedHeaders = query.get('X-Amz-SignedHeaders')
  const signature = query.get('X-Amz-Signature')
  const time = query.get('X-Amz-Date')
  const expiresSeconds = Number(query.get('X-Amz-Expires'))
  if (accessKeyId === undefined || signedHeaders === null || signature === null || time === null || !Number.isFinite(expiresSeconds)) return undefined
  const payload = query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD'
  return { accessKeyId, scope: scope.join('/'), signedHeaders, signature, time, payload, expiresSeconds }
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
}
function canonicalHeaders(req: IncomingMessage, signedHeaders: string): string {
  const lines = signedHeaders.split(';').map(name => {
    const value = req.headers[name]
    return `${name}:${(Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/\s+/g, ' ')}\n`
  })
  return lines.join('')
}

function signingKey(secret: string, scope: string): Buffer {
  const [date = '', region = '', service = ''] = scope.split('/')
  let key: Buffer = Buffer.from(`AWS4${secret}`)
  for (const part of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest()
  return key
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
function instant(time: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time)
  return match === null ? Number.NaN : Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`)
}
