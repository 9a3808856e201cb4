import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Body, Phone, PhoneEntry } from '../../src/protocol.ts'
import { demoAccount, demoApplication } from '../../src/simulators/zalo/platform.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let phone: Phone
let tenantId: string
let grantedAt: number
const soon = { withinMs: 25_000 }
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const pdf = (bytes: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(bytes, 7)])

beforeAll(async () => {
  world = await startWorld({ platforms: ['zalo'], replicas: { 'zalo-connector': 3 } })
  phone = await world.phone('Lan Anh')
  const { body } = await world.api('GET', '/tenants')
  tenantId = (body as { id: string }[])[0]?.id ?? ''
  grantedAt = Date.now()
}, 200_000)
afterAll(async () => {
  await world?.stop()
}, 90_000)

const zalo = () => world.lab.side('zalo')
const account = () => zalo().book.accountOf(demoAccount.oaId).data
async function fault(kind: string, more: object = {}): Promise<void> {
  await zalo().faults.add({ simulator: 'zalo', kind, params: {}, where: {}, ...more })
}
async function deskBodies(of = phone): Promise<Body[]> {
  const bodies = (await world.deskEntries(of)).filter(entry => entry.from === 'customer').map(entry => entry.body)
  return bodies.flatMap(body => (body.kind === 'parts' ? body.parts : [body]))
}
async function shownOn(of = phone): Promise<PhoneEntry[]> {
  return (await world.phoneEntries(of)).filter(entry => entry.from === 'business' && entry.state === 'shown')
}
async function say(text: string, of = phone) {
  const [entry] = await world.agent(await world.conversation(of), { do: 'text', text })
  return entry?.id ?? ''
}
async function textsOf(of = phone): Promise<string[]> {
  return (await shownOn(of)).map(({ body }) => ('text' in body ? (body.text ?? '') : ''))
}
async function receiptsOf(id: string, of = phone): Promise<string[]> {
  return ((await world.deskEntries(of)).find(entry => entry.id === id)?.receipts ?? []).map(receipt => receipt.status)
}
async function statusOf(): Promise<{ status: string; lastError?: string }> {
  const { body } = await world.api('GET', `/tenants/${tenantId}/status`)
  return (body as { messaging: { status: string } }).messaging
}

describe('a guest', () => {
  it('is shown with name and what is written', async () => {
    await world.guest(phone, { do: 'start' })
    await world.guest(phone, { do: 'text', text: 'Xin chào 👋 <b>42</b>' })

    await eventually(async () => expect(await deskBodies()).toContainEqual({ kind: 'text', text: 'Xin chào 👋 <b>42</b>' }), soon)
    const conversation = await world.conversation(phone)
    expect(conversation.guest.name).toBe('Lan Anh')
    expect(conversation.participantData).toMatchObject({ media: 'Zalo', follower: 'true' })
  })

  it('sends photos and files, which go through the storage, a sticker and a place', async () => {
    const photo = await world.upload('lid.png', 'image/png', png)
    const file = await world.upload('receipt.pdf', 'application/pdf', pdf(40_000))

    await world.guest(phone, { do: 'photo', upload: photo, caption: 'Broken lid' })
    await world.guest(phone, { do: 'file', upload: file })
    await world.guest(phone, { do: 'sticker', emoji: '🐰', upload: photo })
    await world.guest(phone, { do: 'venue', latitude: 10.7725563, longitude: 106.6980413, title: 'Bến Thành', address: 'Quận 1' })
    await world.guest(phone, { do: 'contact', phone: '84912345678', firstName: 'Minh' })

    await eventually(async () => {
      const bodies = await deskBodies()
      expect(bodies).toContainEqual({ kind: 'text', text: 'Broken lid' })
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'photo', media: expect.objectContaining({ size: png.length }) }))
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'file', media: expect.objectContaining({ name: 'receipt.pdf', size: 40_009 }) }))
      expect(JSON.stringify(bodies)).toMatch(/Bến Thành.*84912345678/s)
      expect(JSON.stringify(bodies)).not.toContain(zalo().url)
    }, soon)
  })

  it('is heard once when Zalo tells it twice, and never when somebody forges it', async () => {
    await fault('duplicate', { where: { operation: 'user_send_text' }, times: 1 })
    await fault('forged', { where: { operation: 'user_send_text' }, times: 1 })

    await world.guest(phone, { do: 'text', text: 'only once, please' })
    await world.guest(phone, { do: 'text', text: 'and this behind it' })

    await eventually(async () => expect(JSON.stringify(await deskBodies())).toContain('and this behind it'), soon)
    expect((await deskBodies()).filter(body => body.kind === 'text' && body.text === 'only once, please')).toHaveLength(1)
    expect(zalo().counters()).toMatchObject({ duplicateWebhooks: 1, forgedRefused: 1 })
    expect(JSON.stringify(await deskBodies())).not.toContain('Forged')
  })
})

