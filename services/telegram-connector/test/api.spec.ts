import { describe, expect, it } from '@jest/globals'
import { CallFailed, type PlatformCall, type ReceivedEvent } from '@um/shared/contract'
import { type ScriptedContext, scriptedContext } from '@um/testing/conformance'
import { bases, budgets, download, profile, respond, sent } from '../src/api.ts'
import { classify } from '../src/classify.ts'
import { answer, refusal, settings, tenant } from './samples.ts'

const call = (path: string): PlatformCall => ({ method: 'POST', path })
type Answers = Record<string, ReturnType<typeof answer>[]>
/** A platform that gives each method's answers in turn, the last one again and again. */
function context(answers: Answers): ScriptedContext<ReturnType<typeof tenant>['settings']> {
  return scriptedContext({
    tenant: tenant(),
    classify,
    platform: ({ path }) => {
      const [next, ...rest] = answers[path] ?? []
      if (rest.length > 0) answers[path] = rest
      return next && { name: path, ...next }
    },
  })
}

it('puts the token into the base URL', () => {
  expect(bases(tenant({ apiUrl: 'https://tg.example.com/' }).settings)).toEqual({ api: `https://tg.example.com/bot${settings.apiToken}` })
})

describe('sent', () => {
  it.each([
    [{ message_id: 57, chat: { id: -1002200330044 } }, '-1002200330044:57'],
    [{ message_id: 57, chat: { id: 5550001111 }, business_connection_id: 'bc-1' }, '5550001111:57:bc-1'],
  ])('names a message as parse does: %j', (result, id) => {
    expect(sent({ ok: true, result })).toEqual({ id })
  })
  it.each([{ ok: true, result: true }, 'text', null, undefined])('finds nothing in %j', body => {
    expect(sent(body)).toEqual({})
  })
})

describe('budgets', () => {
  const all = { key: '7012345678', limit: 30, perSeconds: 1 }
  const person = { guest: '5550001111', address: {} }

  it('count a message to a person for the bot and for the chat', () => {
    expect(budgets(call('/sendMessage'), person, tenant())).toEqual([all, { key: '7012345678:5550001111', limit: 3, perSeconds: 3, scope: 'guest' }])
  })
  it('count a message to a group by the minute as well', () => {
    expect(budgets(call('/sendPhoto'), { guest: '-1002200330044', address: {} }, tenant())).toEqual([
      all,
      { key: '7012345678:-1002200330044', limit: 3, perSeconds: 3, scope: 'guest' },
      { key: '7012345678:-1002200330044:minute', limit: 20, perSeconds: 60, scope: 'guest' },
    ])
  })
  it('count an edited text as a message, and one to nobody in particular for the bot', () => {
    expect(budgets(call('/editMessageText'), person, tenant())).toHaveLength(2)
    expect(budgets(call('/sendMessage'), undefined, tenant())).toEqual([all])
  })
  it.each(['/sendChatAction', '/answerCallbackQuery', '/getMe', '/editMessageReplyMarkup'])('do not count %s', path => {
    expect(budgets(call(path), person, tenant())).toStrictEqual([])
  })
})

describe('respond', () => {
  const event = (more: Partial<ReceivedEvent>): ReceivedEvent =>
    ({ type: 'message', id: '812000101', at: new Date(0), guest: '5550001111', content: { kind: 'text', text: 'x' }, ...more }) as ReceivedEvent
  const post = (path: string, json: object): object => ({ method: 'POST', path, json, idempotent: true })

  it('answers the query and takes the keyboard away', () => {
    const chosen = event({ id: 'callback:238', address: { business: '' }, content: { kind: 'choice', payload: 'x', of: '5550001111:40' } })

    expect(respond(chosen, tenant())).toEqual([
      post('/answerCallbackQuery', { callback_query_id: '238' }),
      post('/editMessageReplyMarkup', { chat_id: 5550001111, message_id: 40, reply_markup: { inline_keyboard: [] } }),
    ])
  })
  it('takes the keyboard away through the business connection', () => {
    const chosen = event({ id: 'callback:238', address: { business: 'bc-1' }, content: { kind: 'choice', payload: 'x', of: '5550001111:40:bc-1' } })

    expect(respond(chosen, tenant())[1]?.json).toEqual({
      chat_id: 5550001111,
      business_connection_id: 'bc-1',
      message_id: 40,
      reply_markup: { inline_keyboard: [] },
    })
  })
  it.each<Partial<ReceivedEvent>>([{ content: { kind: 'choice', payload: 'x' } }, { content: { kind: 'unsupported', what: 'callback_query' } }])(
    'answers the query also when no message is known: %j',
    more => {
      expect(respond(event({ id: 'callback:238', ...more }), tenant())).toEqual([post('/answerCallbackQuery', { callback_query_id: '238' })])
    },
  )
  it.each([
    ['pre_checkout_query', '/answerPreCheckoutQuery'],
    ['shipping_query', '/answerShippingQuery'],
  ])('refuses a %s', (kind, path) => {
    expect(respond(event({ id: `${kind}:77` }), tenant())).toEqual([
      post(path, { [`${kind}_id`]: '77', ok: false, error_message: 'Payments are not supported here.' }),
    ])
  })
  it.each(['started', 'follow'] as const)('greets who presses Start (%s)', change => {
    const start = event({ type: 'lifecycle', change } as Partial<ReceivedEvent>)

    expect(respond(start, tenant({ welcomeText: 'Welcome!' }))).toEqual([
      { method: 'POST', path: '/sendMessage', json: { chat_id: 5550001111, text: 'Welcome!' } },
    ])
    expect(respond(start, tenant())).toStrictEqual([])
  })
  it('says nothing to anything else', () => {
    expect(respond(event({}), tenant({ welcomeText: 'Welcome!' }))).toStrictEqual([])
    expect(respond(event({ type: 'lifecycle', change: 'optIn' } as Partial<ReceivedEvent>), tenant({ welcomeText: 'Welcome!' }))).toStrictEqual([])
  })
})

