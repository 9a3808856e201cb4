import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Body, Phone } from '../../src/protocol.ts'
import { demoBot } from '../../src/simulators/viber/platform.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let phone: Phone
const notices: string[] = []
const notified = createServer((req, res) => {
  req.on('data', chunk => notices.push(...(/subscription\.\w+/.exec(String(chunk)) ?? [])))
  req.on('end', () => res.end('{}'))
})
beforeAll(async () => {
  await new Promise<void>(resolve => notified.listen(0, '127.0.0.1', () => resolve()))
  world = await startWorld({ platforms: ['viber'], replicas: { 'viber-connector': 3 } })
  const webhookUrl = `http://127.0.0.1:${(notified.address() as AddressInfo).port}/webhooks/api/v1/webhook/1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711`
  const notifiers = [{ type: 'gcloudcx', topic: 'Subscriptions', settings: { webhookUrl } }]
  await world.api('PUT', '/settings', { outboundProxy: null, notifiers, commander: {} })
  phone = await world.phone('Ana Petrova')
}, 240_000)
afterEach(() => viber().faults.clear())
afterAll(async () => {
  await world?.stop()
  notified.closeAllConnections()
  await new Promise(resolve => notified.close(resolve))
}, 90_000)

const viber = () => world.lab.side('viber')
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
const fault = (kind: string, params: Record<string, string | number | boolean> = {}, operation?: string) =>
  viber().faults.add({ simulator: 'viber', kind, params, where: operation === undefined ? {} : { operation }, times: 1 })
async function says(text: string): Promise<string | undefined> {
  return (await world.agent(await world.conversation(phone), { do: 'text', text }))[0]?.id
}
const told = (id: string | undefined, of = phone) => world.deskEntries(of).then(entries => entries.find(entry => entry.id === id)?.receipts?.at(-1))
const keyboard = () => viber().timeline(phone.id, 1).phone.keyboard?.rows.flat() ?? []
const shows = (text: string) => eventually(async () => expect(textsOf(await phoneBodies())).toContain(text), soon)

