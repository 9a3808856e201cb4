import { describe, expect, it } from '@jest/globals'
import type { PlatformCall } from '@um/shared/contract'
import { type ScriptedContext, scriptedContext } from '@um/testing/conformance'
import { classify } from '../src/classify.ts'
import { check, jobs, register, unregister } from '../src/registration.ts'
import { answer, refusal, secret, type Tenant, tenant } from './samples.ts'

const url = 'https://um.example.com/telegram'
const usual = ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction']
const digest = '79062ed0a6a65ad14a20fd18d6235557705f153819febe6235e79d35784a3c8f'
const newDigest = '7b472de14f8251bbe8e9286ce5cdae18207b2535a7311e0f9174a85510ba1026'

type Info = { url: string; pending_update_count?: number; allowed_updates?: string[]; last_error_date?: number; last_error_message?: string }
type Sample = ReturnType<typeof answer>
/** A bot that remembers its webhook, as Telegram does. */
function bot(of: Tenant, info: Info = { url: '' }, odd: Record<string, Sample> = {}): ScriptedContext<Tenant['settings']> {
  let current = info
  const methods: Record<string, (call: PlatformCall) => Sample> = {
    '/getMe': () => answer({ id: 7012345678, is_bot: true, first_name: 'Acme', username: 'acme_care_bot', can_read_all_group_messages: false }),
    '/getWebhookInfo': () => answer({ pending_update_count: 0, has_custom_certificate: false, ...current }),
    '/setWebhook': call => {
      const told = call.json as { url: string; allowed_updates: string[] }
      current = { url: told.url, allowed_updates: told.allowed_updates }
      return answer(true)
    },
    '/deleteWebhook': () => answer(true),
  }
  return scriptedContext({
    tenant: of,
    classify,
    platform: call => {
      const sample = odd[call.path] ?? methods[call.path]?.(call)
      return sample && { name: call.path, ...sample }
    },
  })
}
const methodsOf = (ctx: ScriptedContext<unknown>): string[] => ctx.seen.calls.map(call => call.path)
const told = (ctx: ScriptedContext<unknown>): unknown => ctx.seen.calls.find(call => call.path === '/setWebhook')?.json
async function registered(of: Tenant): Promise<Tenant> {
  return { ...of, state: await register(bot(of)) }
}

describe('check', () => {
  it('asks who the bot is', async () => {
    const ctx = bot(tenant())

    await check(ctx)

    expect(methodsOf(ctx)).toEqual(['/getMe'])
  })
  it.each([
    [401, 'Unauthorized'],
    [404, 'Not Found'],
  ])('fails on %i', async (code, description) => {
    await expect(check(bot(tenant(), undefined, { '/getMe': refusal(code, description) }))).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })
})

