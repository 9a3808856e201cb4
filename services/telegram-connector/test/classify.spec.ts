import { describe, expect, it } from '@jest/globals'
import type { Failure, PlatformCall } from '@um/shared/contract'
import { classify } from '../src/classify.ts'
import { answer, refusal } from './samples.ts'

const bare: PlatformCall = { method: 'POST', path: '/sendMessage' }
const offering = (...names: string[]): PlatformCall => ({ ...bare, alternatives: Object.fromEntries(names.map(name => [name, [bare]])) })
const judge = (sample: { status?: number; body: unknown }, call = bare, headers: Record<string, string> = {}): Failure | undefined =>
  classify({ status: sample.status ?? 200, headers: new Headers(headers), body: sample.body }, call)
const refused = (code: number, description: string, call = bare): Failure | undefined => judge(refusal(code, description), call)

describe('success', () => {
  it.each([answer({ message_id: 1 }), answer(true)])('is what Telegram calls ok', sample => {
    expect(judge(sample)).toBeUndefined()
  })
  it.each([
    'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    'Bad Request: query is too old and response timeout expired or query ID is invalid',
    'Bad Request: message to delete not found',
  ])('is what is done already: %s', description => {
    expect(refused(400, description)).toBeUndefined()
  })
  it('is not a page of somebody else', () => {
    expect(judge({ body: '<html>Log in</html>' })).toMatchObject({ kind: 'retryable', certain: false })
  })
  it('is not ok:false under status 200', () => {
    expect(judge({ body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' } })).toMatchObject({ kind: 'recipient' })
  })
})

describe('waiting', () => {
  it('lasts exactly as long as Telegram says, for the whole bot', () => {
    expect(judge(refusal(429, 'Too Many Requests: retry after 35', { retry_after: 35 }))).toEqual({
      kind: 'rateLimited',
      why: 'Telegram: Too Many Requests: retry after 35',
      afterSeconds: 35,
      scope: 'tenant',
    })
  })
  it('goes by the header where the body does not say', () => {
    expect(judge({ status: 429, body: 'slow down' }, bare, { 'Retry-After': '12' })).toMatchObject({ afterSeconds: 12 })
  })
  it('has a default', () => {
    expect(judge({ status: 429, body: '' })).toMatchObject({ afterSeconds: 5 })
  })
})

describe('the guest', () => {
  it.each([
    'Forbidden: bot was blocked by the user',
    'Forbidden: user is deactivated',
    'Forbidden: bot was kicked from the supergroup chat',
    'Forbidden: bot is not a member of the channel chat',
    'Forbidden: the group chat was deleted',
  ])('has left: %s', description => {
    expect(refused(403, description)).toMatchObject({ kind: 'recipient', code: 'blocked', optOut: true })
  })
  it.each([
    [403, "Forbidden: bot can't initiate conversation with a user"],
    [400, 'Bad Request: chat not found'],
    [400, 'Bad Request: chat_id is empty'],
  ])('was never there: %i %s', (code, description) => {
    expect(refused(code, description)).toEqual({ kind: 'recipient', code: 'unknownGuest', why: `Telegram: ${description}` })
  })
  it('does not let us write, which is no opt-out', () => {
    expect(refused(400, 'Bad Request: not enough rights to send text messages to the chat')).toEqual({
      kind: 'recipient',
      code: 'blocked',
      why: expect.any(String),
    })
  })
  it('has a new address', () => {
    expect(judge(refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1002200330044 }))).toMatchObject({
      kind: 'moved',
      to: '-1002200330044',
    })
  })
})

describe('the tenant', () => {
  it.each([
    [401, 'Unauthorized'],
    [401, 'Unauthorized: invalid token specified'],
    [404, 'Not Found'],
    [409, 'Conflict: terminated by other setWebhook'],
    [409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"],
    [400, 'Bad Request: bad webhook: HTTPS url must be provided for webhook'],
    [400, 'Bad Request: secret token contains unallowed characters'],
  ])('must act: %i %s', (code, description) => {
    expect(refused(code, description)).toMatchObject({ kind: 'subscription', why: expect.stringContaining(description) })
  })
})

describe('another way', () => {
  const all = offering('upload', 'document', 'link', 'text', 'numbered', 'withoutReply', 'withoutThread', 'send')

  it.each([
    ['Bad Request: message to be replied not found', 'withoutReply'],
    ['Bad Request: message thread not found', 'withoutThread'],
    ['Bad Request: TOPIC_CLOSED', 'withoutThread'],
    ['Bad Request: wrong HTTP URL specified', 'upload'],
    ['Bad Request: failed to get HTTP URL content', 'upload'],
    ['Bad Request: wrong type of the web page content', 'upload'],
    ["Bad Request: can't upload file by URL", 'upload'],
    ['Bad Request: wrong file identifier/HTTP URL specified', 'upload'],
    ['Bad Request: file is too big', 'upload'],
    ['Bad Request: wrong file_id or the file is temporarily unavailable', 'upload'],
    ['Bad Request: PHOTO_INVALID_DIMENSIONS', 'document'],
    ['Bad Request: VOICE_MESSAGES_FORBIDDEN', 'document'],
    ['Bad Request: reply markup is too long', 'numbered'],
    ['Bad Request: BUTTON_DATA_INVALID', 'numbered'],
    ["Bad Request: inline keyboard button URL 'x' is invalid: wrong HTTP URL", 'numbered'],
    ["Bad Request: message can't be edited", 'send'],
    ['Bad Request: message to edit not found', 'send'],
    ['Bad Request: something new', 'link'],
  ])('for "%s" is %s', (description, name) => {
    expect(refused(400, description, all)).toMatchObject({ kind: 'alternative', name })
  })
  it.each([
    ['failed to get HTTP URL content', ['document', 'link'], 'document'],
    ['failed to get HTTP URL content', ['link'], 'link'],
    ['failed to get HTTP URL content', ['text'], 'text'],
    ['file is too big', ['link', 'text'], 'link'],
    ['file is too big', ['text'], 'text'],
    ['wrong file_id or the file is temporarily unavailable', ['link', 'text'], 'link'],
    ['wrong file_id or the file is temporarily unavailable', ['text'], 'text'],
    ['PHOTO_INVALID_DIMENSIONS', ['link', 'text'], 'link'],
    ['PHOTO_INVALID_DIMENSIONS', ['text'], 'text'],
    ['something new', ['text'], 'text'],
  ])('for "%s" is the next that the call offers of %j: %s', (description, offered, name) => {
    expect(refused(400, `Bad Request: ${description}`, offering(...offered))).toMatchObject({ name })
  })
  it('is a link when the upload is too large', () => {
    expect(judge({ status: 413, body: 'Request Entity Too Large' }, all)).toMatchObject({ kind: 'alternative', name: 'link' })
  })
  it.each([
    ['Bad Request: file is too big', 'tooLarge'],
    ['Bad Request: message is too long', 'tooLarge'],
    ['Bad Request: failed to get HTTP URL content', 'mediaType'],
    ['Bad Request: wrong file_id or the file is temporarily unavailable', 'unavailable'],
    ["Bad Request: can't parse entities: unclosed tag", 'content'],
    ["Bad Request: message can't be deleted for everyone", 'window'],
    ["Bad Request: message can't be edited", 'window'],
    ['Bad Request: something new', 'content'],
  ])('does not exist for "%s" on a bare call: %s', (description, code) => {
    expect(refused(400, description)).toEqual({ kind: 'content', code, why: `Telegram: ${description}` })
  })
  it('does not exist for a bare call that is too large', () => {
    expect(judge({ status: 413, body: '' })).toMatchObject({ kind: 'content', code: 'tooLarge' })
  })
})

describe('Telegram being away', () => {
  it.each([
    [500, 'Internal Server Error: restart', true],
    [502, 'Bad Gateway', true],
    [504, 'Gateway Timeout', false],
  ])('%i %s is worth a repeat, certainly not delivered: %s', (code, description, certain) => {
    expect(refused(code, description)).toEqual({ kind: 'retryable', certain, why: `Telegram: ${description}` })
  })
  it('may say for how long', () => {
    expect(judge({ status: 503, body: '' }, bare, { 'Retry-After': '8' })).toMatchObject({ kind: 'retryable', afterSeconds: 8 })
  })
  it('is not what a refusal without a known form means', () => {
    expect(judge({ status: 405, body: '' })).toMatchObject({ kind: 'content' })
  })
})

it('keeps reasons short', () => {
  expect(refused(400, 'x'.repeat(5000))?.why.length).toBeLessThan(400)
})