describe('a conversation', () => {
  it('begins with a welcome in the answer to the opened chat', async () => {
    await world.guest(phone, { do: 'start', payload: 'campaign_7' })

    await shows('Welcome to Acme! How can we help?')
    expect(
      viber()
        .sent({ guest: phone.guest.id })
        .map(({ operation }) => operation),
    ).toEqual(['welcome'])
  })
  it('brings texts with who wrote them, from where and on what', async () => {
    await world.guest(phone, { do: 'text', text: 'Здравей 👋' })

    await eventually(async () => expect(await deskBodies()).toContainEqual({ kind: 'text', text: 'Здравей 👋' }), soon)
    const { participantData, guest } = await world.conversation(phone)
    expect(participantData).toMatchObject({ media: 'Viber', country: 'BG', locale: 'en', deviceOS: 'android 14', deviceType: 'SM-S911B' })
    expect(guest.name).toBe('Ana Petrova')
  })
  it('brings photos, films and files through the storage', async () => {
    const files = [
      ['photo', 'image/png', png, 'photo'],
      ['video', 'video/mp4', Buffer.alloc(30_000, 'v'), 'video'],
      ['file', 'application/pdf', pdf, 'file'],
    ] as const
    for (const [what, mime, bytes] of files) await world.guest(phone, { do: what, upload: await world.upload(`sample.${mime.split('/')[1]}`, mime, bytes) })

    await eventually(async () => {
      const stored = (await deskBodies()).flatMap(body => ('media' in body && body.media !== undefined ? [`${body.kind} ${body.media.size}`] : []))
      expect(stored).toEqual(files.map(([, , bytes, shown]) => `${shown} ${bytes.length}`))
    }, soon)
  })
  it('shows places, stickers and contacts as what they were, and says what could not be had', async () => {
    await fault('expired', {}, 'media')
    await world.guest(phone, { do: 'file', upload: await world.upload('gone.pdf', 'application/pdf', pdf) })
    await world.guest(phone, { do: 'location', latitude: 42.6977, longitude: 23.3219 })
    await world.guest(phone, { do: 'sticker', emoji: '🎉' })
    await world.guest(phone, { do: 'contact', phone: '+359888123456', firstName: 'Ivo' })

    await eventually(async () => {
      const seen = JSON.stringify(await deskBodies())
      for (const words of ['gone.pdf', '42.6977,23.3219', '[sticker 40109]', '+359888123456']) expect(seen).toContain(words)
    }, soon)
  })
  it('brings the agent’s photo with its words, and files', async () => {
    const conversation = await world.conversation(phone)
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('plan.png', 'image/png', png), text: 'here is the plan' })
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('bill.pdf', 'application/pdf', pdf) })

    await eventually(async () => {
      const bodies = await phoneBodies()
      expect(JSON.stringify(bodies)).toContain('here is the plan')
      expect(bodies.flatMap(body => ('media' in body && body.media !== undefined ? [`${body.kind} ${body.media.name}`] : []))).toEqual([
        'photo plan.png',
        'file bill.pdf',
      ])
    }, soon)
  })
  it('keeps its buttons under the chat until they are answered, by what they mean', async () => {
    const options = [
      { text: 'Small', payload: 'size:s' },
      { text: 'Large', payload: 'size:l' },
    ]
    await world.agent(await world.conversation(phone), { do: 'quickReplies', text: 'Which size?', options })
    await says('Take your time')
    await shows('Take your time')
    const large = keyboard().find(({ title }) => title === 'Large')

    await world.guest(phone, { do: 'press', button: large?.id ?? '' })

    await eventually(
      async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ kind: 'choice', title: 'Large', payload: 'size:l' })),
      soon,
    )
    await says('Large it is')
    await shows('Large it is')
    expect(keyboard()).toEqual([])
  })
  it('offers cards, and the guest’s choice of one is known by its card', async () => {
    const cards = ['A', 'B'].map(name => ({ title: `Plan ${name}`, description: '5 GB', buttons: [{ text: 'Take it', payload: `plan:${name}` }] }))
    await world.agent(await world.conversation(phone), { do: 'carousel', cards })
    await eventually(async () => expect((await phoneBodies()).some(body => body.kind === 'cards' && body.cards.length === 2)).toBe(true), soon)
    const entry = (await world.phoneEntries(phone)).findLast(({ body }) => body.kind === 'cards')
    const second = entry?.body.kind === 'cards' ? entry.body.cards[1]?.buttons[0] : undefined

    await world.guest(phone, { do: 'press', entry: entry?.id ?? '', button: second?.id ?? '' })

    await eventually(async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ kind: 'choice', payload: 'plan:B' })), soon)
  })
  it('tells the agent what has arrived', async () => {
    const id = await says('are you there?')

    await eventually(async () => expect(await told(id)).toMatchObject({ status: 'Delivered' }), soon)
  })
  it('tells an IVR that one look has seen all of its messages', async () => {
    const tenantId = ((await world.api('GET', '/tenants')).body as { id: string }[])[0]?.id
    const push = async (message: string): Promise<string | undefined> => {
      const { body } = await world.api('POST', '/messages', { tenantId, userId: phone.guest.id, message })
      return (body as { messages: { id: string }[] }).messages[0]?.id
    }
    const states = (ids: (string | undefined)[]) =>
      Promise.all(ids.map(async id => ((await world.api('GET', `/messages/${id}`)).body as { state: string }).state))
    const ids = [await push('Your parcel is here'), await push('It is at the door')]
    await eventually(async () => expect(await states(ids)).toEqual(['delivered', 'delivered']), soon)
    await world.guest(phone, { do: 'read' })

    await eventually(async () => expect(await states(ids)).toEqual(['read', 'read']), soon)
  })
})

