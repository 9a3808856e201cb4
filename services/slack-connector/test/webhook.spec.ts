import { describe, expect, it } from '@jest/globals'
import { acknowledge, keys, locate, verify } from '../src/webhook.ts'
import { callback, headersOf, hookOf, said, signed, tenantOf, vectors } from './samples.ts'

const seconds = (value: number) => new Date(value * 1000)

describe('verify', () => {
  it.each([
    ['a URL verification', vectors.challenge, 'application/json'],
    ['an event with emoji and umlauts', vectors.message, 'application/json'],
    ['an interaction', vectors.interaction, 'application/x-www-form-urlencoded'],
  ])('takes %s that was signed elsewhere', (_what, vector, type) => {
    const hook = hookOf(vector.body, headersOf(vector, type))

    expect(verify(hook, tenantOf(), seconds(Number(vector.timestamp) + 1))).toBeUndefined()
  })

  it('refuses a signature that was made for another time', () => {
    const hook = hookOf(vectors.message.body, headersOf({ ...vectors.message, timestamp: '1763802000' }))

    expect(verify(hook, tenantOf(), seconds(1_763_802_001))).toMatchObject({ refused: 'unauthenticated' })
    const right = headersOf({ timestamp: '1763802000', signature: 'v0=a6f7e90a2cb7820534ddd9b899303fc218df667150f0dc7f15a0514cb18fbf5b' })
    expect(verify(hookOf(vectors.message.body, right), tenantOf(), seconds(1_763_802_001))).toBeUndefined()
  })

  it.each([
    ['300 s old', 1_763_802_300, undefined],
    ['301 s old', 1_763_802_301, 'stale'],
    ['300 s ahead', 1_763_801_700, undefined],
    ['301 s ahead', 1_763_801_699, 'stale'],
  ])('judges a request that is %s', (_what, at, refused) => {
    const outcome = verify(hookOf(vectors.challenge.body, headersOf(vectors.challenge)), tenantOf(), seconds(at))

    expect(outcome?.refused).toBe(refused)
  })

  it('refuses other versions of the signature, capital letters, and times that are no numbers', () => {
    const outcomes = [
      { ...vectors.challenge, signature: vectors.challenge.signature.replace('v0=', 'v1=') },
      { ...vectors.challenge, signature: vectors.challenge.signature.toUpperCase() },
      { ...vectors.challenge, timestamp: '1763802000.0' },
    ].map(vector => verify(hookOf(vectors.challenge.body, headersOf(vector)), tenantOf(), seconds(1_763_802_000)))

    expect(outcomes.map(outcome => outcome?.refused)).toEqual(['unauthenticated', 'unauthenticated', 'unauthenticated'])
  })
})

describe('a challenge', () => {
  it('comes back as plain text', () => {
    const reply = acknowledge([], hookOf(vectors.challenge.body, headersOf(vectors.challenge)))

    expect(reply).toEqual({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'p7Lk2vQy9RmX4tBz6NcW8sDf0GhJ3aEu5KoIiUyT' })
  })

  it('is not seen in an event', () => {
    expect(acknowledge([], hookOf(vectors.message.body, headersOf(vectors.message)))).toEqual({ status: 200 })
  })
})

describe('the tenant', () => {
  const locateBody = (body: string) => locate(hookOf(body, signed(body)))

  it('is the one in which the workspace is registered', () => {
    const located = locateBody(callback(said()))

    expect(located).toBe('A05KLM2N3P:T04BQRS7X1')
    expect(keys(tenantOf())).toContain(located)
    expect(keys(tenantOf({}, { 'workspace:T04OTHER01': 'active' }))).not.toContain(located)
  })

  it('is the one of the organisation when that has installed the app', () => {
    const grant = { enterprise_id: 'E01ENT0001', team_id: null, user_id: 'U05BOTBOT1', is_bot: true, is_enterprise_install: true }

    expect(locateBody(callback(said(), { authorizations: [grant] }))).toBe('A05KLM2N3P:E01ENT0001')
  })

  it('is found for interactions', () => {
    const located = locate(hookOf(vectors.interaction.body, headersOf(vectors.interaction, 'application/x-www-form-urlencoded')))

    expect(located).toBe('A05KLM2N3P:T04BQRS7X1')
  })

  it('may be any for a URL verification, which names no app', () => {
    const located = locate(hookOf(vectors.challenge.body, headersOf(vectors.challenge)))

    expect(keys(tenantOf({}, {}))).toContain(located)
  })

  it('is not looked for without a signature, or in what is no payload', () => {
    expect(locate(hookOf(vectors.message.body))).toMatchObject({ refused: 'unauthenticated' })
    expect(locateBody('{"challenge":1}')).toMatchObject({ refused: 'malformed' })
  })
})
