import { describe, expect, it } from '@jest/globals'
import { judge } from '../../src/notify/judge.ts'

const now = new Date('2026-02-03T04:05:06.000Z')
const answer = (status: number, retryAfter: string | null = null, text = '') => judge({ status, retryAfter, text }, { now })

describe('judge', () => {
  it.each([200, 202, 204])('takes %d as delivered', status => {
    expect(answer(status)).toEqual({ kind: 'delivered' })
  })

  it.each([408, 500, 502, 503, 504])('tries again after %d', status => {
    expect(answer(status)).toEqual({ kind: 'again' })
  })

  it('tries again when nothing was heard', () => {
    expect(judge({ noAnswer: 'no connection: ECONNREFUSED' }, { now })).toEqual({ kind: 'again' })
  })

  it.each([301, 302, 307, 400, 401, 403, 404, 405, 409, 410, 413])('takes %d as final', status => {
    expect(answer(status, '3')).toEqual({ kind: 'refused' })
  })

  it('waits as long as a 429 asks, in seconds or until a date', () => {
    expect(answer(429, '7')).toEqual({ kind: 'again', seconds: 7 })
    expect(answer(429, 'Tue, 03 Feb 2026 04:05:16 GMT')).toEqual({ kind: 'again', seconds: 10 })
  })

  it('waits the larger of what the header and the body say', () => {
    expect(answer(429, '1', '{"message":"slow down","retry_after":2.5,"global":false}')).toEqual({ kind: 'again', seconds: 2.5 })
    expect(answer(429, '3', '{"retry_after":2.5}')).toEqual({ kind: 'again', seconds: 3 })
    expect(answer(429, null, '{"retry_after":0.25}')).toEqual({ kind: 'again', seconds: 0.25 })
  })

  it('waits two minutes at most', () => {
    expect(answer(429, '3600')).toEqual({ kind: 'again', seconds: 120 })
  })

  it('waits as the vendor advises after a 429 that does not say', () => {
    const silent = { status: 429, retryAfter: null, text: '<html>' }

    expect(judge(silent, { now, tooManySeconds: 30 })).toEqual({ kind: 'again', seconds: 30 })
    expect(judge(silent, { now })).toEqual({ kind: 'again' })
    expect(judge({ ...silent, retryAfter: '2' }, { now, tooManySeconds: 30 })).toEqual({ kind: 'again', seconds: 2 })
  })

  it.each(['{"retry_after":"5"}', '{"retry_after":-5}', 'null', '[]', '{'])('makes nothing of the body %s', text => {
    expect(answer(429, null, text)).toEqual({ kind: 'again' })
  })
})
