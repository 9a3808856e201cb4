import { describe, expect, it } from '@jest/globals'
import { CallFailed } from '../../src/contract/index.ts'
import { isFailure, tried, unless } from '../../src/kit/index.ts'

const gone = new CallFailed({ kind: 'content', why: 'not found' })
const away = new CallFailed({ kind: 'retryable', certain: true, why: 'HTTP 503' })
const bug = new TypeError('x is not a function')

describe('a failure', () => {
  it('is of the kinds that are named, or of any', () => {
    expect([isFailure(gone, 'content', 'recipient'), isFailure(gone)]).toEqual([true, true])
    expect(isFailure(gone, 'recipient')).toBe(false)
  })

  it('is none when a program is wrong', () => {
    expect([isFailure(bug), isFailure(undefined)]).toEqual([false, false])
  })
})

describe('what can be done without', () => {
  it('is the answer when there is one', async () => {
    expect(await unless(Promise.resolve('yes'), 'content')).toBe('yes')
  })

  it('is nothing when the platform says no in that way', async () => {
    expect(await unless(Promise.reject(gone), 'recipient', 'content')).toBeUndefined()
    expect(await unless(Promise.reject(away))).toBeUndefined()
  })

  it('fails when it says no in another way, or a program is wrong', async () => {
    await expect(unless(Promise.reject(away), 'content')).rejects.toBe(away)
    await expect(unless(Promise.reject(bug))).rejects.toBe(bug)
  })
})

describe('what is tried', () => {
  const log = () => {
    const lines: unknown[] = []
    const note = (fields: object, message: string): void => void lines.push([fields, message])
    return { lines, ctx: { log: { debug: note, info: note, warn: note } } }
  }

  it('leaves a line when it could not be done', async () => {
    const { lines, ctx } = log()

    expect(await tried(ctx, 'a token could not be revoked', Promise.reject(away))).toBeUndefined()
    expect(lines).toEqual([[{ why: 'HTTP 503' }, 'a token could not be revoked']])
  })

  it('leaves none when it could, and hides no bug', async () => {
    const { lines, ctx } = log()

    expect(await tried(ctx, '', Promise.resolve(1))).toBe(1)
    await expect(tried(ctx, '', Promise.reject(bug))).rejects.toBe(bug)
    expect(lines).toEqual([])
  })
})
