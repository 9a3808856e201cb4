import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../src/index.ts'
import { verifySignature } from '../src/simulators/s3/signature.ts'

let lab: Lab
let s3: S3Client

function clientOf(lab: Lab, secretAccessKey = lab.s3.keys.secretAccessKey, accessKeyId = lab.s3.keys.accessKeyId): S3Client {
  return new S3Client({
    region: 'us-east-1',
    endpoint: lab.s3.url,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
  })
}
const put = (client: S3Client, Key: string, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket: lab.s3.bucket, Key, Body: Buffer.from('content'), ContentType: 'image/png', ...more }))

beforeAll(async () => {
  lab = await startLab()
  s3 = clientOf(lab)
})
afterAll(async () => {
  s3.destroy()
  await lab.close()
})
afterEach(async () => lab.s3.faults.clear())

describe('S3', () => {
  const key = 'gum/t/c/ab-été 1+1.png'
  const address = () => `${lab.s3.url}/${lab.s3.bucket}/gum/t/c/ab-%C3%A9t%C3%A9%201%2B1.png`

  it('stores an object that anyone can read at its address', async () => {
    await put(s3, key, { ACL: 'public-read', ContentDisposition: 'inline' })

    const read = await fetch(address())

    expect([read.status, read.headers.get('content-type'), read.headers.get('content-disposition'), await read.text()]).toEqual([
      200,
      'image/png',
      'inline',
      'content',
    ])
    expect(lab.s3.aclOf(key)).toBe('public-read')
    expect(lab.s3.requests('PutObject').at(-1)).toMatchObject({ key, acl: 'public-read', status: 200 })
  })

  it('deletes it', async () => {
    await put(s3, key)
    await s3.send(new DeleteObjectCommand({ Bucket: lab.s3.bucket, Key: key }))

    expect((await fetch(address())).status).toBe(404)
  })

  it('takes large objects in parts, with the ACL on their beginning', async () => {
    const target = { Bucket: lab.s3.bucket, Key: 'big' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...target, ACL: 'public-read' }))
    const parts = [Buffer.alloc(5 * 1024 * 1024, 1), Buffer.alloc(10, 2)]
    const Parts = []
    for (const [index, Body] of parts.entries()) {
      const { ETag } = await s3.send(
        new UploadPartCommand({ ...target, UploadId, PartNumber: index + 1, Body: Readable.from([Body]), ContentLength: Body.length }),
      )
      Parts.push({ ETag, PartNumber: index + 1 })
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))

    const read = await fetch(`${lab.s3.url}/${lab.s3.bucket}/big`)

    expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.concat(parts))).toBe(true)
    expect(lab.s3.aclOf('big')).toBe('public-read')
  })

  it.each([
    ['a wrong secret', () => clientOf(lab, 'wrong'), 'SignatureDoesNotMatch'],
    ['an unknown key', () => clientOf(lab, lab.s3.keys.secretAccessKey, 'ANOTHERKEY0000000001'), 'InvalidAccessKeyId'],
  ])('refuses %s', async (_what, client, name) => {
    await expect(put(client(), 'x')).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } })
  })

  it('refuses to store for strangers', async () => {
    expect((await fetch(address(), { method: 'PUT', body: 'x' })).status).toBe(403)
    expect((await fetch(`${lab.s3.url}/${lab.s3.bucket}`)).status).toBe(403)
  })

  it('hides private objects where ACLs count, but for presigned readers', async () => {
    const strict = await startLab({ s3: { enforceAcl: true } })
    const client = clientOf(strict)
    const base = { Bucket: strict.s3.bucket, Body: Buffer.from('content') }
    await client.send(new PutObjectCommand({ ...base, Key: 'open', ACL: 'public-read' }))
    await client.send(new PutObjectCommand({ ...base, Key: 'shut' }))
    const signed = await getSignedUrl(client, new GetObjectCommand({ Bucket: strict.s3.bucket, Key: 'shut' }), { expiresIn: 60 })
    const status = async (url: string) => (await fetch(url)).status

    const statuses = [
      await status(`${strict.s3.url}/${strict.s3.bucket}/open`),
      await status(`${strict.s3.url}/${strict.s3.bucket}/shut`),
      await status(signed),
      await status(signed.replace('/shut', '/open')),
    ]
    client.destroy()
    await strict.close()

    expect(statuses).toEqual([200, 403, 200, 403])
  })

  it('refuses ACLs where the bucket’s owner is enforced', async () => {
    const enforced = await startLab({ s3: { refuseAcl: true } })
    const client = clientOf(enforced)
    const refused = client.send(new PutObjectCommand({ Bucket: enforced.s3.bucket, Key: 'x', Body: Buffer.from('x'), ACL: 'public-read' }))

    await expect(refused).rejects.toMatchObject({ name: 'AccessControlListNotSupported', $metadata: { httpStatusCode: 400 } })
    client.destroy()
    await enforced.close()
  })

  it.each([
    ['rateLimit', {}, 'SlowDown', 503],
    ['serverError', { status: 500 }, 'InternalError', 500],
    ['badToken', {}, 'InvalidAccessKeyId', 403],
  ])('answers %s in its own words, once', async (kind, params, name, status) => {
    await lab.s3.faults.add({ simulator: 's3', kind, params, where: { operation: 'PutObject' }, times: 1 })

    await expect(put(s3, 'f')).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } })
    await expect(put(s3, 'f')).resolves.toBeDefined()
  })

  it('stores an object and loses the answer', async () => {
    await lab.s3.faults.add({ simulator: 's3', kind: 'reset', params: { when: 'after' }, where: { operation: 'PutObject' }, times: 1 })

    await expect(put(s3, 'unsure')).rejects.toThrow()
    expect((await fetch(`${lab.s3.url}/${lab.s3.bucket}/unsure`)).status).toBe(200)
  })
})

