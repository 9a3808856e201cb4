import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Body, Phone } from '../../src/protocol.ts'
import { demoAccount } from '../../src/simulators/wechat/platform.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let phone: Phone
let mia: Phone
beforeAll(async () => {
  world = await startWorld({ platforms: ['wechat'], replicas: { 'wechat-connector': 3 } })
  phone = await world.phone('Lena Ruiz')
  mia = await world.phone('Mia Busy')
}, 240_000)
afterAll(async () => {
  await world?.stop()
}, 90_000)

const wechat = () => world.lab.side('wechat')
const account = () => wechat().account(demoAccount.originalId)
const soon = { withinMs: 25_000 }
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

async function deskBodies(of = phone): Promise<Body[]> {
  const bodies = (await world.deskEntries(of)).filter(entry => entry.from === 'customer').map(entry => entry.body)
  return bodies.flatMap(body => (body.kind === 'parts' ? body.parts : [body]))
}
async function phoneBodies(of = phone): Promise<Body[]> {
  return (await world.phoneEntries(of)).filter(entry => entry.from === 'business' && entry.state === 'shown').map(entry => entry.body)
}
const textsOf = (bodies: Body[]): string[] => bodies.flatMap(body => (body.kind === 'text' ? [body.text] : []))
const fault = (kind: string, where: { operation?: string; guest?: string } = {}, more: { times?: number; params?: Record<string, number> } = {}) =>
  wechat().faults.add({ simulator: 'wechat', kind, params: more.params ?? {}, where, times: more.times ?? 1 })
async function says(text: string, to = phone): Promise<string | undefined> {
  return (await world.agent(await world.conversation(to), { do: 'text', text }))[0]?.id
}
const told = (id: string | undefined, of = phone) => world.deskEntries(of).then(entries => entries.find(entry => entry.id === id)?.receipts?.at(-1))
async function writes(text: string, from = phone): Promise<void> {
  await world.guest(from, { do: 'text', text })
  await eventually(async () => expect(textsOf(await deskBodies(from))).toContain(text), soon)
}

