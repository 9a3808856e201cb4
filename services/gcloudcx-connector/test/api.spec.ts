import { describe, expect, it } from '@jest/globals'
import type { PlatformCall, ReceivedEvent } from '@um/shared/contract'
import { budgets, classify, respond, sent } from '../src/api.ts'
import { disconnectCall, messageCall, receiptCall, typingCall } from '../src/calls.ts'
import { reasonCode } from '../src/reasons.ts'
import { conversationId, integrationId, messageId, now, outOf, tenantOf } from './fakes.ts'

const message = messageCall(outOf(), { text: 'x' })
const login: PlatformCall = { method: 'POST', base: 'login', path: '/oauth/token', anonymous: true }

function judge(status: number, body: unknown = {}, call: PlatformCall = message, headers: Record<string, string> = {}) {
  return classify({ status, headers: new Headers(headers), body }, call)
}

describe('classify', () => {
  it.each([200, 201, 202, 204])('takes %i as a success', status => {
    expect(judge(status, { id: 'g-1' })).toBeUndefined()
  })
  it('sees a refusal inside a success, and does not repeat it', () => {
    expect(judge(200, { status: 'Failed', reasons: [{ code: 'MediaTypeNotAllowed', message: 'no exe' }] })).toEqual({
      kind: 'content',
      code: 'mediaType',
      why: 'Genesys Cloud marks it as failed: no exe',
    })
  })
  it.each([
    [400, 'bad.request', { kind: 'content', code: 'content' }],
    [400, 'invalid.value', { kind: 'content', code: 'content' }],
    [401, 'bad.credentials', { kind: 'unauthorized' }],
    [403, 'missing.permissions', { kind: 'subscription' }],
    [404, 'not.found', { kind: 'subscription' }],
    [408, 'request.timeout', { kind: 'retryable', certain: false }],
    [409, 'conflict', { kind: 'retryable', certain: true, afterSeconds: 1 }],
    [413, 'request.too.large', { kind: 'content', code: 'tooLarge' }],
    [415, 'unsupported.media.type', { kind: 'content', code: 'mediaType' }],
    [422, 'unprocessable', { kind: 'content', code: 'content' }],
    [429, 'too.many.requests', { kind: 'rateLimited', scope: 'tenant', afterSeconds: 5 }],
    [500, 'internal.server.error', { kind: 'retryable', certain: false }],
    [502, 'bad.gateway', { kind: 'retryable', certain: false }],
    [503, 'service.unavailable', { kind: 'retryable', certain: true }],
    [504, 'gateway.timeout', { kind: 'retryable', certain: false }],
    [599, 'odd', { kind: 'retryable', certain: false }],
  ])('judges %i %s', (status, code, failure) => {
    expect(judge(status, { code, message: 'because' })).toMatchObject(failure)
  })
  it.each([
    ['12', 13],
    ['0', 1],
    ['soon', 5],
  ])('waits a second longer than Retry-After: %s asks for %i s', (value, afterSeconds) => {
    expect(judge(429, {}, message, { 'retry-after': value })).toMatchObject({ afterSeconds })
  })
  it('says what Genesys Cloud says, and the correlation id', () => {
    const body = { code: 'missing.any.permissions', message: 'You must have at least one of: messaging:integration:add', status: 403 }

    expect(judge(403, body, message, { 'inin-correlation-id': 'c-19' })?.why).toBe(
      'HTTP 403 missing.any.permissions: You must have at least one of: messaging:integration:add (correlation c-19)',
    )
  })
  it('of a missing integration says what to do', () => {
    expect(judge(404, { message: 'nothing here' })?.why).toContain('save the tenant')
  })
  it('of something else missing only says so', () => {
    expect(judge(404, {}, { method: 'GET', path: '/api/v2/conversations/messages/x/details' })).toMatchObject({ kind: 'content' })
  })
  it.each([
    [400, { error: 'invalid_client', description: 'client not found' }],
    [401, { error: 'invalid_client' }],
    [403, {}],
    [404, 'not found'],
  ])('of the login takes %i as a matter for the tenant', (status, body) => {
    expect(judge(status, body, login)).toMatchObject({ kind: 'subscription' })
  })
  it('of the login repeats what may pass', () => {
    expect([judge(429, {}, login)?.kind, judge(503, {}, login)?.kind]).toEqual(['rateLimited', 'retryable'])
  })
  it('does not pause the tenant when only the right to disconnect is missing', () => {
    expect(judge(403, {}, disconnectCall(conversationId))).toMatchObject({ kind: 'content' })
  })
  it.each([
    [400, 'asText'],
    [413, 'asText'],
    [415, 'asText'],
    [404, 'gone'],
    [409, 'conflict'],
    [400, 'inUse'],
    [409, 'inUse'],
  ])('of %i takes the alternative %s, where the call brings it', (status, name) => {
    expect(judge(status, {}, { method: 'POST', path: '/x', alternatives: { [name]: [] } })).toMatchObject({ kind: 'alternative', name })
  })
  it.each([
    [409, 'asText'],
    [429, 'asText'],
    [503, 'gone'],
    [400, 'conflict'],
  ])('of %i does not take the alternative %s', (status, name) => {
    expect(judge(status, {}, { method: 'POST', path: '/x', alternatives: { [name]: [] } })?.kind).not.toBe('alternative')
  })
})