describe('register', () => {
  it('tells Telegram everything, and remembers what it said, without the secret', async () => {
    const ctx = bot(tenant({}, {}))

    const state = await register(ctx)

    expect(told(ctx)).toEqual({ url, secret_token: secret, max_connections: 40, allowed_updates: usual, drop_pending_updates: false })
    expect(state).toEqual({
      botId: '7012345678',
      botUsername: 'acme_care_bot',
      groupPrivacy: 'on',
      webhookUrl: url,
      registration: expect.stringMatching(/^[0-9a-f]{64}$/),
      secretDigest: digest,
      previousSecretDigest: '',
      previousSecretUntil: '',
      pendingUpdates: '0',
      lastErrorDate: '0',
    })
  })
  it('asks for what the settings want', async () => {
    const ctx = bot(tenant({ acceptChannelPosts: true, businessMode: true, maxConnections: 7, ipAddress: '192.0.2.1' }, {}))

    await register(ctx)

    expect(told(ctx)).toMatchObject({
      max_connections: 7,
      ip_address: '192.0.2.1',
      allowed_updates: [
        ...usual,
        'channel_post',
        'edited_channel_post',
        'business_connection',
        'business_message',
        'edited_business_message',
        'deleted_business_messages',
      ],
    })
  })
  it('tells a bot that may read groups', async () => {
    const me = answer({ id: 7012345678, can_read_all_group_messages: true })

    expect(await register(bot(tenant({}, {}), undefined, { '/getMe': me }))).toMatchObject({ groupPrivacy: 'off', botUsername: '' })
  })
  it('does not tell Telegram twice', async () => {
    const ctx = bot(await registered(tenant({}, {})), { url, allowed_updates: usual.toReversed() })

    await register(ctx)

    expect(methodsOf(ctx)).toEqual(['/getMe', '/getWebhookInfo'])
  })
  it.each<[string, Partial<Tenant['settings']>, Info]>([
    ['the address is another', {}, { url: 'https://old.example.com/telegram', allowed_updates: usual }],
    ['it is gone', {}, { url: '' }],
    ['kinds are missing', {}, { url, allowed_updates: ['message'] }],
    ['the secret is new', { webhookSecret: 'aa-00-BB-11-cc-22-DD-33-ee-44-FF-55' }, { url, allowed_updates: usual }],
    ['the connections differ', { maxConnections: 41 }, { url, allowed_updates: usual }],
  ])('tells Telegram again when %s', async (_, more, info) => {
    const before = await registered(tenant({}, {}))
    const ctx = bot({ ...before, settings: tenant(more).settings }, info)

    await register(ctx)

    expect(methodsOf(ctx)).toContain('/setWebhook')
  })
  it('lets the old secret live for five more minutes', async () => {
    const before = await registered(tenant({}, {}))

    const state = await register(bot({ ...before, settings: tenant({ webhookSecret: 'aa-00-BB-11-cc-22-DD-33-ee-44-FF-55' }).settings }))

    expect(state).toMatchObject({ secretDigest: newDigest, previousSecretDigest: digest, previousSecretUntil: '2026-01-01T00:05:00.000Z' })
  })
  it('does not lengthen its life when it is called again', async () => {
    const state = { secretDigest: digest, previousSecretDigest: newDigest, previousSecretUntil: '2025-12-31T23:59:00.000Z' }

    expect(await register(bot(tenant({}, state)))).toMatchObject(state)
  })
  it('fails when the updates go elsewhere all the same', async () => {
    const elsewhere = answer({ url: 'https://other.example.com/hook?key=abc' })

    await expect(register(bot(tenant(), undefined, { '/getWebhookInfo': elsewhere }))).rejects.toMatchObject({
      failure: { kind: 'subscription', why: expect.stringMatching(/other\.example\.com(?!\/)/) },
    })
  })
  it('fails when nobody gets the updates all the same', async () => {
    await expect(register(bot(tenant(), undefined, { '/getWebhookInfo': answer({ url: '' }) }))).rejects.toMatchObject({
      failure: { kind: 'subscription', why: expect.stringContaining('to nobody') },
    })
  })
  it('may repeat each of its calls', async () => {
    const ctx = bot(tenant({}, {}))

    await register(ctx)
    await unregister(ctx)

    expect(ctx.seen.calls.every(call => call.idempotent)).toBe(true)
  })
  it('fails with the words of Telegram when it does not like the address', async () => {
    const bad = refusal(400, 'Bad Request: bad webhook: HTTPS url must be provided for webhook')

    await expect(register(bot(tenant(), undefined, { '/setWebhook': bad }))).rejects.toMatchObject({
      failure: { kind: 'subscription', why: expect.stringContaining('HTTPS url must be provided') },
    })
  })
})