describe('a conversation', () => {
  it('begins with a welcome in the answer to the push', async () => {
    await world.guest(phone, { do: 'start', payload: 'store-7' })

    await eventually(async () => expect(textsOf(await phoneBodies())).toEqual(['Welcome to Acme! How can we help?']), soon)
    expect(wechat().sent({ guest: phone.guest.id })).toMatchObject([{ operation: 'passive' }])
  })
  it('brings texts with what is known of who wrote them', async () => {
    await writes('你好 👩‍💻 <a> & ]]>')

    const { participantData, guest } = await world.conversation(phone)
    expect(participantData).toMatchObject({ media: 'WeChat', locale: 'en', qrScene: 'store-7', subscribeScene: 'ADD_SCENE_QR_CODE' })
    expect(guest.name).toBe(`WeChat user ${phone.guest.id.slice(-6)}`)
  })
  it('is answered', async () => {
    const id = await says('How can I help? 帮')

    await eventually(async () => expect(textsOf(await phoneBodies())).toContain('How can I help? 帮'), soon)
    expect((await told(id))?.status).not.toBe('Failed')
    // it waits for the next minute, while the others go on
    await writes('also here', mia)
    await fault('rateLimit', { operation: 'send', guest: mia.guest.id })
    for (const text of ['one', 'two', 'three']) await says(text, mia)
    await eventually(() => expect(wechat().faults.list()).toEqual([]), soon)
    expect(textsOf(await phoneBodies(mia))).toEqual([])
  })
  it('brings photos, films and sound through the storage', async () => {
    const files = [
      ['photo', 'image/png', png, 'photo'],
      ['video', 'video/mp4', Buffer.alloc(30_000, 'v'), 'video'],
      ['voice', 'audio/amr', Buffer.alloc(20_000, 'a'), 'audio'],
    ] as const
    for (const [what, mime, bytes] of files) {
      await world.guest(phone, { do: what, upload: await world.upload(`sample.${mime.split('/')[1]}`, mime, bytes) })
    }

    await eventually(async () => {
      const stored = (await deskBodies()).flatMap(body => ('media' in body && body.media !== undefined ? [`${body.kind} ${body.media.size}`] : []))
      expect(stored).toEqual(files.map(([, , bytes, shown]) => `${shown} ${bytes.length}`))
    }, soon)
  })
  it('shows places and stickers as what they were', async () => {
    await world.guest(phone, { do: 'venue', latitude: 35.4437, longitude: 139.638, title: 'Harbour office', address: '1-2 Pier Street' })
    await world.guest(phone, { do: 'sticker', emoji: '🎉' })

    await eventually(async () => {
      const seen = JSON.stringify(await deskBodies())
      for (const words of ['Harbour office', '35.4437,139.638', '[🎉]']) expect(seen).toContain(words)
    }, soon)
  })
  it('brings the agent’s photo, which WeChat has lost once, and a file as a link', async () => {
    await fault('mediaGone', { operation: 'send' })
    const conversation = await world.conversation(phone)
    const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(20_000, 7)])
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('plan.png', 'image/png', png), text: 'here is the plan' })
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('bill.pdf', 'application/pdf', pdf) })

    await eventually(async () => {
      const bodies = await phoneBodies()
      expect(bodies.filter(body => body.kind === 'photo')).toHaveLength(1)
      expect(textsOf(bodies)).toContain('here is the plan')
      expect(textsOf(bodies)).toContainEqual(expect.stringMatching(/^bill\.pdf: http/))
    }, soon)
  })
  it('brings the agent’s film behind a picture', async () => {
    const film = Buffer.concat([Buffer.from('000000206674797069736f6d0000020069736f6d69736f32', 'hex'), Buffer.alloc(5000, 1)])
    await world.agent(await world.conversation(phone), { do: 'attachment', upload: await world.upload('tour.mp4', 'video/mp4', film) })

    await eventually(async () => expect((await phoneBodies()).some(body => body.kind === 'video')).toBe(true), soon)
  })
  it('offers choices that come back as what they mean', async () => {
    const options = [
      { text: 'Small', payload: 'size:s' },
      { text: 'Large', payload: 'size:l' },
    ]
    await world.agent(await world.conversation(phone), { do: 'quickReplies', text: 'Which size?', options })
    await eventually(async () => expect(textsOf(await phoneBodies())).toContain('Which size?'), soon)
    const offer = (await world.phoneEntries(phone)).findLast(entry => entry.buttons !== undefined)
    const large = offer?.buttons?.flat().find(button => button.title === 'Large')

    await world.guest(phone, { do: 'press', entry: offer?.id ?? '', button: large?.id ?? '' })

    const chosen = expect.objectContaining({ kind: 'choice', title: 'Large', payload: 'size:l' })
    await eventually(async () => expect(await deskBodies()).toContainEqual(chosen), soon)
  })
  it('shows that the agent types', async () => {
    await world.agent(await world.conversation(phone), { do: 'typing' })

    await eventually(() => expect(wechat().timeline(phone.id, 1).phone.typingUntil).toBeDefined(), soon)
  })
})

