import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { Receiver } from '../receiver.ts'
import { caller } from './bot.ts'

const guest = 5550001111
/** T1 of the vectors */
const secret = 'umtg_Zq8-Hc2Lw0Vx5Kb9Rf3Tn7Py1Ds6Gj4'
let lab: Lab
let receiver: Receiver
let bot: { id: number; token: string }
let call: ReturnType<typeof caller>

beforeAll(async () => {
  lab = await startLab({ timeScale: 0.01 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  receiver = await Receiver.open()
  bot = lab.telegram.addBot()
  call = caller(lab, bot.token)
})
afterEach(async () => {
  await lab.telegram.faults.clear()
  await receiver.close()
})

const texts = (requests: Receiver['requests']) => requests.map(({ json }) => (json.message as { text?: string } | undefined)?.text)
const updateIds = (requests: Receiver['requests']) => requests.map(({ json }) => Number(json.update_id))

describe('faults', () => {
  const phone = () => lab.telegram.guest(bot.id, guest)
  const add = (kind: string, more: object = {}) =>
    lab.telegram.faults.add({ simulator: 'telegram', kind, params: {}, where: {}, ...more } as Parameters<Lab['telegram']['faults']['add']>[0])

  it('deliver a webhook again under the same id', async () => {
    await add('duplicate', { times: 1 })
    await call.json('setWebhook', { url: receiver.url })
    phone().do({ do: 'text', text: 'once' })
    phone().do({ do: 'text', text: 'next' })

    const requests = await receiver.until(3)

    const ids = updateIds(requests.filter(({ json }) => (json.message as { text: string }).text === 'once'))
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('deliver a webhook again under a new id', async () => {
    await add('duplicate', { times: 1, params: { newId: true, copies: 2 } })
    await call.json('setWebhook', { url: receiver.url })
    phone().do({ do: 'text', text: 'once' })

    const requests = await receiver.until(3)

    expect(new Set(updateIds(requests)).size).toBe(3)
    expect(new Set(requests.map(({ json }) => (json.message as { message_id: number }).message_id)).size).toBe(1)
  })

  it('let the next webhook of the guest overtake', async () => {
    await add('reorder', { times: 1, params: { withinMs: 5000 } })
    await call.json('setWebhook', { url: receiver.url })
    for (const text of ['1', '2', '3']) phone().do({ do: 'text', text })

    expect(texts(await receiver.until(3))).toEqual(['2', '1', '3'])
  })

  it('let a webhook go in its turn when no other comes in time', async () => {
    await add('reorder', { times: 1, params: { withinMs: 20 } })
    await call.json('setWebhook', { url: receiver.url })
    phone().do({ do: 'text', text: 'alone' })

    expect(texts(await receiver.until(1))).toEqual(['alone'])
  })

  it('swallow a webhook and call it delivered, and only that one', async () => {
    await add('drop', { times: 1 })
    await call.json('setWebhook', { url: receiver.url })
    for (const text of ['swallowed', 'told']) phone().do({ do: 'text', text })

    expect(texts(await receiver.until(1))).toEqual(['told'])
    expect(phone().timeline().entries[0]?.state).toBe('delivered')
  })

  it('add a forged copy that carries another secret', async () => {
    await add('forged', { times: 1 })
    await call.json('setWebhook', { url: receiver.url, secret_token: secret })
    phone().do({ do: 'text', text: 'true' })

    const requests = await receiver.until(2)

    const forged = requests.find(({ json }) => (json.message as { text: string }).text === 'This message is forged')
    expect(forged).toBeDefined()
    expect(forged?.headers['x-telegram-bot-api-secret-token']).not.toBe(secret)
  })

  it.each([
    ['rateLimit', { retryAfterSeconds: 7 }, { status: 429, description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } }],
    ['serverError', { status: 502 }, { status: 502, description: 'Bad Gateway' }],
    ['badToken', {}, { status: 401, description: 'Unauthorized' }],
    ['blocked', {}, { status: 403, description: 'Forbidden: bot was blocked by the user' }],
    ['blocked', { reason: 'deactivated' }, { status: 403, description: 'Forbidden: user is deactivated' }],
  ])('answer %s %j to the next request only', async (kind, params, expected) => {
    phone().do({ do: 'start' })
    await add(kind, { params, times: 1, where: { operation: 'sendMessage' } })

    const spared = await call.json('getMe')
    const struck = await call.json('sendMessage', { chat_id: guest, text: 'x' })
    const after = await call.json('sendMessage', { chat_id: guest, text: 'y' })

    expect(spared.ok).toBe(true)
    expect(struck).toMatchObject(expected)
    expect(after.ok).toBe(true)
    expect(lab.telegram.sent({ bot: bot.id }).map(({ text }) => text)).toEqual(['y'])
  })

  it('cut the connection before or after the message was sent', async () => {
    phone().do({ do: 'start' })
    await add('reset', { times: 1, where: { operation: 'sendMessage' } })
    await expect(call.json('sendMessage', { chat_id: guest, text: 'lost' })).rejects.toThrow()
    await add('reset', { times: 1, where: { operation: 'sendMessage' }, params: { when: 'after' } })
    await expect(call.json('sendMessage', { chat_id: guest, text: 'sent, but who knows' })).rejects.toThrow()

    expect(lab.telegram.sent({ bot: bot.id }).map(({ text }) => text)).toEqual(['sent, but who knows'])
  })

  it('strike one guest and spare another', async () => {
    phone().do({ do: 'start' })
    lab.telegram.guest(bot.id, guest + 1).do({ do: 'start' })
    const fault = await add('blocked', { where: { account: String(bot.id), guest: String(guest) } })

    const struck = await call.json('sendMessage', { chat_id: guest, text: 'x' })
    const spared = await call.json('sendMessage', { chat_id: guest + 1, text: 'x' })

    expect([struck.status, spared.status]).toEqual([403, 200])
    expect(lab.telegram.faults.list().find(({ id }) => id === fault.id)).toMatchObject({ matched: 1, hits: 1 })
  })

  it('answer late, or never', async () => {
    await add('slow', { times: 1, params: { ms: 50 }, where: { operation: 'getMe' } })
    const began = Date.now()
    await call.json('getMe')
    const ms = Date.now() - began
    await add('hang', { times: 1, where: { operation: 'getMe' } })

    const never = fetch(`${lab.telegram.url}/bot${bot.token}/getMe`, { signal: AbortSignal.timeout(100) })

    expect(ms).toBeGreaterThanOrEqual(49)
    await expect(never).rejects.toThrow(/timeout/)
  })

  it('close the port until the fault is taken away', async () => {
    const down = await add('down')
    const refused = new Promise(resolve => connect(Number(new URL(lab.telegram.url).port), '127.0.0.1').on('error', resolve))

    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
    expect(lab.telegram.isUp).toBe(false)
    await lab.telegram.faults.remove(down.id)

    expect((await call.json('getMe')).ok).toBe(true)
  })
})
