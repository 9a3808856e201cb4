import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import type { ReceivedEvent } from '@um/shared/contract'
import { type SampleAnswer, type ScriptedContext, scriptedContext } from '@um/testing/conformance'
import { budgets, download, enrich, profile, respond } from '../src/api.ts'
import { classify } from '../src/classify.ts'
import type { Settings } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { check, jobs, register } from '../src/registration.ts'
import { bot, group, lena, outgoing, tenant } from './samples.ts'

type Answers = Record<string, Omit<SampleAnswer, 'name'> | undefined>
function context(answers: Answers, more: Partial<Settings> = {}, state?: Record<string, string>): ScriptedContext<Settings> {
  const platform = ({ method, path }: { method: string; path: string }): SampleAnswer => {
    const found = answers[`${method} ${path}`] ?? answers[path]
    return { name: path, ...(found ?? { status: 404, body: { message: 'Not found' } }) }
  }
  return scriptedContext({ tenant: tenant(more, state), classify, platform })
}

describe('profile', () => {
  it('of a guest has a name, a picture and the language', async () => {
    const person = { displayName: 'Lena', userId: lena, language: 'ja', pictureUrl: 'https://p.example.com/l', statusMessage: 'hi' }
    expect(await profile(lena, context({ [`/v2/bot/profile/${lena}`]: { body: person } }))).toEqual({
      displayName: 'Lena',
      avatar: { url: 'https://p.example.com/l' },
      participantData: { language: 'ja', statusMessage: 'hi' },
    })
  })
  it('of a group is its name, and nobody is called that', async () => {
    expect(await profile(group, context({ [`/v2/bot/group/${group}/summary`]: { body: { groupId: group, groupName: 'Neighbours' } } }))).toEqual({
      participantData: { group: 'Neighbours' },
    })
  })
  it('is empty when LINE does not tell', async () => {
    expect(await profile(lena, context({}))).toEqual({ participantData: {} })
  })
  it('is asked again when LINE was away', async () => {
    await expect(profile(lena, context({ [`/v2/bot/profile/${lena}`]: { status: 500, body: {} } }))).rejects.toThrow()
  })
})

describe('enrich', () => {
  const said = {
    type: 'message',
    id: 'e-1',
    guest: group,
    from: { participantData: { userId: lena } },
    content: { kind: 'text', text: 'hi' },
  } as const
  it('tells who writes in a group, asked once', async () => {
    const ctx = context({ [`/v2/bot/group/${group}/member/${lena}`]: { body: { displayName: 'Lena' } } })

    expect((await enrich(said, ctx)).from).toEqual({ displayName: 'Lena', participantData: { userId: lena } })
    await enrich(said, ctx)
    expect(ctx.seen.calls).toHaveLength(1)
  })
  it('calls whoever did not consent by the id', async () => {
    expect((await enrich(said, context({}))).from).toMatchObject({ displayName: lena })
  })
  it.each([401, 403, 429, 503])('lets the message go on by the id when LINE answers %s, and asks again', async status => {
    const member = `/v2/bot/group/${group}/member/${lena}`
    const answers: Answers = { [member]: { status, body: { message: 'no' } } }
    const ctx = context(answers)

    expect((await enrich(said, ctx)).from).toMatchObject({ displayName: lena })
    answers[member] = { body: { displayName: 'Lena' } }
    expect((await enrich(said, ctx)).from).toMatchObject({ displayName: 'Lena' })
  })
  it('remembers that LINE does not tell', async () => {
    const ctx = context({})

    await enrich(said, ctx)
    await enrich(said, ctx)

    expect(ctx.seen.calls).toHaveLength(1)
  })
  it('knows people without a picture', async () => {
    const ctx = context({ [`/v2/bot/group/${group}/member/${lena}`]: { body: { displayName: 'Lena', pictureUrl: null } } })

    expect((await enrich(said, ctx)).from).toMatchObject({ displayName: 'Lena' })
  })
  it('leaves other events alone', async () => {
    const { from: _from, ...event } = { ...said, guest: lena }

    expect(await enrich(event, context({}))).toBe(event)
  })
})

