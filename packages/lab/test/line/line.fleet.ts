import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Body, Phone } from '../../src/protocol.ts'
import { demoChannel } from '../../src/simulators/line/platform.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let phone: Phone
beforeAll(async () => {
  world = await startWorld({ platforms: ['line'], replicas: { 'line-connector': 3 } })
  phone = await world.phone('Lena Ruiz')
}, 240_000)
afterEach(() => line().faults.clear())
afterAll(async () => {
  await world?.stop()
}, 90_000)

const line = () => world.lab.side('line')
const account = demoChannel.botUserId
const soon = { withinMs: 25_000 }
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(20_000, 7)])

async function deskBodies(of = phone): Promise<Body[]> {
  const bodies = (await world.deskEntries(of)).filter(entry => entry.from === 'customer').map(entry => entry.body)
  return bodies.flatMap(body => (body.kind === 'parts' ? body.parts : [body]))
}
async function phoneBodies(of = phone): Promise<Body[]> {
  return (await world.phoneEntries(of)).filter(entry => entry.from === 'business' && entry.state === 'shown').map(entry => entry.body)
}
const textsOf = (bodies: Body[]): string[] => bodies.flatMap(body => (body.kind === 'text' ? [body.text] : []))
const fault = (kind: string, more: { params?: Record<string, string | number | boolean>; operation?: string; times?: number } = {}) =>
  line().faults.add({
    simulator: 'line',
    kind,
    params: more.params ?? {},
    where: more.operation === undefined ? {} : { operation: more.operation },
    times: more.times ?? 1,
  })
async function says(text: string): Promise<string | undefined> {
  return (await world.agent(await world.conversation(phone), { do: 'text', text }))[0]?.id
}
const told = (id: string | undefined, of = phone) => world.deskEntries(of).then(entries => entries.find(entry => entry.id === id)?.receipts?.at(-1))
const operations = (text: string): string[] =>
  line()
    .sent({ guest: phone.guest.id })
    .filter(record => record.text === text)
    .map(record => record.operation)

describe('a conversation', () => {
  it('begins with a welcome that costs nothing', async () => {
    await world.guest(phone, { do: 'start' })

    await eventually(async () => expect(textsOf(await phoneBodies())).toEqual(['Welcome to Acme! How can we help?']), soon)
    expect(operations('Welcome to Acme! How can we help?')).toEqual(['reply'])
  })
  it('brings texts with who wrote them', async () => {
    await world.guest(phone, { do: 'text', text: 'こんにちは 👩‍💻' })

    await eventually(async () => expect(await deskBodies()).toContainEqual({ kind: 'text', text: 'こんにちは 👩‍💻' }), soon)
    const conversation = await world.conversation(phone)
    expect(conversation.participantData).toMatchObject({ media: 'LINE', language: 'en' })
    expect(conversation.guest.name).toBe('Lena Ruiz')
  })
  it('is answered by the reply token once, then by pushes', async () => {
    await says('How can I help?')
    await eventually(() => expect(operations('How can I help?')).toEqual(['reply']), soon)
    const id = await says('Are you there?')

    await eventually(() => expect(operations('Are you there?')).toEqual(['push']), soon)
    expect((await told(id))?.status).not.toBe('Failed')
  })
  it('brings photos, films, sound and files through the storage, when LINE has prepared them', async () => {
    await fault('preparing', { operation: 'content', times: 1 })
    await fault('preparing', { operation: 'transcoding', times: 1 })
    const files = [
      ['photo', 'image/png', png, 'photo'],
      ['video', 'video/mp4', Buffer.alloc(30_000, 'v'), 'video'],
      ['voice', 'audio/mp4', Buffer.alloc(20_000, 'a'), 'audio'],
      ['file', 'application/pdf', pdf, 'file'],
    ] as const
    for (const [what, mime, bytes] of files) {
      const upload = await world.upload(`sample.${mime.split('/')[1]}`, mime, bytes)
      await world.guest(phone, { do: what, upload })
    }

    await eventually(async () => {
      const stored = (await deskBodies()).flatMap(body => ('media' in body && body.media !== undefined ? [`${body.kind} ${body.media.size}`] : []))
      expect(stored).toEqual(files.map(([, , bytes, shown]) => `${shown} ${bytes.length}`))
    }, soon)
  })
  it('shows places, stickers and what was unsent as what they were', async () => {
    await world.guest(phone, { do: 'venue', latitude: 35.4437, longitude: 139.638, title: 'Harbour office', address: '1-2 Pier Street' })
    await world.guest(phone, { do: 'sticker', emoji: '🎉' })
    const [entry] = await world.guest(phone, { do: 'text', text: 'forget this' })
    await world.guest(phone, { do: 'delete', entry: entry?.id ?? '' })

    await eventually(async () => {
      const seen = JSON.stringify(await deskBodies())
      for (const words of ['Harbour office', '35.4437,139.638', '[🎉]', 'forget this', '[message withdrawn]']) expect(seen).toContain(words)
    }, soon)
  })
  it('brings the agent’s photo, and a file as a card that opens it', async () => {
    const conversation = await world.conversation(phone)
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('plan.png', 'image/png', png), text: 'here is the plan' })
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('bill.pdf', 'application/pdf', pdf) })

    await eventually(async () => {
      const bodies = await phoneBodies()
      expect(bodies.some(body => body.kind === 'photo')).toBe(true)
      expect(textsOf(bodies)).toContain('here is the plan')
      const cards = bodies.flatMap(body => (body.kind === 'cards' ? body.cards : []))
      expect(cards).toContainEqual(expect.objectContaining({ title: 'bill.pdf', buttons: [expect.objectContaining({ title: 'Open', action: 'url' })] }))
    }, soon)
  })
  it('offers choices that come back as what they mean', async () => {
    await world.agent(await world.conversation(phone), {
      do: 'quickReplies',
      text: 'Which size?',
      options: [
        { text: 'Small', payload: 'size:s' },
        { text: 'Large', payload: 'size:l' },
      ],
    })
    await eventually(async () => expect((await phoneBodies()).some(body => body.kind === 'quickReplies')).toBe(true), soon)
    const offer = (await world.phoneEntries(phone)).findLast(entry => entry.body.kind === 'quickReplies')
    const large = offer?.body.kind === 'quickReplies' ? offer.body.buttons.find(button => button.title === 'Large') : undefined

    await world.guest(phone, { do: 'press', entry: offer?.id ?? '', button: large?.id ?? '' })

    await eventually(
      async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ kind: 'choice', title: 'Large', payload: 'size:l' })),
      soon,
    )
  })
  it('shows that the agent types', async () => {
    await world.agent(await world.conversation(phone), { do: 'typing' })

    await eventually(() => expect(line().timeline(phone.id, 1).phone.typingUntil).toBeDefined(), soon)
  })
})