describe('download', () => {
  const file = { platformId: 'BQA1', name: 'contract v2.pdf', mime: 'application/pdf', size: 90211 }

  it('asks for the path, opens it, and keeps the name and type of the message', async () => {
    const ctx = context({ '/getFile': [answer({ file_id: 'BQA1', file_unique_id: 'd1', file_path: 'documents/file 7.pdf', file_size: 90211 })] })

    const opened = await download(file, ctx)

    expect(ctx.seen.calls).toMatchObject([{ path: '/getFile', json: { file_id: 'BQA1' } }])
    expect(ctx.seen.opened).toEqual([{ url: `https://api.telegram.org/file/bot${settings.apiToken}/documents/file%207.pdf` }])
    expect(opened).toMatchObject({ name: 'contract v2.pdf', mime: 'application/pdf', size: 90211 })
  })
  it('opens a URL as it is', async () => {
    const ctx = context({})

    await download({ url: 'https://files.example.com/x' }, ctx)

    expect(ctx.seen).toMatchObject({ calls: [], opened: [{ url: 'https://files.example.com/x' }] })
  })
  const away = refusal(400, 'Bad Request: wrong file_id or the file is temporarily unavailable')
  it('asks once more when the file is not there yet', async () => {
    const ctx = context({ '/getFile': [away, answer({ file_path: 'a' })] })

    await download(file, ctx)

    expect(ctx.seen.calls).toHaveLength(2)
  })
  it('asks no third time', async () => {
    const ctx = context({ '/getFile': [away, away, answer({ file_path: 'a' })] })

    await expect(download(file, ctx)).rejects.toMatchObject({ failure: { kind: 'content', code: 'unavailable' } })
    expect(ctx.seen.calls).toHaveLength(2)
  })
  it('does not ask again for a file that is too big', async () => {
    const ctx = context({ '/getFile': [refusal(400, 'Bad Request: file is too big')] })

    await expect(download(file, ctx)).rejects.toMatchObject({ failure: { kind: 'content', code: 'tooLarge' } })
    expect(ctx.seen.calls).toHaveLength(1)
  })
  it('fails when Telegram names no path', async () => {
    await expect(download(file, context({ '/getFile': [answer({ file_id: 'BQA1' })] }))).rejects.toBeInstanceOf(CallFailed)
  })
})

describe('profile', () => {
  const photos = [
    [
      { file_id: 'S', file_unique_id: 'us', width: 160, height: 160 },
      { file_id: 'L', file_unique_id: 'ul', width: 640, height: 640 },
    ],
  ]

  it('keeps the largest picture', async () => {
    const ctx = context({ '/getUserProfilePhotos': [answer({ total_count: 1, photos })] })

    expect(await profile('5550001111', ctx)).toEqual({ avatar: { url: 'https://storage.example.com/avatar-ul' } })
    expect(ctx.seen.calls).toMatchObject([{ json: { user_id: 5550001111, limit: 1 } }])
    expect(ctx.seen.opened).toEqual([{ platformId: 'L', mime: 'image/jpeg', name: 'avatar-5550001111.jpg' }])
    expect(ctx.seen.kept).toEqual([{ guest: '5550001111', sourceId: 'avatar-ul' }])
  })
  it('knows the picture by its file where Telegram gives no lasting id', async () => {
    const ctx = context({ '/getUserProfilePhotos': [answer({ photos: [[{ file_id: 'L', width: 1, height: 1 }]] })] })

    await profile('5550001111', ctx)

    expect(ctx.seen.kept).toEqual([{ guest: '5550001111', sourceId: 'avatar-L' }])
  })
  it('is empty where there is no picture', async () => {
    expect(await profile('5550001111', context({ '/getUserProfilePhotos': [answer({ total_count: 0, photos: [] })] }))).toEqual({})
  })
  it('of a group is not asked for', async () => {
    const ctx = context({})

    expect(await profile('-1002200330044', ctx)).toEqual({})
    expect(ctx.seen.calls).toStrictEqual([])
  })
})
