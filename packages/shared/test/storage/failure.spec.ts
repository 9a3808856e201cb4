import { describe, expect, it } from '@jest/globals'
import type { Failure } from '../../src/contract/index.ts'
import { problemOf } from '../../src/errors/index.ts'
import { BodyRefused } from '../../src/storage/body.ts'
import { failureError, knownError } from '../../src/storage/failure.ts'
import { RecordsAway } from '../../src/storage/records.ts'

describe('failureError', () => {
  it.each<[Failure, number, boolean, string | undefined]>([
    [{ kind: 'retryable', why: 'x', certain: true }, 503, true, undefined],
    [{ kind: 'retryable', why: 'x', certain: true, afterSeconds: 1.2 }, 503, true, '2'],
    [{ kind: 'rateLimited', why: 'x', afterSeconds: 0, scope: 'tenant' }, 503, true, '1'],
    [{ kind: 'content', why: 'x' }, 502, false, undefined],
    [{ kind: 'content', why: 'x', code: 'tooLarge' }, 413, false, undefined],
    [{ kind: 'subscription', why: 'x' }, 502, false, undefined],
    [{ kind: 'unauthorized', why: 'x' }, 502, false, undefined],
  ])('answers %j', (failure, status, retryable, retryAfter) => {
    const error = failureError(failure)

    expect(problemOf(error)).toMatchObject({ status, retryable, kind: failure.kind })
    expect(error.headers['retry-after']).toBe(retryAfter)
  })

  it('repeats no credentials', () => {
    const error = failureError({ kind: 'subscription', why: 'refused: Bearer abcdefghijklmnop' })

    expect(error.message).toBe('refused: Bearer ***')
  })
})

describe('knownError', () => {
  it.each([
    ['tooLarge', 413, false],
    ['tooShort', 400, true],
    ['tooLong', 400, false],
    ['interrupted', 400, true],
    ['stalled', 503, true],
  ] as const)('answers a body that is %s', (fault, status, retryable) => {
    const error = knownError(new BodyRefused(fault, 'x'))

    expect(error && problemOf(error)).toMatchObject({ status, retryable })
  })

  it('asks to come back while the records are away', () => {
    const error = knownError(new RecordsAway('x'))

    expect(error && problemOf(error)).toMatchObject({ status: 503, retryable: true })
    expect(error?.headers).toEqual({ 'retry-after': '2' })
  })

  it('leaves bugs to others', () => {
    expect(knownError(new TypeError('x'))).toBeUndefined()
  })
})
