import { describe, expect, it } from '@jest/globals'
import { AxiosError } from 'axios'
import { noAnswer, retryAfterSeconds } from '../../src/http/index.ts'

const coded = (code: string) => Object.assign(new Error('x'), { code })

describe('noAnswer', () => {
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
  ])('is certain that nothing was sent after %s', code => {
    for (const error of [coded(code), new AxiosError('x', code)])
      expect(noAnswer(error)).toEqual({ kind: 'retryable', certain: true, why: `no connection: ${code}` })
  })

  it.each(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'ERR_BAD_RESPONSE', 'ERR_CANCELED', 'HPE_INVALID_CONSTANT'])('is not certain after %s', code => {
    for (const error of [coded(code), new AxiosError('x', code)])
      expect(noAnswer(error)).toEqual({ kind: 'retryable', certain: false, why: `no answer: ${code}` })
  })

  it('is not certain of what it does not know, and shows no credentials of it', () => {
    expect(noAnswer(new Error('GET https://api.example/?access_token=abc failed'))).toEqual({
      kind: 'retryable',
      certain: false,
      why: 'no connection: GET https://api.example/?access_token=*** failed',
    })
    expect(noAnswer('odd').why).toBe('no connection: odd')
  })
})

describe('retryAfterSeconds', () => {
  const now = new Date('2026-02-03T04:05:06Z')
  const read = (value: string) => retryAfterSeconds(new Headers({ 'retry-after': value }), now)

  it.each([
    ['120', 120],
    ['0', 0],
    ['1.5', 1.5],
    [' 7 ', 7],
    ['Tue, 03 Feb 2026 04:05:36 GMT', 30],
    ['Tuesday, 03-Feb-26 04:05:36 GMT', 30],
    ['Tue Feb  3 04:05:36 2026 GMT', 30],
    ['Tue, 03 Feb 2026 04:05:00 GMT', 0],
  ])('reads %j', (value, seconds) => {
    expect(read(value)).toBe(seconds)
  })

  it.each(['soon', '', '1m', '0x10', 'NaN'])('makes nothing of %j', value => {
    expect(read(value)).toBeUndefined()
  })

  it('is nothing where there is no header', () => {
    expect(retryAfterSeconds(new Headers(), now)).toBeUndefined()
  })
})