describe('download', () => {
  const content = '/v2/bot/message/5903/content'
  const transcoding = (status: string): Answers => ({ [`${content}/transcoding`]: { body: { status } } })
  it('waits for films and sound that LINE is still preparing', async () => {
    const ctx = context(transcoding('processing'))

    await expect(download({ platformId: 'video:5903' }, ctx)).rejects.toMatchObject({ failure: { kind: 'retryable', certain: true } })
    expect(ctx.seen.calls).toMatchObject([{ base: 'data' }])
    expect(ctx.seen.opened).toEqual([])
  })
  it('gives up what LINE could not prepare', async () => {
    await expect(download({ platformId: 'audio:5903' }, context(transcoding('failed')))).rejects.toMatchObject({ failure: { kind: 'content' } })
  })
  it('opens what is ready, and names it after what it is', async () => {
    const ctx = context(transcoding('succeeded'))

    expect(await download({ platformId: 'video:5903' }, ctx)).toMatchObject({ name: 'line-5903' })
    expect(ctx.seen.opened).toEqual([{ url: `https://api-data.line.me${content}` }])
  })
  it('does not ask for pictures and files whether they are ready', async () => {
    const ctx = context({})

    expect(await download({ platformId: 'file:5903', name: 'invoice.pdf', size: 7 }, ctx)).toMatchObject({ name: 'invoice.pdf', size: 7 })
    expect(ctx.seen.calls).toEqual([])
  })
})

describe('respond', () => {
  const follow = { type: 'lifecycle', change: 'follow', id: 'e', guest: lena, at: new Date(0), address: { replyToken: 'rt' } } satisfies ReceivedEvent
  it('welcomes who adds or unblocks the account, for free', () => {
    const expected = [{ path: '/v2/bot/message/reply', json: { replyToken: 'rt', messages: [{ type: 'text', text: 'Hi!' }] } }]

    expect(respond(follow, tenant({ welcomeText: 'Hi!' }))).toMatchObject(expected)
    expect(respond({ ...follow, change: 'optIn' }, tenant({ welcomeText: 'Hi!' }))).toMatchObject(expected)
  })
  it('says nothing without a text, nor to who goes', () => {
    expect(respond(follow, tenant())).toEqual([])
    expect(respond({ ...follow, change: 'unfollow' }, tenant({ welcomeText: 'Hi!' }))).toEqual([])
  })
})

describe('budgets', () => {
  it.each([
    ['/v2/bot/message/push', 2000],
    ['/v2/bot/message/reply', 2000],
    ['/v2/bot/chat/loading/start', 100],
  ])('%s: %d a second per channel', (path, limit) => {
    expect(budgets({ method: 'POST', path }, undefined, tenant())).toEqual([{ key: `2007654321${path}`, limit, perSeconds: 1 }])
  })
})

it.each([
  ['audio/x-m4a', 'line-5904.m4a'],
  ['image/jpeg', 'line-5904.jpg'],
])('names a download of %s %s', async (mime, name) => {
  const script = { tenant: tenant(), classify, media: { body: Readable.from(['x']), mime } }

  expect(await download({ platformId: 'image:5904' }, scriptedContext(script))).toMatchObject({ name })
})

describe('the check of settings', () => {
  const trial = async (state: Record<string, string>, status: number): Promise<string[]> => {
    const ctx = context(
      { '/v2/bot/info': { status, body: { userId: bot } }, '/v2/oauth/revoke': { status: 503, body: {} } },
      { tokenMode: 'shortLived' },
      state,
    )
    await ctx.vault.set('token', 'at-1')
    await check(ctx).catch(() => undefined)
    return ctx.seen.calls.map(({ path }) => path)
  }
  it.each([200, 403])('gives back the token of a tenant that is not there yet, whatever LINE says (%s)', async status => {
    expect(await trial({}, status)).toEqual(['/v2/bot/info', '/v2/oauth/revoke'])
  })
  it('leaves the token of a tenant alone', async () => {
    expect(await trial({ botUserId: bot }, 200)).toEqual(['/v2/bot/info'])
  })
  it('does not fail because the token cannot be given back', async () => {
    const ctx = context({ '/v2/bot/info': { body: { userId: bot } }, '/v2/oauth/revoke': { status: 503, body: {} } }, { tokenMode: 'shortLived' }, {})
    await ctx.vault.set('token', 'at-1')

    await expect(check(ctx)).resolves.toBeUndefined()
  })
})