describe('what goes wrong', () => {
  it('shows a message once, however often Viber sends its callback', async () => {
    await fault('duplicate', { copies: 2 })
    await world.guest(phone, { do: 'text', text: 'only once' })
    await fault('forged')
    await world.guest(phone, { do: 'text', text: 'and genuine' })

    await eventually(() => expect(viber().counters()).toMatchObject({ duplicateWebhooks: 2, forgedRefused: 1 }), soon)
    await eventually(async () => expect(textsOf(await deskBodies()).slice(-2)).toEqual(['only once', 'and genuine']), soon)
    expect(JSON.stringify(await deskBodies())).not.toContain('Forged')
  })
  it('waits out a rate limit and keeps the order', async () => {
    await fault('rateLimit', { retryAfterSeconds: 2 }, 'send_message')
    for (const text of ['first', 'second', 'third']) await says(text)

    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-3)).toEqual(['first', 'second', 'third']), soon)
  })
  it('registers its webhook again when Viber has lost it, and sends what was refused for that', async () => {
    const account = viber().book.accountOf(demoBot.uri)
    viber().book.setWebhook(account, '')
    await says('with a webhook again')

    await shows('with a webhook again')
    expect(account.webhookUrl).toMatch(/\/viber$/)
  })
  it('tells the agent of what failed behind Viber’s yes', async () => {
    await fault('failsLater', {}, 'send_message')
    const id = await says('never arrives')

    await eventually(async () => expect(await told(id)).toMatchObject({ status: 'Failed', final: true }), soon)
  })
  it('fails alone, with a notice, when a message costs more than there is', async () => {
    await fault('refusal', { status: 'noBalance' }, 'send_message')
    const id = await says('too expensive')

    await eventually(async () => expect(await told(id)).toMatchObject({ status: 'Failed', final: true }), soon)
    await eventually(() => expect(notices).toEqual(['subscription.error']), soon)
    await says('free of charge')
    await shows('free of charge')
  })
  it('fails visibly for a guest who has left, and goes on when they come back', async () => {
    const bea = await world.phone('Bea Locked')
    await world.guest(bea, { do: 'text', text: 'one question' })
    await eventually(async () => expect(await world.conversation(bea)).toBeDefined(), soon)
    const conversation = await world.conversation(bea)
    await world.guest(bea, { do: 'block' })
    await eventually(() => expect(viber().book.pending).toBe(0), soon)
    const [entry] = await world.agent(conversation, { do: 'text', text: 'are you there?' })

    await eventually(async () => expect((await told(entry?.id, bea))?.reasons[0]?.code).toBe('RecipientOptedOut'), soon)
    await world.guest(bea, { do: 'unblock' })
    await world.guest(bea, { do: 'text', text: 'back again' })
    await eventually(async () => expect(textsOf(await deskBodies(bea))).toContain('back again'), soon)
    await world.agent(conversation, { do: 'text', text: 'welcome back' })
    await eventually(async () => expect(textsOf(await phoneBodies(bea))).toContain('welcome back'), soon)
  })
  it('pauses a tenant whose token is revoked in mid-conversation, says so once, and goes on when it works again', async () => {
    notices.length = 0
    const bot = viber().bot(demoBot.uri)
    bot.token = 'ffffffffffffffff-ffffffffffffffff-ffffffffffffffff'
    for (const text of ['x', 'y', 'z']) await says(text)

    await eventually(() => expect(notices).toEqual(['subscription.error']), soon)
    bot.token = demoBot.token
    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-3)).toEqual(['x', 'y', 'z']), { withinMs: 40_000 })
    await eventually(() => expect(notices).toEqual(['subscription.error', 'subscription.recovered']), soon)
  }, 90_000)
})

it('leaves no secret in any log', () => {
  const logs = ['api', 'viber-connector', 'gcloudcx-connector', 'aws-provider'].map(service => world.fleet.logs(service)).join('\n')

  expect(logs.length).toBeGreaterThan(1000)
  expect(logs).not.toContain(demoBot.token)
})