describe('an agent', () => {
  it('answers, and is told that it arrived', async () => {
    const id = await say('It is <late> & on its way 🚚')

    await eventually(async () => expect(await textsOf()).toContain('It is <late> & on its way 🚚'), soon)
    await eventually(async () => expect(await receiptsOf(id)).toContain('Delivered'), soon)
  })

  it('sends a photo and a file, and a link where Zalo takes no such file', async () => {
    const conversation = await world.conversation(phone)
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('new.png', 'image/png', png) })
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('terms.pdf', 'application/pdf', pdf(30_000)) })
    await world.agent(conversation, { do: 'attachment', upload: await world.upload('data.zip', 'application/zip', Buffer.from('PK\u0003\u0004x')) })

    await eventually(async () => {
      const bodies = (await shownOn()).map(({ body }) => body)
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'photo', media: expect.objectContaining({ size: png.length }) }))
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'file', media: expect.objectContaining({ size: 30_009 }) }))
      expect((await textsOf()).some(text => /data\.zip: http/.test(text))).toBe(true)
    }, soon)
  })

  it('sends a photo once more when its upload has ended meanwhile', async () => {
    await fault('uploadEnded', { where: { operation: 'message' }, times: 1 })
    const before = (await shownOn()).length

    await world.agent(await world.conversation(phone), { do: 'attachment', upload: await world.upload('again.png', 'image/png', png) })

    await eventually(async () => expect((await shownOn()).slice(before).map(({ body }) => body.kind)).toEqual(['photo']), soon)
  })

  it('offers buttons, and the choice comes back as what it means', async () => {
    const options = [
      { text: 'Delivery', payload: 'size:d' },
      { text: 'Pickup', payload: 'size:p' },
    ]
    await world.agent(await world.conversation(phone), { do: 'quickReplies', text: 'How?', options })
    const offered = async () => (await shownOn()).find(each => (each.buttons ?? []).flat().some(button => button.title === 'Pickup'))
    await eventually(async () => expect(await offered()).toBeDefined(), soon)

    const offer = await offered()
    const pickup = (offer?.buttons ?? []).flat().find(button => button.title === 'Pickup')
    await world.guest(phone, { do: 'press', entry: offer?.id ?? '', button: pickup?.id ?? '' })

    await eventually(
      async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ kind: 'choice', title: 'Pickup', payload: 'size:p' })),
      soon,
    )
  })

  it('offers numbered lines where Zalo takes no lists, and a number is an answer', async () => {
    account().takesLists = false
    await world.agent(await world.conversation(phone), { do: 'quickReplies', text: 'Which colour?', options: [{ text: 'Green' }, { text: 'Grey' }] })

    await eventually(async () => expect(await textsOf()).toContain('Which colour?\n1. Green\n2. Grey'), soon)
    await world.guest(phone, { do: 'text', text: '2' })

    await eventually(async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ kind: 'choice', title: 'Grey' })), soon)
    account().takesLists = true
  })

  it('shows a place in words', async () => {
    await world.agent(await world.conversation(phone), { do: 'location', latitude: 48.2082, longitude: 16.3738, title: 'Café Nord' })

    await eventually(async () => expect((await textsOf()).some(text => /^Café Nord\n.*48\.2082,16\.3738/s.test(text))).toBe(true), soon)
  })

  it('is told when the guest has been silent for too long', async () => {
    await fault('noInteraction', { where: { operation: 'message' }, times: 1 })

    const id = await say('are you still there?')

    await eventually(async () => expect(await receiptsOf(id)).toContain('Failed'), soon)
  })

  it('cannot reach a guest who has unfollowed, until the guest is back', async () => {
    const minh = await world.phone('Minh')
    await world.guest(minh, { do: 'text', text: 'hello' })
    await eventually(async () => expect(await deskBodies(minh)).toHaveLength(1), soon)
    const conversation = await world.conversation(minh)
    await world.guest(minh, { do: 'block' })
    await eventually(async () => expect(zalo().counters().pending).toBe(0), soon)

    const [lost] = await world.agent(conversation, { do: 'text', text: 'into the void' })
    await eventually(async () => expect(await receiptsOf(lost?.id ?? '', minh)).toContain('Failed'), soon)
    await world.guest(minh, { do: 'unblock' })
    await world.guest(minh, { do: 'text', text: 'back again' })

    await eventually(async () => expect(JSON.stringify(await deskBodies(minh))).toContain('back again'), soon)
    await say('welcome back', minh)
    await eventually(async () => expect(await textsOf(minh)).toEqual(['welcome back']), soon)
  })
})