describe('verifySignature', () => {
  const keys = { accessKeyId: 'AKIAEXAMPLE00000001', secretAccessKey: 'exampleSecretKey/0123456789abcdefghijklmn' }
  const signedAt = Date.parse('2026-03-04T05:06:07Z')
  const presigned = (key: string, signature: string) => {
    const query = [
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      'X-Amz-Content-Sha256=UNSIGNED-PAYLOAD',
      'X-Amz-Credential=AKIAEXAMPLE00000001%2F20260304%2Fap-northeast-1%2Fs3%2Faws4_request',
      'X-Amz-Date=20260304T050607Z',
      'X-Amz-Expires=900',
      `X-Amz-Signature=${signature}`,
      'X-Amz-SignedHeaders=host',
      'x-id=GetObject',
    ].join('&')
    return { method: 'GET', url: `/${key}?${query}`, headers: { host: 'acme-media.s3.ap-northeast-1.amazonaws.com' } } as unknown as IncomingMessage
  }
  const first = '9a1d84ad440848f24fa7365d5c1a623d0ce7ef8d3659a94507ff941064564058'
  const second = '4eed4785d6ea7946b783f1c746e11ccf579607ef1d55f89ca90604009634e7a5'

  it.each([
    ['the first vector', 'gum/t1/c1/0001-photo.jpg', first, 0, 'valid'],
    ['the second vector', 'gum/t1/c1/0002-%E5%86%99%E7%9C%9F%201.jpg', second, 0, 'valid'],
    ['the first key with the second signature', 'gum/t1/c1/0001-photo.jpg', second, 0, 'mismatch'],
    ['the first vector at its last second', 'gum/t1/c1/0001-photo.jpg', first, 900_000, 'valid'],
    ['the first vector after its end', 'gum/t1/c1/0001-photo.jpg', first, 900_001, 'expired'],
  ])('judges %s', (_what, key, signature, laterMs, verdict) => {
    expect(verifySignature(presigned(key, signature), keys, new Date(signedAt + laterMs))).toBe(verdict)
  })
})
