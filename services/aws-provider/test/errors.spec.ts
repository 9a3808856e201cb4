import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { NotPublic } from '@um/shared/storage'
import { advise, classify } from '../src/errors.ts'
import { provider } from '../src/provider.ts'
import { type Counterpart, contextAt, errorXml, objectOf, type Scripted, settingsOf, startScripted } from './s3.ts'

/** What really comes out of the SDK when S3 answers so. */
async function errorFrom(answer: Scripted | undefined): Promise<unknown> {
  const s3: Counterpart = await startScripted(() => answer)
  try {
    await provider.put(
      objectOf('k', 2),
      Readable.from([Buffer.from('hi')], { objectMode: false }),
      settingsOf({ apiUrl: s3.url }),
      contextAt(),
      new AbortController().signal,
    )
  } catch (error) {
    return error
  } finally {
    await s3.stop()
  }
  throw new Error('it did not fail')
}
const xml = (status: number, code: string, more = '', headers = {}): Scripted => ({ status, body: errorXml(code, 'It is so.', more), headers })

describe('classify', () => {
  it.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
    [400, 'RequestTimeout'],
    [409, 'OperationAborted'],
    [403, 'RequestTimeTooSkewed'],
  ])('sees that %i %s passes', async (status, code) => {
    expect(classify(await errorFrom(xml(status, code)))).toEqual({ kind: 'retryable', certain: true, why: `${code}: It is so. (HTTP ${status})` })
  })

  it.each([
    [403, 'InvalidAccessKeyId'],
    [403, 'SignatureDoesNotMatch'],
    [403, 'AccessDenied'],
    [404, 'NoSuchBucket'],
    [301, 'PermanentRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
    [400, 'AccessControlListNotSupported'],
    [501, 'NotImplemented'],
  ])('sees that %i %s needs an administrator', async (status, code) => {
    expect(classify(await errorFrom(xml(status, code)))).toEqual({ kind: 'subscription', why: `${code}: It is so. (HTTP ${status})` })
  })

  it('sees that a file is too large', async () => {
    expect(classify(await errorFrom(xml(400, 'EntityTooLarge')))).toMatchObject({ kind: 'content', code: 'tooLarge' })
  })

  it.each([
    [502, 'retryable'],
    [429, 'retryable'],
    [403, 'subscription'],
  ])('understands a bare %i, as proxies answer it', async (status, kind) => {
    expect(classify(await errorFrom({ status, body: '<html>no</html>' }))).toMatchObject({ kind })
  })

  it('does not know what became of a broken connection', async () => {
    expect(classify(await errorFrom(undefined))).toMatchObject({ kind: 'retryable', certain: false })
  })

  it('knows that nothing arrived where nobody listened', () => {
    expect(classify(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toMatchObject({ kind: 'retryable', certain: true })
  })
})

describe('advise', () => {
  it.each([
    ['AccessControlListNotSupported', 400, 'Bucket owner preferred'],
    ['AccessDenied', 403, 's3:PutObjectAcl'],
    ['InvalidAccessKeyId', 403, 'create one'],
    ['SignatureDoesNotMatch', 403, 'secret access key'],
    ['NoSuchBucket', 404, 'spelling'],
    ['RequestTimeTooSkewed', 403, 'clock'],
    ['NotImplemented', 501, 'presigned'],
  ])('on %s', async (code, status, words) => {
    expect(advise(await errorFrom(xml(status, code)))).toContain(words)
  })

  it('names the region in which the bucket is', async () => {
    const malformed = await errorFrom(xml(400, 'AuthorizationHeaderMalformed', '<Region>eu-central-1</Region>'))
    const redirect = await errorFrom(xml(301, 'PermanentRedirect', '', { 'x-amz-bucket-region': 'us-west-2' }))

    expect(advise(malformed)).toContain('another region: eu-central-1.')
    expect(advise(redirect)).toContain('another region: us-west-2.')
  })

  it.each([
    [403, 'CloudFront'],
    [404, 'origin'],
    [undefined, 'host name'],
  ])('on a public URL that answers %s', (status, words) => {
    expect(advise(new NotPublic('no', status === undefined ? {} : { status }))).toContain(words)
  })

  it('has nothing to add to what passes by itself', async () => {
    expect(advise(await errorFrom(xml(503, 'SlowDown')))).toBeUndefined()
    expect(advise(undefined)).toBeUndefined()
  })
})