describe('unregister', () => {
  it.each([{ url }, { url: '' }, { url: 'https://before.example.com/telegram' }])('removes our webhook (%j) with what waits', async info => {
    const ctx = bot(tenant({}, { webhookUrl: 'https://before.example.com/telegram' }), info)

    await unregister(ctx)

    expect(ctx.seen.calls.at(-1)).toMatchObject({ path: '/deleteWebhook', json: { drop_pending_updates: true } })
  })
  it("leaves somebody else's alone", async () => {
    const ctx = bot(tenant(), { url: 'https://other.example.com/hook' })

    await unregister(ctx)

    expect(methodsOf(ctx)).toEqual(['/getWebhookInfo'])
  })
  it.each([
    [401, 'Unauthorized'],
    [404, 'Not Found'],
  ])('has nothing to do for a bot that is gone (%i)', async (code, description) => {
    await expect(unregister(bot(tenant(), undefined, { '/getWebhookInfo': refusal(code, description) }))).resolves.toBeUndefined()
  })
  it('fails when Telegram is away, so that it is tried again', async () => {
    await expect(unregister(bot(tenant(), { url }, { '/deleteWebhook': refusal(502, 'Bad Gateway') }))).rejects.toMatchObject({
      failure: { kind: 'retryable' },
    })
  })
})

describe('the watch', () => {
  const state = { webhookUrl: url, pendingUpdates: '50', lastErrorDate: '1767225000' }
  const good = { url, allowed_updates: usual, pending_update_count: 50, last_error_date: 1767225000 }
  const watch = async (info: Info): Promise<ScriptedContext<Tenant['settings']>> => {
    const ctx = bot(tenant({}, state), info)
    await jobs[0]?.run(ctx, async () => {})
    return ctx
  }

  it('looks every ten minutes', () => {
    expect(jobs.map(job => [job.name, job.everySeconds(tenant().settings)])).toEqual([['webhook', 600]])
  })
  it('is content when nothing is new', async () => {
    const ctx = await watch(good)

    expect(methodsOf(ctx)).toEqual(['/getWebhookInfo'])
    expect(ctx.state).toMatchObject({ pendingUpdates: '50', lastErrorDate: '1767225000' })
  })
  it.each([{ url: '' }, { url, allowed_updates: ['message'] }])('registers again what has gone: %j', async info => {
    const ctx = await watch(info)

    expect(methodsOf(ctx)).toContain('/setWebhook')
    expect(ctx.state).toMatchObject({ secretDigest: digest })
  })
  it('tells that another program has the bot, without its secrets', async () => {
    await expect(watch({ url: 'https://other.example.com/hook/s3cr3t' })).rejects.toMatchObject({
      failure: { kind: 'subscription', why: 'Telegram sends the updates of this bot to other.example.com: another program uses the API token' },
    })
  })
  it('does not take an address that was ours before for a stranger', async () => {
    const ctx = bot({ ...tenant({}, state), webhookUrl: 'https://new.example.com/telegram' }, good)

    await jobs[0]?.run(ctx, async () => {})

    expect(told(ctx)).toMatchObject({ url: 'https://new.example.com/telegram' })
  })
  it('tells a fresh error once', async () => {
    const info = { ...good, last_error_date: 1767225001, last_error_message: 'SSL error {certificate verify failed}' }
    const first = bot(tenant({}, state), info)

    await expect(jobs[0]?.run(first, async () => {})).rejects.toMatchObject({
      failure: { kind: 'subscription', why: expect.stringContaining('certificate verify failed') },
    })
    await expect(jobs[0]?.run(bot(tenant({}, first.state), info), async () => {})).resolves.toBeUndefined()
  })
  it('tells an error without words', async () => {
    await expect(watch({ ...good, last_error_date: 1767225001 })).rejects.toMatchObject({ failure: { why: expect.stringContaining('no reason given') } })
  })
  it.each([
    [51, true],
    [50, false],
    [40, false],
  ])('after 50 waiting updates takes %i for growing: %s', async (pending_update_count, growing) => {
    const looked = watch({ ...good, pending_update_count })

    await (growing
      ? expect(looked).rejects.toMatchObject({ failure: { kind: 'subscription', why: expect.stringContaining('51 updates wait') } })
      : expect(looked).resolves.toBeDefined())
  })
  it('does not mind as many as may be under way, and knows nothing of the first look', async () => {
    const ctx = bot(tenant({}, {}), { ...good, pending_update_count: 40, last_error_date: 0 })

    await expect(jobs[0]?.run(ctx, async () => {})).resolves.toBeUndefined()
  })
})