describe('registration', () => {
  const info = { body: { userId: bot, displayName: 'ACME' } }
  const endpoint = (url: string, active = true): Answers => ({
    '/v2/bot/info': info,
    'GET /v2/bot/channel/webhook/endpoint': { body: { endpoint: url, active } },
    'PUT /v2/bot/channel/webhook/endpoint': { body: {} },
    '/v2/bot/channel/webhook/test': { body: { success: false, reason: 'COULD_NOT_CONNECT', detail: 'refused' } },
  })
  it('enters the webhook, and knows the bot before LINE tries it', async () => {
    const ctx = context({ ...endpoint('https://old.example.com/'), 'GET /v2/bot/channel/webhook/endpoint': undefined })

    const facts = await register(ctx)

    expect(ctx.seen.calls.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
      'GET info',
      'GET endpoint',
      'PUT endpoint',
      'POST test',
      'GET endpoint',
    ])
    expect(ctx.seen.calls[2]?.json).toEqual({ endpoint: 'https://um.example.com/line' })
    expect(ctx.state.botUserId).toBe(bot)
    expect(facts).toEqual({ botUserId: bot, displayName: 'ACME', webhookTest: 'COULD_NOT_CONNECT: refused', webhookActive: 'yes' })
  })
  it('leaves a webhook alone that is right, and says that it is switched off', async () => {
    const ctx = context(endpoint('https://um.example.com/line', false))

    expect(await register(ctx)).toMatchObject({ webhookActive: 'no' })
    expect(ctx.seen.calls.some(({ method }) => method === 'PUT')).toBe(false)
  })
  it('only learns the bot when the admin enters the webhook', async () => {
    const ctx = context(endpoint('https://old.example.com/'), { autoRegisterWebhook: false })

    expect(await register(ctx)).toEqual({ botUserId: bot, displayName: 'ACME' })
    expect(ctx.seen.calls).toHaveLength(1)
  })

  const job = (name: string): NonNullable<(typeof jobs)[number]> => {
    const found = jobs.find(each => each.name === name)
    if (!found) throw new Error(name)
    return found
  }
  const run = async (name: string, ctx: ScriptedContext<Settings>): Promise<void> => job(name).run(ctx, async () => undefined)
  it('mends a webhook that somebody has changed, or complains when it must not', async () => {
    const ctx = context(endpoint('https://old.example.com/'))

    await run('webhook', ctx)
    expect(ctx.seen.calls.some(({ method }) => method === 'PUT')).toBe(true)
    await expect(run('webhook', context(endpoint('https://old.example.com/'), { autoRegisterWebhook: false }))).rejects.toMatchObject({
      failure: { kind: 'subscription' },
    })
  })
  it('complains about a webhook that is switched off', async () => {
    await expect(run('webhook', context(endpoint('https://um.example.com/line', false)))).rejects.toThrow(/Use webhook/)
    await run('webhook', context(endpoint('https://um.example.com/line')))
  })
  const quota = (totalUsage: number, type = 'limited'): ScriptedContext<Settings> =>
    context({ '/v2/bot/message/quota': { body: { type, value: 1000 } }, '/v2/bot/message/quota/consumption': { body: { totalUsage } } })
  it('warns from nine tenths of the monthly limit on', async () => {
    await run('quota', quota(899))
    await run('quota', quota(5000, 'none'))
    await expect(run('quota', quota(900))).rejects.toThrow('900 of 1000')
  })
  it('looks for lost messages only with Phone Number Push', () => {
    expect(job('phone').everySeconds(tenant().settings)).toBe(0)
    expect(job('phone').everySeconds(tenant({ pnpEnabled: true }).settings)).toBeGreaterThan(0)
  })
})

describe('a receipt of the contact centre', () => {
  it('marks as read what the agent has read, no sooner', () => {
    const out = outgoing({ markAsRead: 'token' }, { address: { unread: 'mR' } })

    expect(implementation.renderReceipt?.({ of: 'm', state: 'read' }, out)).toMatchObject([{ path: '/v2/bot/chat/markAsRead' }])
    expect(implementation.renderReceipt?.({ of: 'm', state: 'delivered' }, out)).toEqual([])
  })
})

it('serves the picture that stands for films', async () => {
  const reply = await implementation.pages?.[0]?.handle(
    { method: 'GET', path: '/preview.png', query: new URLSearchParams(), headers: new Headers(), raw: Buffer.alloc(0) },
    [],
  )

  expect(reply?.headers?.['content-type']).toBe('image/png')
  expect((reply?.body as Buffer | undefined)?.subarray(1, 4).toString()).toBe('PNG')
})