describe('a token', () => {
  it('that has come to its end is replaced once by three replicas, in the middle of conversations', async () => {
    const others = await Promise.all(['Hoa', 'Tuan', 'Mai'].map(name => world.phone(name)))
    for (const other of others) await world.guest(other, { do: 'text', text: 'hello' })
    await eventually(async () => {
      for (const other of others) expect(await deskBodies(other)).toHaveLength(1)
    }, soon)
    // one that has just been made is not taken for refused so soon
    await eventually(() => expect(Date.now() - grantedAt).toBeGreaterThan(11_000), soon)
    if (account().tokens !== undefined) Object.assign(account().tokens ?? {}, { endsAt: Date.now() - 1 })
    const spent = zalo().tokens.spent.size

    await Promise.all([phone, ...others].map((other, index) => say(`after the end ${index}`, other)))

    await eventually(async () => {
      for (const [index, other] of [phone, ...others].entries()) expect(await textsOf(other)).toContain(`after the end ${index}`)
    }, soon)
    expect(zalo().tokens.spent.size).toBe(spent + 1)
    expect(zalo().tokens.reused).toBe(0)
  })

  it('that was taken away stops the tenant, is told of once, and all goes on when the permission is given again', async () => {
    Object.assign(account().tokens ?? {}, { isRevoked: true })

    await say('waits for the permission')
    await eventually(async () => expect(await statusOf()).toMatchObject({ status: 'paused' }), soon)
    expect(await textsOf()).not.toContain('waits for the permission')
    await zalo().console.authorize(world.fleet.publicUrl, tenantId, demoAccount.oaId)

    await eventually(async () => expect(await textsOf()).toContain('waits for the permission'), soon)
    await eventually(async () => expect((await statusOf()).status).toBe('working'), soon)
  })
})

describe('Zalo', () => {
  it('finds the tag of the application below the webhook, and takes an empty object for a yes', async () => {
    const page = await fetch(`${world.fleet.publicUrl}/zalo`)
    const probe = await fetch(`${world.fleet.publicUrl}/zalo`, { method: 'POST', body: '{}' })

    expect(await page.text()).toContain(`<meta name="zalo-platform-site-verification" content="${demoApplication.domainCode}">`)
    expect((await fetch(`${world.fleet.publicUrl}/zalo`, { method: 'HEAD' })).status).toBe(200)
    expect([probe.status, await probe.text()]).toEqual([200, ''])
  })

  it('is obeyed when it wants fewer calls, and nothing overtakes', async () => {
    await fault('rateLimit', { params: { retryAfterSeconds: 2 }, where: { operation: 'message' }, times: 1 })

    await say('first after the limit')
    await say('second after the limit')

    await eventually(async () => expect((await textsOf()).slice(-2)).toEqual(['first after the limit', 'second after the limit']), soon)
  })
})
