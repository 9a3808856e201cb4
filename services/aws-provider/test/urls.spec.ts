import { describe, expect, it } from '@jest/globals'
import { presignedUrl } from '../src/presign.ts'
import { provider } from '../src/provider.ts'
import { isPublicRead, publicUrl } from '../src/urls.ts'
import { contextAt, settingsOf } from './s3.ts'

const key = 'gum/t/c/ab-été 1+1.png'
const encoded = 'gum/t/c/ab-%C3%A9t%C3%A9%201%2B1.png'

describe('publicUrl', () => {
  it.each([
    ['of a bucket', { region: 'eu-west-1' }, `https://acme-media.s3.eu-west-1.amazonaws.com/${encoded}`],
    ['of CloudFront', { region: 'eu-west-1', cloudFrontUrl: 'https://d111.example.net/' }, `https://d111.example.net/${encoded}`],
    ['of a bucket with dots', { region: 'eu-west-1', bucket: 'media.acme.com' }, `https://s3.eu-west-1.amazonaws.com/media.acme.com/${encoded}`],
    ['of a bucket in China', { region: 'cn-north-1' }, `https://acme-media.s3.cn-north-1.amazonaws.com.cn/${encoded}`],
    ['of the sovereign cloud', { region: 'eusc-de-east-1' }, `https://acme-media.s3.eusc-de-east-1.amazonaws.eu/${encoded}`],
    ['of another S3 storage', { apiUrl: 'http://minio.acme:9000/' }, `http://minio.acme:9000/acme-media/${encoded}`],
    ['of one with hosts per bucket', { apiUrl: 'https://s3.acme.net', forcePathStyle: false }, `https://acme-media.s3.acme.net/${encoded}`],
  ])('%s', (_what, more, url) => {
    expect(publicUrl(key, settingsOf(more))).toBe(url)
  })

  it('is what the provider answers, without an end', async () => {
    const answer = await provider.url(key, settingsOf({ region: 'eu-west-1' }), contextAt())

    expect(answer).toEqual({ url: `https://acme-media.s3.eu-west-1.amazonaws.com/${encoded}` })
  })
})

describe('isPublicRead', () => {
  it.each([
    [{}, true],
    [{ cloudFrontUrl: 'd111.example.net' }, false],
    [{ accessMode: 'presigned' }, false],
    [{ accessMode: 'presigned', cloudFrontUrl: 'd111.example.net' }, false],
  ])('with %j is %s', (more, expected) => {
    expect(isPublicRead(settingsOf(more))).toBe(expected)
  })
})

describe('presigned URLs', () => {
  const settings = settingsOf({ accessMode: 'presigned' })
  const signatureOf = async (key: string): Promise<string | null> => {
    const { url } = await presignedUrl(key, settings, contextAt(), 900)
    return new URL(url).searchParams.get('X-Amz-Signature')
  }

  it.each([
    ['gum/t1/c1/0001-photo.jpg', '9a1d84ad440848f24fa7365d5c1a623d0ce7ef8d3659a94507ff941064564058'],
    ['gum/t1/c1/0002-写真 1.jpg', '4eed4785d6ea7946b783f1c746e11ccf579607ef1d55f89ca90604009634e7a5'],
  ])('of %s have the signature that AWS expects', async (key, signature) => {
    expect(await signatureOf(key)).toBe(signature)
  })

  it('end after seven days', async () => {
    const { url, expiresAt } = await provider.url('gum/t1/c1/0001-photo.jpg', settings, contextAt())

    const { searchParams, origin, pathname } = new URL(url)
    expect(origin + pathname).toBe('https://acme-media.s3.ap-northeast-1.amazonaws.com/gum/t1/c1/0001-photo.jpg')
    expect(expiresAt).toEqual(new Date('2026-03-11T05:06:07Z'))
    expect(searchParams.get('X-Amz-Expires')).toBe('604800')
    expect(searchParams.get('X-Amz-Date')).toBe('20260304T050607Z')
    expect(url).not.toContain(encodeURIComponent(settings.secretAccessKey))
  })
})