describe('what goes wrong', () => {
  it('shows a message once, however often LINE sends its webhook', async () => {
    await fault('duplicate', { params: { copies: 2 } })
    await world.guest(phone, { do: 'text', text: 'only once' })
    await fault('duplicate', { params: { newId: true } })
    await world.guest(phone, { do: 'text', text: 'also once' })
    await fault('forged')
    await world.guest(phone, { do: 'text', text: 'and genuine' })

    await eventually(() => expect(line().counters()).toMatchObject({ duplicateWebhooks: 3, forgedRefused: 1 }), soon)
    await eventually(async () => expect(textsOf(await deskBodies()).slice(-3)).toEqual(['only once', 'also once', 'and genuine']), soon)
    expect(JSON.stringify(await deskBodies())).not.toContain('Forged')
  })
  it('renews a token that ends in mid-conversation', async () => {
    line().channel(account).tokens.clear()
    await world.guest(phone, { do: 'photo', upload: await world.upload('late.png', 'image/png', Buffer.concat([png, Buffer.alloc(33)])) })
    await eventually(
      async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ media: expect.objectContaining({ size: png.length + 33 }) })),
      soon,
    )
    line().channel(account).tokens.clear()
    await says('with a new token')

    await eventually(async () => expect(textsOf(await phoneBodies())).toContain('with a new token'), soon)
    expect(world.fleet.logs('line-connector')).not.toContain('tenant is paused')
  })
  it('pushes instead of a reply that LINE does not take any more', async () => {
    await world.guest(phone, { do: 'text', text: 'a question' })
    await eventually(async () => expect(textsOf(await deskBodies())).toContain('a question'), soon)
    for (const [, token] of line().channel(account).replyTokens) token.used = true
    await says('an answer')

    await eventually(() => expect(operations('an answer')).toEqual(['push']), soon)
  })
  it('waits out a rate limit and keeps the order', async () => {
    await fault('rateLimit', { params: { retryAfterSeconds: 2 }, operation: 'push' })
    for (const text of ['first', 'second', 'third']) await says(text)

    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-3)).toEqual(['first', 'second', 'third']), soon)
  })
  it('repeats a push whose answer was lost, and LINE recognises it', async () => {
    await fault('serverError', { params: { when: 'after' }, operation: 'push' })
    const id = await says('exactly once')

    await eventually(async () => expect(line().faults.list()).toEqual([]), soon)
    await eventually(() => expect(operations('exactly once')).toEqual(['push']), soon)
    await says('afterwards')
    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-2)).toEqual(['exactly once', 'afterwards']), soon)
    expect((await told(id))?.status).not.toBe('Failed')
  })
  it('tells the agent that the monthly limit is reached, and does not try again', async () => {
    await fault('monthlyLimit', { operation: 'push', times: 1 })
    const id = await says('beyond the limit')

    await eventually(async () => expect(await told(id)).toMatchObject({ status: 'Failed', final: true }), soon)
    expect(operations('beyond the limit')).toEqual([])
  })
  it('fails visibly for a guest who has blocked the account, and goes on when they come back', async () => {
    const bea = await world.phone('Bea Locked')
    await world.guest(bea, { do: 'text', text: 'one question' })
    await eventually(async () => expect(await world.conversation(bea)).toBeDefined(), soon)
    const conversation = await world.conversation(bea)
    await world.guest(bea, { do: 'block' })
    await eventually(async () => expect(line().book.pending).toBe(0), soon)
    const [entry] = await world.agent(conversation, { do: 'text', text: 'are you there?' })

    await eventually(async () => expect((await told(entry?.id, bea))?.reasons[0]?.code).toBe('RecipientOptedOut'), soon)
    await world.guest(bea, { do: 'unblock' })
    await eventually(async () => expect(textsOf(await phoneBodies(bea))).toContain('Welcome to Acme! How can we help?'), soon)
    await world.agent(conversation, { do: 'text', text: 'welcome back' })
    await eventually(async () => expect(textsOf(await phoneBodies(bea))).toContain('welcome back'), soon)
  })
  it('pauses a tenant whose channel refuses it, says so once, and goes on when it works again', async () => {
    const notices: string[] = []
    const receiver = createServer((req, res) => {
      req.on('data', chunk => notices.push(...(/subscription\.\w+/.exec(String(chunk)) ?? [])))
      req.on('end', () => res.end('{}'))
    })
    await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', () => resolve()))
    const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/api/v1/webhook/1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711`
    await world.api('PUT', '/settings', {
      outboundProxy: null,
      notifiers: [{ type: 'gcloudcx', topic: 'Subscriptions', settings: { webhookUrl } }],
      commander: {},
    })
    const channel = line().channel(account)
    channel.channelSecret = 'ffffffffffffffffffffffffffffffff'
    channel.tokens.clear()
    for (const text of ['x', 'y', 'z']) await says(text)

    await eventually(() => expect(notices).toEqual(['subscription.error']), soon)
    channel.channelSecret = demoChannel.channelSecret
    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-3)).toEqual(['x', 'y', 'z']), { withinMs: 40_000 })
    await eventually(() => expect(notices).toEqual(['subscription.error', 'subscription.recovered']), soon)
    receiver.closeAllConnections()
    await new Promise(resolve => receiver.close(resolve))
  }, 90_000)
})

describe('an IVR', () => {
  const tenant = async (): Promise<string> => ((await world.api('GET', '/tenants')).body as { id: string }[])[0]?.id ?? ''
  it('reaches guests by phone number, hears when it arrived, and switches them', async () => {
    const number = line().phoneNumber(account, phone.guest.id) ?? ''
    const sent = await world.api('POST', '/messages', { tenantId: await tenant(), userId: number, message: 'Your parcel is here' })
    expect(sent.status).toBe(202)
    const id = (sent.body as { messages: { id: string }[] }).messages[0]?.id

    await eventually(async () => expect(textsOf(await phoneBodies())).toContain('Your parcel is here'), soon)
    await eventually(async () => expect((await world.api('GET', `/messages/${id}`)).body).toMatchObject({ state: 'delivered' }), soon)
    const switched = await world.api('POST', `/users/${number}/switch`, { tenantId: await tenant() })
    expect(switched).toMatchObject({ status: 200 })
    expect((await world.phoneEntries(phone)).at(-1)?.body).toEqual({ kind: 'event', what: 'switched', text: 'Switched to acme-shop' })
  })
  it('is told that nobody has a number', async () => {
    const sent = await world.api('POST', '/messages', { tenantId: await tenant(), userId: '+819099999999', message: 'Hello?' })
    const national = await world.api('POST', '/messages', { tenantId: await tenant(), userId: '090-9999-9999', message: 'Hello?' })

    for (const { body } of [sent, national]) {
      const id = (body as { messages: { id: string }[] }).messages[0]?.id
      await eventually(async () => expect((await world.api('GET', `/messages/${id}`)).body).toMatchObject({ state: 'failed', code: 'unknownGuest' }), soon)
    }
  })
})

it('leaves no secret in any log', () => {
  const logs = ['api', 'line-connector', 'gcloudcx-connector', 'aws-provider'].map(service => world.fleet.logs(service)).join('\n')

  expect(logs.length).toBeGreaterThan(1000)
  for (const secret of [demoChannel.channelSecret, demoChannel.switcherSecret, ...line().channel(account).tokens.keys()]) expect(logs).not.toContain(secret)
})
