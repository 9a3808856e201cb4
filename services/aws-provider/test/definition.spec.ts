import { describe, expect, it } from '@jest/globals'
import { storageSettings } from '@um/shared/storage'
import { z } from 'zod'
import { aws } from '../src/definition.ts'
import { domainOf, regionLabels } from '../src/regions.ts'

const settings = storageSettings(aws)
const valid = { accessKeyId: 'AKIAEXAMPLE00000001', secretAccessKey: 's', region: 'ap-northeast-1', bucket: 'acme-media' }

describe('the settings of AWS', () => {
  it('need keys, region and bucket, and default the rest', () => {
    expect(settings.parse(valid)).toEqual({
      ...valid,
      accessMode: 'auto',
      forcePathStyle: true,
      prefix: 'gum',
      maxFileSize: 104_857_600,
      maxAge: 2_592_000,
    })
  })

  it.each([
    ['accessKeyId', 'AKIAEXAMPLE0001'],
    ['accessKeyId', 'akiaexample00000001'],
    ['accessKeyId', `A${'0'.repeat(128)}`],
    ['secretAccessKey', ''],
    ['region', 'ap-northeast-9'],
    ['region', ''],
    ['bucket', 'ab'],
    ['bucket', 'Acme'],
    ['bucket', 'acme_media'],
    ['bucket', '-acme'],
    ['bucket', 'acme-'],
    ['bucket', 'a'.repeat(64)],
    ['cloudFrontUrl', 'ftp://d111.example.net'],
    ['cloudFrontUrl', 'not a host'],
    ['accessMode', 'public'],
    ['apiUrl', 's3.example.net'],
  ])('refuse %s %j', (name, value) => {
    expect(settings.safeParse({ ...valid, [name]: value }).success).toBe(false)
  })

  it.each([
    ['abc', true],
    ['a'.repeat(63), true],
    ['media.acme.com', true],
  ])('take the bucket %s', (bucket, expected) => {
    expect(settings.safeParse({ ...valid, bucket }).success).toBe(expected)
  })

  it.each([
    ['d111.cloudfront.net', 'https://d111.cloudfront.net'],
    ['d111.cloudfront.net/', 'https://d111.cloudfront.net'],
    ['https://media.acme.com/', 'https://media.acme.com'],
    ['https://media.acme.com/files/', 'https://media.acme.com/files'],
    ['', undefined],
    [null, undefined],
  ])('read the CloudFront URL %j', (cloudFrontUrl, expected) => {
    expect(settings.parse({ ...valid, cloudFrontUrl }).cloudFrontUrl).toBe(expected)
  })

  it('draw a form: titles everywhere, the secret hidden, regions by their names', () => {
    const { properties } = z.toJSONSchema(settings, { io: 'input' })

    expect(Object.values(properties ?? {}).every(property => typeof property === 'object' && typeof property.title === 'string')).toBe(true)
    expect(properties?.secretAccessKey).toMatchObject({ title: 'Secret Access Key', secret: true })
    expect(properties?.region).toMatchObject({ options: expect.arrayContaining([{ value: 'ap-northeast-1', label: 'Asia Pacific (Tokyo)' }]) })
    expect(properties?.cloudFrontUrl).toMatchObject({ title: 'CloudFront URL' })
  })
})

describe('regions', () => {
  it('have the shape of region codes and names of their own', () => {
    expect(Object.keys(regionLabels).every(code => /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(code))).toBe(true)
    expect(new Set(Object.values(regionLabels)).size).toBe(Object.keys(regionLabels).length)
  })

  it('know their domain', () => {
    expect([domainOf('eu-west-1'), domainOf('us-gov-west-1'), domainOf('cn-north-1'), domainOf('eusc-de-east-1')]).toEqual([
      'amazonaws.com',
      'amazonaws.com',
      'amazonaws.com.cn',
      'amazonaws.eu',
    ])
  })
})
