import { describe, expect, it } from '@jest/globals'
import type { PlatformCall } from '../../src/contract/index.ts'
import { otherwise, rateLimited, statusFailure } from '../../src/kit/index.ts'

const call: PlatformCall = { method: 'POST', path: '/send' }
const judge = (status: number, headers: Record<string, string> = {}, more: Partial<PlatformCall> = {}) =>
  statusFailure({ status, headers: new Headers(headers), body: '' }, { ...call, ...more }, 'no', { waitSeconds: 5, isCertain: each => each === 503 })

describe('what a status means', () => {
  it.each([
    [401, { kind: 'unauthorized' }],
    [403, { kind: 'subscription' }],
    [404, { kind: 'content' }],
    [413, { kind: 'content', code: 'tooLarge' }],
    [415, { kind: 'content', code: 'mediaType' }],
    [429, { kind: 'rateLimited', afterSeconds: 5, scope: 'tenant' }],
    [408, { kind: 'retryable', certain: false }],
    [500, { kind: 'retryable', certain: false }],
    [503, { kind: 'retryable', certain: true }],
  ])('%d', (status, expected) => {
    expect(judge(status)).toEqual({ why: 'no', ...expected })
  })

  it('is unknown when the answer is not the platform’s', () => {
    expect(judge(200)).toEqual({ kind: 'retryable', certain: false, why: 'no' })
    expect(judge(302)).toEqual({ kind: 'retryable', certain: false, why: 'no' })
  })

  it('is for the administrator when the credentials themselves are refused', () => {
    expect(judge(401, {}, { anonymous: true })).toEqual({ kind: 'subscription', why: 'no' })
  })

  it('is never certain of a server’s error unless the platform says so', () => {
    expect(statusFailure({ status: 503, headers: new Headers(), body: '' }, call, 'no', { waitSeconds: 5 })).toMatchObject({ certain: false })
  })
})

describe('the time to wait', () => {
  it('is the one that the platform asks for', () => {
    expect(rateLimited(new Headers({ 'Retry-After': '17' }), 5, 'slow', 'guest')).toEqual({
      kind: 'rateLimited',
      afterSeconds: 17,
      scope: 'guest',
      why: 'slow',
    })
    expect(judge(429, { 'retry-after': '17' })).toMatchObject({ afterSeconds: 17 })
  })

  it('is the usual one when that is no number', () => {
    expect(rateLimited(new Headers({ 'retry-after': 'later' }), 5, 'slow')).toMatchObject({ afterSeconds: 5 })
  })
})

describe('another way', () => {
  const offered = { ...call, alternatives: { link: [], text: [] } }

  it('is the first that the call offers', () => {
    expect(otherwise(offered, ['upload', 'text', 'link'], 'no', 'tooLarge')).toEqual({ kind: 'alternative', name: 'text', why: 'no' })
  })

  it('is none when the call offers others', () => {
    expect(otherwise(offered, ['upload'], 'no', 'tooLarge')).toEqual({ kind: 'content', code: 'tooLarge', why: 'no' })
    expect(otherwise(call, ['text'], 'no')).toEqual({ kind: 'content', why: 'no' })
  })
})