describe('sent', () => {
  it('finds the id and the conversation', () => {
    expect(sent({ id: 'g-1', conversationId, type: 'Text' }, message)).toEqual({ id: 'g-1', address: { conversationId } })
  })
  it('does without a conversation, and without anything', () => {
    expect([sent({ id: 'g-1' }, message), sent('', message)]).toEqual([{ id: 'g-1' }, {}])
  })
  it('takes the answer to a receipt or to typing for no message', () => {
    const receipt = receiptCall(tenantOf(), { of: messageId, guest: 'U-77', at: now })

    expect([sent({ id: 'g-1', conversationId }, receipt), sent({ id: 'g-1' }, typingCall(outOf()))]).toEqual([{}, {}])
  })
})

describe('budgets', () => {
  const to = { guest: 'U-77', address: {} }
  const client = { key: 'client:4f1c2d3e-0a1b-4c2d-8e3f-112233445566', limit: 280, perSeconds: 60 }

  it('count every call of an OAuth client', () => {
    expect(budgets(message, to, tenantOf())).toEqual([client])
  })
  it('let a guest type once in five seconds', () => {
    expect(budgets(typingCall(outOf()), to, tenantOf())).toEqual([client, { key: `typing:${tenantOf().id}:U-77`, limit: 1, perSeconds: 5, scope: 'guest' }])
  })
  it('leave the login alone', () => {
    expect(budgets(login, undefined, tenantOf())).toEqual([])
  })
})

describe('respond', () => {
  const event = (content: object, more: object = {}) =>
    ({ type: 'message', id: 'e-1', messageId: `${messageId}#1`, at: now, guest: 'U-77', author: 'agent', content, ...more }) as ReceivedEvent

  it('tells the agent at once what the guest cannot be shown', () => {
    expect(respond(event({ kind: 'unsupported', what: 'Push' }), tenantOf())).toMatchObject([
      {
        path: `/api/v2/conversations/messages/${integrationId}/inbound/open/receipt`,
        json: {
          id: messageId,
          channel: { to: { id: 'U-77' }, time: '2026-03-04T05:06:09.000Z' },
          status: 'Failed',
          reasons: [{ code: 'UnsupportedMessage', message: 'Push cannot be shown to the guest' }],
        },
      },
    ])
  })
  it('keeps silent about everything else', () => {
    expect([
      respond(event({ kind: 'text', text: 'x' }), tenantOf()),
      respond({ type: 'lifecycle', id: 'e-2', at: now, guest: 'U-77', change: 'ended' }, tenantOf()),
    ]).toEqual([[], []])
  })
})

describe('reasonCode', () => {
  it.each([
    ['MessageExpired', 'expired'],
    ['RateLimited', 'rateLimited'],
    ['MessageNotAllowed', 'content'],
    ['UnsupportedMessage', 'unsupported'],
    ['UnknownMessage', 'content'],
    ['InvalidMessageStructure', 'content'],
    ['InvalidDestination', 'unknownGuest'],
    ['ServerError', 'unavailable'],
    ['MediaTypeNotAllowed', 'mediaType'],
    ['InvalidMediaContentLength', 'tooLarge'],
    ['RecipientOptedOut', 'blocked'],
    ['DataFiltered', 'content'],
    ['GeneralError', undefined],
    ['constructor', undefined],
    [undefined, undefined],
  ])('reads %s as %s', (code, reason) => {
    expect(reasonCode(code)).toBe(reason)
  })
})
