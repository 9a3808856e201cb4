import { describe, expect, it } from '@jest/globals'
import { acknowledge, keys, locate, verify } from '../src/webhook.ts'
import { hookOf, integrationId, tenantOf } from './fakes.ts'

const v1 =
  '{"id":"5d0c8a4e1f7b42c69e3d7a1b90f2c4d8","channel":{"id":"1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711","platform":"Open","type":"Private","messageId":"5d0c8a4e1f7b42c69e3d7a1b90f2c4d8","to":{"id":"U-77","idType":"Opaque"},"from":{"nickname":"UM-ACME","id":"1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711","idType":"Opaque"},"time":"2026-03-04T05:06:07.089Z"},"type":"Text","text":"Hello from the desk","direction":"Outbound","originatingEntity":"Human","conversationId":"0b7d6a5e-5b1f-4b9f-8d0e-6f3c2a1b9e44"}'
const v2 = '{"id":"77aa","type":"Text","text":"こんにちは 😀 — ça va ?","direction":"Outbound"}'
const v3 = '{"id":"77aa","type":"Text","text":"\\u3053\\u3093 😀"}'
const v1Signature = 'sha256=L8+mX3FZa7T3blW3XT45XaFrBHERTfjYfYpQl3t7+Bc='

function judge(body: string, signature: string | undefined, overrides: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const hook = hookOf(body, { ...(signature === undefined ? {} : { 'X-Hub-Signature-256': signature }), ...headers })
  return verify(hook, tenantOf(overrides), new Date(0))
}

describe('verify', () => {
  it.each([
    ['V1', v1, 492, v1Signature],
    ['V2', v2, 93, 'sha256=oGmCNfk+Zp/l3mPhd8kSJI9NHILfMc943/gVC9mqPlI='],
    ['V3', v3, 54, 'sha256=l0FIdwSEcnEzHm+YINKCX7w3AjivDEaBebMyAKs0vn8='],
  ])('lets in what Genesys Cloud signed: %s', (_name, body, bytes, signature) => {
    expect(Buffer.byteLength(body)).toBe(bytes)
    expect(judge(body, signature)).toBeUndefined()
  })
  it.each([
    ['V4, made with another token', v1, 'sha256=blb4SC4c9YYQsGqp/BLx3j+d7O5Hk9XEirL6GsfdbPY='],
    ['V5, the right digest in hexadecimal', v1, 'sha256=2fcfa65f71596bb4f76e55b75d3e395da16b0471114df8d87d8a50977b7bf817'],
    ['V6, made of the JSON written anew', v3, 'sha256=nC2xYV7F9g/ReyFToXjNiITp5CzW2RIpYEEG9BX3XnM='],
    ['in URL-safe base64', v1, 'sha256=L8-mX3FZa7T3blW3XT45XaFrBHERTfjYfYpQl3t7-Bc='],
    ['without padding', v1, 'sha256=L8+mX3FZa7T3blW3XT45XaFrBHERTfjYfYpQl3t7+Bc'],
    ['in another letter case', v1, v1Signature.toLowerCase()],
    ['with another prefix', v1, v1Signature.replace('sha256=', 'sha1=')],
    ['without prefix', v1, v1Signature.replace('sha256=', '')],
    ['empty', v1, ''],
    ['absent', v1, undefined],
    ['of a body with one more space', `${v1} `, v1Signature],
  ])('refuses a signature %s', (_name, body, signature) => {
    expect(judge(body, signature)).toMatchObject({ refused: 'unauthenticated' })
  })
  it('asks for the headers that the tenant has set', () => {
    const overrides = { webhookHeaders: { 'X-Um-Pass': 'sesame' } }

    expect(judge(v1, v1Signature, overrides, { 'x-um-pass': 'sesame' })).toBeUndefined()
    expect(judge(v1, v1Signature, overrides, { 'x-um-pass': 'sesamE' })).toMatchObject({ refused: 'unauthenticated' })
    expect(judge(v1, v1Signature, overrides)).toMatchObject({ refused: 'unauthenticated' })
  })
})

describe('locate', () => {
  const signed = { 'x-hub-signature-256': 'sha256=x' }

  it('names the integration of the channel', () => {
    expect(locate(hookOf(v1, signed))).toBe(integrationId)
  })
  it('names the integration of the channel also where the guest is the sender', () => {
    expect(locate(hookOf({ id: '1', channel: { id: 'i-1', from: { id: 'U-77' }, to: { id: 'i-1' } } }, signed))).toBe('i-1')
  })
  it('else the sender', () => {
    expect(locate(hookOf({ id: '1', channel: { from: { id: 'i-2' }, to: { id: 'U-77' } } }, signed))).toBe('i-2')
  })
  it.each([
    ['without a signature', v1, {}, 'unauthenticated'],
    ['that is not JSON', '{"id":', signed, 'malformed'],
    ['that is an array', '[]', signed, 'malformed'],
    ['that is null', 'null', signed, 'malformed'],
    ['that names no integration', v2, signed, 'unknown'],
  ])('refuses a request %s', (_name, body, headers, refused) => {
    expect(locate(hookOf(body, headers))).toMatchObject({ refused })
  })
})

describe('the rest', () => {
  it('finds a tenant by its integration, and one without by nothing', () => {
    expect([keys(tenantOf()), keys(tenantOf({}, { state: {} }))]).toEqual([[integrationId], []])
  })
  it('answers with 200 and an empty object', () => {
    expect(acknowledge()).toEqual({ status: 200, body: {} })
  })
})
