import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { provider } from '../src/provider.ts'
import { publicUrl } from '../src/urls.ts'
import { type Counterpart, contextAt, objectOf, settingsOf, startS3 } from './s3.ts'

let s3: Counterpart
beforeAll(async () => {
  s3 = await startS3(['acme-media'])
})
afterAll(() => s3.stop())
beforeEach(() => {
  s3.requests.length = 0
})

const never = new AbortController().signal
function randomBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, Math.min(at, length - 4))
  return bytes
}
function stream(bytes: Buffer): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
    })(),
    { objectMode: false },
  )
}
const put = (key: string, bytes: Buffer, options: { size?: number; settings?: Parameters<typeof provider.put>[2] } = {}): Promise<void> =>
  provider.put(objectOf(key, options.size), stream(bytes), options.settings ?? settingsOf({ apiUrl: s3.url }), contextAt(), never)
const get = (key: string): Promise<Response> => fetch(publicUrl(key, settingsOf({ apiUrl: s3.url })))
const digest = (bytes: Buffer | ArrayBuffer): string =>
  createHash('sha256')
    .update(Buffer.from(bytes as ArrayBuffer))
    .digest('hex')
const puts = () => s3.requests.filter(({ method }) => method !== 'GET')

describe('put', () => {
  it.each([
    ['nothing, size known', 0, true],
    ['nothing, size unknown', 0, false],
    ['20,000 bytes, size known', 20_000, true],
    ['20,000 bytes, size unknown', 20_000, false],
    ['exactly one part', 5_242_880, false],
    ['12 MB, size known', 12_000_000, true],
    ['12 MB, size unknown', 12_000_000, false],
  ])('stores %s byte by byte', async (what, length, isKnown) => {
    const key = `gum/t1/c1/${what} 写真+1.png`
    const bytes = randomBytes(length)

    await put(key, bytes, isKnown ? { size: length } : {})

    const answer = await get(key)
    expect(answer.status).toBe(200)
    expect(digest(await answer.arrayBuffer())).toBe(digest(bytes))
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': "inline; filename*=UTF-8''a.png",
      'cache-control': 'private, max-age=300',
      'x-amz-meta-tenant': 't1',
    })
  })

  it('asks for public objects in the one PUT of a known size', async () => {
    await put('k', randomBytes(6_000_000), { size: 6_000_000 })

    expect(puts().map(({ method, headers }) => [method, headers['x-amz-acl'], headers['content-length']])).toEqual([['PUT', 'public-read', '6000000']])
  })

  it('asks for public objects in the one PUT of a small stream', async () => {
    await put('k', randomBytes(6000))

    expect(puts().map(({ method, headers }) => [method, headers['x-amz-acl']])).toEqual([['PUT', 'public-read']])
  })

  it('asks for public objects where a multipart upload begins, and not with its parts', async () => {
    await put('k', randomBytes(6_000_000))

    expect(puts().map(({ method, query, headers }) => [method, query.has('uploads'), query.get('partNumber'), headers['x-amz-acl']])).toEqual([
      ['POST', true, null, 'public-read'],
      ['PUT', false, '1', undefined],
      ['PUT', false, '2', undefined],
      ['POST', false, null, undefined],
    ])
  })

  it.each([
    ['CloudFront reads the bucket', { cloudFrontUrl: 'https://d111.example.net' }],
    ['URLs are presigned', { accessMode: 'presigned' as const }],
  ])('asks for no public objects when %s', async (_why, more) => {
    const settings = settingsOf({ apiUrl: s3.url, ...more })

    await put('k', randomBytes(6_000_000), { settings })
    await put('k', randomBytes(6000), { settings, size: 6000 })

    expect(puts().some(({ headers }) => 'x-amz-acl' in headers)).toBe(false)
    expect(puts()).toHaveLength(5)
  })

  it('sends no framing of trailing checksums', async () => {
    await put('k', randomBytes(6000), { size: 6000 })

    expect(puts()[0]?.headers).not.toHaveProperty('x-amz-trailer')
    expect(puts()[0]?.headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD')
  })

  it.each([
    ['InvalidAccessKeyId', { accessKeyId: 'AKIAEXAMPLE00000009' }],
    ['NoSuchBucket', { bucket: 'acme-medias' }],
  ])('is refused with %s', async (code, more) => {
    const failed = put('k', randomBytes(6000), { size: 6000, settings: settingsOf({ apiUrl: s3.url, ...more }) })

    await expect(failed).rejects.toMatchObject({ name: code })
    const failure = provider.classify(await failed.catch(error => error))
    expect(failure).toMatchObject({ kind: 'subscription', why: expect.stringContaining(code) })
    expect(JSON.stringify(failure)).not.toContain('exampleSecretKey')
  })
})

describe('presigned URLs', () => {
  it('open their object for anyone, until they end', async () => {
    const settings = settingsOf({ apiUrl: s3.url, accessMode: 'presigned' })
    const week = 604_800_000
    await put('gum/t1/写真 a.png', Buffer.from('hello'), { size: 5, settings })

    const fresh = await provider.url('gum/t1/写真 a.png', settings, contextAt(new Date(Date.now() - week + 60_000).toISOString()))
    const old = await provider.url('gum/t1/写真 a.png', settings, contextAt(new Date(Date.now() - week - 60_000).toISOString()))

    expect(await (await fetch(fresh.url)).text()).toBe('hello')
    expect((await fetch(old.url)).status).toBe(403)
  })
})

describe('remove', () => {
  it('removes one or many, and minds no missing one', async () => {
    const settings = settingsOf({ apiUrl: s3.url })
    for (const key of ['a', 'b', 'c', 'd']) await put(key, Buffer.from(key), { size: 1 })

    await provider.remove(['a'], settings, contextAt())
    await provider.remove(['missing'], settings, contextAt())
    await provider.remove(['b', 'missing', 'c'], settings, contextAt())

    expect(await Promise.all(['a', 'b', 'c', 'd'].map(async key => (await get(key)).status))).toEqual([404, 404, 404, 200])
  })

  it('asks for at most a thousand at a time', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => `gum/${index}`)

    await provider.remove(keys, settingsOf({ apiUrl: s3.url }), contextAt())

    expect(s3.requests.map(({ method, query }) => [method, query.has('delete')])).toEqual([
      ['POST', true],
      ['DELETE', false],
    ])
  })
})
