import { describe, expect, it } from '@jest/globals'
import { viber } from '../src/definition.ts'
import { parse } from '../src/parse.ts'
import { acknowledge, keys, locate, verify } from '../src/webhook.ts'
import { aboutUser, hook, otherToken, said, tenant, token, v1, v2, v3, verified } from './samples.ts'

const header = 'X-Viber-Content-Signature'
const now = new Date('2026-01-01T00:00:10Z')
const judge = (body: string, signature: string, of = tenant()): unknown => verify(hook(body, { [header]: signature }), of, now)
const refused = { refused: 'unauthenticated' }

it('gives an account, which has one webhook, to one tenant', () => {
  expect(viber.settings.shape.apiToken.meta()).toMatchObject({ unique: {}, secret: true })
})

describe('verify', () => {
  it.each([v1, v2, v3])('takes a genuine signature', ({ body, signature }) => {
    expect(judge(body, signature)).toBeUndefined()
  })
  it('takes that of the other account from that account only', () => {
    expect(judge(v1.body, v1.byOther, tenant({ apiToken: otherToken }))).toBeUndefined()
    expect(judge(v1.body, v1.byOther)).toMatchObject(refused)
    expect(judge(v2.body, v2.byOther)).toMatchObject(refused)
  })
  it('refuses other ways to write or to make it', () => {
    expect(judge(v2.body, v2.inBase64)).toMatchObject(refused)
    expect(judge(v2.body, v2.withoutHyphens)).toMatchObject(refused)
    expect(judge(v2.body, v2.signature.toUpperCase())).toMatchObject(refused)
    expect(judge(`${v1.body}\n`, v1.signature)).toMatchObject(refused)
  })
  it('is about the bytes as they came, not as a lossy parser writes them', () => {
    const lossy = JSON.stringify(JSON.parse(v2.body))

    expect(lossy).toContain('5803119904471862000')
    expect(judge(lossy, v2.signature)).toMatchObject(refused)
    expect(judge(lossy, v2.ofLossy)).toBeUndefined()
  })
  it('reads the parameter sig where there is no header, and nothing else where there is one', () => {
    expect(verify(hook(v1.body, {}, { sig: v1.signature }), tenant(), now)).toBeUndefined()
    expect(verify(hook(v1.body, { [header]: v1.byOther }, { sig: v1.signature }), tenant(), now)).toMatchObject(refused)
    expect(verify(hook(v1.body), tenant(), now)).toMatchObject(refused)
  })
})

it('asks every tenant whose a signed webhook is, and nobody about others', () => {
  expect(keys()).toEqual([locate(hook(v1.body, { [header]: 'x' }))])
  expect(keys()).toEqual([locate(hook(v1.body, {}, { sig: 'x' }))])
  expect(locate(hook(v1.body))).toMatchObject(refused)
})

describe('acknowledge', () => {
  const answer = (body: string, welcomeText?: string): unknown => {
    const events = parse(verified(body))
    if (!Array.isArray(events)) throw new Error('is not parsed')
    return acknowledge(events, verified(body), tenant(welcomeText === undefined ? {} : { welcomeText }))
  }
  const opened = aboutUser('conversation_started', { type: 'open', subscribed: false })
  it('greets who has opened the chat', () => {
    expect(answer(opened, 'Welcome!')).toEqual({ status: 200, body: { sender: { name: 'Acme Help' }, type: 'text', text: 'Welcome!' } })
  })
  it('says nothing without a text, and nothing to others', () => {
    expect(answer(opened)).toEqual({ status: 200 })
    expect(answer(said({ type: 'text', text: 'hi' }), 'Welcome!')).toEqual({ status: 200 })
    expect(answer(aboutUser('subscribed'), 'Welcome!')).toEqual({ status: 200 })
    expect(answer(v1.body, 'Welcome!')).toEqual({ status: 200 })
  })
})

describe('settings', () => {
  it('take the token as it is, but no spaces', () => {
    expect(viber.settings.safeParse({ apiToken: token }).success).toBe(true)
    expect(viber.settings.safeParse({ apiToken: `${token} ` }).success).toBe(false)
    expect(viber.settings.safeParse({ apiToken: token, apiUrl: 'https://chatapi.viber.com/pa/' }).data?.apiUrl).toBe('https://chatapi.viber.com/pa')
  })
  it('take names of 28 characters and pictures by https', () => {
    expect(viber.settings.safeParse({ apiToken: token, senderName: 'x'.repeat(29) }).success).toBe(false)
    expect(viber.settings.safeParse({ apiToken: token, senderAvatar: 'http://files.example.com/a.jpg' }).success).toBe(false)
  })
})
