import { describe, expect, it } from '@jest/globals'
import { line } from '../src/definition.ts'
import { keys, locate, verify } from '../src/webhook.ts'
import { bot, hook, l1, l2, switcherSecret, tenant } from './samples.ts'

const bySwitcher = 'dUxhHE+iQlWnW+62mWdT9/fm0fWc5X8/78l3QVIzpdc='
const judge = (body: string, signature: string, of = tenant()): unknown => verify(hook(body, { 'x-line-signature': signature }), of, new Date(0))

it('gives a channel, which has one webhook, to one tenant', () => {
  expect(line.settings.shape.channelId.meta()).toMatchObject({ unique: {} })
  expect(line.settings.shape.channelSecret.meta()).not.toHaveProperty('unique')
})

describe('locate', () => {
  it('finds the tenant by the bot that the body names', () => {
    expect(locate(hook(l1.body, { 'X-LINE-Signature': l1.signature }))).toBe(bot)
    expect(keys(tenant())).toEqual([bot])
  })
  it('knows nobody before the tenant is registered', () => {
    expect(keys(tenant({}, {}))).toEqual([])
  })
  it('reads nothing without a signature', () => {
    expect(locate(hook(l1.body))).toMatchObject({ refused: 'unauthenticated' })
  })
  it.each(['', '{}', '{"destination":""}', '{"destination":7,"events":[]}'])('refuses the body %j', body => {
    expect(locate(hook(body, { 'x-line-signature': 'x' }))).toMatchObject({ refused: 'malformed' })
  })
})

describe('verify', () => {
  it.each([l1, l2])('takes a genuine signature', ({ body, signature }) => {
    expect(judge(body, signature)).toBeUndefined()
  })
  it('takes the signature of the switcher only from a tenant that has this switcher', () => {
    expect(judge(l1.body, bySwitcher, tenant({ switcherSecret }))).toBeUndefined()
    expect(judge(l1.body, l1.signature, tenant({ switcherSecret }))).toBeUndefined()
    expect(judge(l1.body, bySwitcher)).toMatchObject({ refused: 'unauthenticated' })
    expect(judge(l1.body, bySwitcher, tenant({ switcherSecret: `${switcherSecret}x` }))).toMatchObject({ refused: 'unauthenticated' })
  })
  it('wants the padding, too', () => {
    expect(judge(l1.body, l1.signature.replace('=', ''))).toMatchObject({ refused: 'unauthenticated' })
  })
})