describe('what goes wrong', () => {
  afterEach(() => wechat().faults.clear())
  it('shows a message once, however often WeChat pushes it', async () => {
    await fault('duplicate', {}, { params: { copies: 2 } })
    await world.guest(phone, { do: 'text', text: 'only once' })
    await fault('forged')
    await world.guest(phone, { do: 'text', text: 'and genuine' })

    await eventually(() => expect(wechat().counters()).toMatchObject({ duplicateWebhooks: 2, forgedRefused: 1 }), soon)
    await eventually(async () => expect(textsOf(await deskBodies()).slice(-2)).toEqual(['only once', 'and genuine']), soon)
    expect(JSON.stringify(await deskBodies())).not.toContain('Forged')
  })
  it('has one token for all replicas, and another when that is refused in mid-conversation', async () => {
    const before = account().stable?.token
    wechat().endTokens(demoAccount.originalId)
    await world.guest(phone, { do: 'photo', upload: await world.upload('late.png', 'image/png', Buffer.concat([png, Buffer.alloc(33)])) })
    const late = expect.objectContaining({ media: expect.objectContaining({ size: png.length + 33 }) })
    await eventually(async () => expect(await deskBodies()).toContainEqual(late), soon)
    await says('with a new token')

    await eventually(async () => expect(textsOf(await phoneBodies())).toContain('with a new token'), soon)
    expect(account().stable?.token).not.toBe(before)
    expect(account().forced).toEqual([])
    expect(world.fleet.logs('wechat-connector')).not.toContain('tenant is paused')
  })
  it('tries a token again that WeChat has just made and gives again, and ends it for nobody', async () => {
    const before = account().stable?.token
    await fault('badToken', { operation: 'send' })
    await says('with the same token')

    await eventually(async () => expect(textsOf(await phoneBodies())).toContain('with the same token'), soon)
    expect(account().forced).toEqual([])
    expect(account().stable?.token).toBe(before)
  })
  it('asks again while WeChat is busy, and keeps the order', async () => {
    await fault('busy', { operation: 'send' }, { times: 2 })
    for (const text of ['first', 'second', 'third']) await says(text)

    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-3)).toEqual(['first', 'second', 'third']), soon)
  })
  it('tells the agent when the answers are used up, until the guest writes again', async () => {
    account().answers = 1
    await writes('one question')
    const ids = [await says('one answer'), await says('one too many')]

    await eventually(async () => expect(await told(ids[1])).toMatchObject({ status: 'Failed', final: true }), soon)
    expect((await told(ids[0]))?.status).not.toBe('Failed')
    account().answers = 1000
    await writes('still there?')
    await says('of course')
    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-2)).toEqual(['one answer', 'of course']), soon)
  })
  it('fails visibly for a guest who has left, and goes on when they come back', async () => {
    const bea = await world.phone('Bea Gone')
    await writes('one question', bea)
    await world.guest(bea, { do: 'block' })
    await eventually(() => expect(wechat().book.pending).toBe(0), soon)
    const lost = await says('are you there?', bea)

    await eventually(async () => expect((await told(lost, bea))?.reasons[0]?.code).toBe('RecipientOptedOut'), soon)
    await world.guest(bea, { do: 'unblock' })
    await eventually(async () => expect(textsOf(await phoneBodies(bea))).toContain('Welcome to Acme! How can we help?'), soon)
    await says('welcome back', bea)
    await eventually(async () => expect(textsOf(await phoneBodies(bea))).toContain('welcome back'), soon)
  })
  it('pauses a tenant whose secret is refused, says so once, and goes on when it works again', async () => {
    const notices: string[] = []
    const receiver = createServer((req, res) => {
      req.on('data', chunk => notices.push(...(/subscription\.\w+/.exec(String(chunk)) ?? [])))
      req.on('end', () => res.end('{}'))
    })
    await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', () => resolve()))
    const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/api/v1/webhook/1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711`
    const notifier = { type: 'gcloudcx', topic: 'Subscriptions', settings: { webhookUrl } }
    await world.api('PUT', '/settings', { outboundProxy: null, notifiers: [notifier], commander: {} })
    account().appSecret = 'ffffffffffffffffffffffffffffffff'
    wechat().endTokens(demoAccount.originalId)
    for (const text of ['x', 'y', 'z']) await says(text)

    await eventually(() => expect(notices).toEqual(['subscription.error']), soon)
    account().appSecret = demoAccount.appSecret
    await eventually(async () => expect(textsOf(await phoneBodies()).slice(-3)).toEqual(['x', 'y', 'z']), { withinMs: 40_000 })
    await eventually(() => expect(notices).toEqual(['subscription.error', 'subscription.recovered']), soon)
    receiver.closeAllConnections()
    await new Promise(resolve => receiver.close(resolve))
  }, 90_000)
})

it('sends what was too much for one minute in the next, in its order', async () => {
  await eventually(async () => expect(textsOf(await phoneBodies(mia))).toEqual(['one', 'two', 'three']), { withinMs: 62_000 })
}, 70_000)
it('leaves no secret in any log', () => {
  const logs = ['api', 'wechat-connector', 'gcloudcx-connector', 'aws-provider'].map(service => world.fleet.logs(service)).join('\n')

  expect(logs.length).toBeGreaterThan(1000)
  for (const secret of [demoAccount.appSecret, demoAccount.token, demoAccount.encodingAesKey, account().stable?.token ?? '?'])
    expect(logs).not.toContain(secret)
})
