import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Body, Phone, PhoneEntry } from '../../src/protocol.ts'
import { demoWorkspace } from '../../src/simulators/slack/platform.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let phone: Phone
let tenantId: string
/** another workspace of the same tenant */
const partner = { team: 'T0PARTNER01', name: 'Partner Staff' }
const soon = { withinMs: 25_000 }
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

beforeAll(async () => {
  world = await startWorld({ platforms: ['slack'], replicas: { 'slack-connector': 3 } })
  phone = await world.phone('Lena Ruiz')
  const { body } = await world.api('GET', '/tenants')
  tenantId = (body as { id: string }[])[0]?.id ?? ''
}, 200_000)
afterAll(async () => {
  await world?.stop()
}, 90_000)

const slack = () => world.lab.side('slack')
async function fault(kind: string, more: object = {}): Promise<void> {
  await slack().faults.add({ simulator: 'slack', kind, params: {}, where: {}, ...more })
}
async function deskBodies(of = phone): Promise<Body[]> {
  const bodies = (await world.deskEntries(of)).filter(entry => entry.from === 'customer').map(entry => entry.body)
  return bodies.flatMap(body => (body.kind === 'parts' ? body.parts : [body]))
}
async function shownOn(of = phone): Promise<PhoneEntry[]> {
  return (await world.phoneEntries(of)).filter(entry => entry.from === 'business')
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
async function statusOf(): Promise<{ status: string; lastError?: string; facts?: Record<string, string> }> {
  const { body } = await world.api('GET', `/tenants/${tenantId}/status`)
  return (body as { messaging: { status: string } }).messaging
}

describe('a guest', () => {
  it('is shown with name, e-mail, workspace and what is written', async () => {
    await world.guest(phone, { do: 'text', text: 'Is <b>order</b> & https://example.org/42 late?' })

    await eventually(async () => expect(await deskBodies()).toContainEqual({ kind: 'text', text: 'Is <b>order</b> & https://example.org/42 late?' }), soon)
    const conversation = await world.conversation(phone)
    expect(conversation.guest.name).toBe('Lena Ruiz')
    expect(conversation.participantData).toMatchObject({ media: 'Slack', workspaceId: demoWorkspace.team, workspaceName: demoWorkspace.name })
  })

  it('sends photos and files with their text, and they go through the storage', async () => {
    const photo = await world.upload('lid.png', 'image/png', png)
    const file = await world.upload('receipt.pdf', 'application/pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(40_000, 7)]))

    await world.guest(phone, { do: 'photo', upload: photo, caption: 'Broken lid' })
    await world.guest(phone, { do: 'file', upload: file })

    await eventually(async () => {
      const bodies = await deskBodies()
      expect(bodies).toContainEqual({ kind: 'text', text: 'Broken lid' })
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'photo', media: expect.objectContaining({ size: png.length }) }))
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'file', media: expect.objectContaining({ name: 'receipt.pdf', size: 40_009 }) }))
    }, soon)
  })

  it('changes and deletes messages, and the agent sees it', async () => {
    const [entry] = await world.guest(phone, { do: 'text', text: 'see you at 9' })
    await world.guest(phone, { do: 'edit', entry: entry?.id ?? '', text: 'see you at 10' })
    await world.guest(phone, { do: 'delete', entry: entry?.id ?? '' })

    await eventually(async () => {
      const seen = JSON.stringify(await deskBodies())
      expect(seen).toContain('✎ see you at 10')
      expect(seen).toContain('[message withdrawn]')
    }, soon)
  })

  it('is heard once when Slack tells it twice, and never when somebody forges it', async () => {
    await fault('duplicate', { params: { newId: true }, where: { operation: 'message' }, times: 1 })
    await fault('forged', { where: { operation: 'message' }, times: 1 })

    await world.guest(phone, { do: 'text', text: 'only once, please' })
    await world.guest(phone, { do: 'text', text: 'and this behind it' })

    await eventually(async () => expect(JSON.stringify(await deskBodies())).toContain('and this behind it'), soon)
    expect((await deskBodies()).filter(body => body.kind === 'text' && body.text === 'only once, please')).toHaveLength(1)
    expect(slack().counters()).toMatchObject({ duplicateWebhooks: 1, forgedRefused: 1 })
    expect(JSON.stringify(await deskBodies())).not.toContain('Forged')
  })
})

describe('an agent', () => {
  it('answers, and is told that it arrived', async () => {
    const id = await say('It is <late> & on its way 🚚')

    await eventually(async () => expect(await textsOf()).toContain('It is <late> & on its way 🚚'), soon)
    await eventually(async () => expect(await receiptsOf(id)).toContain('Delivered'), soon)
  })

  it('sends a photo and a file as files of Slack', async () => {
    const photo = await world.upload('new.png', 'image/png', png)
    const file = await world.upload('terms.pdf', 'application/pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(30_000, 7)]))

    await world.agent(await world.conversation(phone), { do: 'attachment', upload: photo })
    await world.agent(await world.conversation(phone), { do: 'attachment', upload: file })

    await eventually(async () => {
      const bodies = (await shownOn()).map(({ body }) => body)
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'photo', media: expect.objectContaining({ size: png.length }) }))
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'file', media: expect.objectContaining({ size: 30_009 }) }))
    }, soon)
  })

  it('sends a link where the workspace takes no files', async () => {
    slack().book.accountOf(demoWorkspace.team).data.takesFiles = false
    const file = await world.upload('forbidden.pdf', 'application/pdf', Buffer.from('%PDF-1.7\nx'))

    await world.agent(await world.conversation(phone), { do: 'attachment', upload: file })

    await eventually(async () => expect((await textsOf()).some(text => /forbidden\.pdf: http/.test(text))).toBe(true), soon)
    slack().book.accountOf(demoWorkspace.team).data.takesFiles = true
  })

  it('offers buttons, and the choice comes back as what it means', async () => {
    const options = [
      { text: 'Small', payload: 'size:s' },
      { text: 'Large', payload: 'size:l' },
    ]
    await world.agent(await world.conversation(phone), { do: 'quickReplies', text: 'Which size?', options })
    const offered = async () => (await shownOn()).find(each => (each.buttons ?? []).flat().some(button => button.title === 'Large'))
    await eventually(async () => expect(await offered()).toBeDefined(), soon)

    const offer = await offered()
    const large = (offer?.buttons ?? []).flat().find(button => button.title === 'Large')
    await world.guest(phone, { do: 'press', entry: offer?.id ?? '', button: large?.id ?? '' })

    await eventually(
      async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ kind: 'choice', title: 'Large', payload: 'size:l' })),
      soon,
    )
  })

  it('shows cards, a list and places as far as Slack has them', async () => {
    const conversation = await world.conversation(phone)
    const cards = ['Red', 'Blue'].map(title => ({ title, description: `The ${title} one`, buttons: [{ text: `Take ${title}`, payload: title }] }))
    await world.agent(conversation, { do: 'carousel', cards })
    await world.agent(conversation, { do: 'listPicker', text: 'Which shop?', sections: [{ title: 'North', items: [{ id: 'n1', title: 'Harbour' }] }] })
    await world.agent(conversation, { do: 'location', latitude: 48.2082, longitude: 16.3738, title: 'Café Nord' })

    await eventually(async () => {
      const bodies = (await shownOn()).map(({ body }) => body)
      const carousel = bodies.find(body => body.kind === 'cards')
      expect(carousel).toMatchObject({ cards: [{ title: 'Red', buttons: [{ title: 'Take Red' }] }, { title: 'Blue' }] })
      expect(bodies).toContainEqual(expect.objectContaining({ kind: 'listPicker', sections: [expect.objectContaining({ title: 'North' })] }))
      expect((await textsOf()).some(text => text.startsWith('Café Nord'))).toBe(true)
    }, soon)
  })

  it('reaches the guest in plain words when Slack does not like the blocks', async () => {
    // with a budget that nobody has used: what waits for its budget begins again, and with the blocks
    const mira = await world.phone('Mira Okafor')
    await world.guest(mira, { do: 'text', text: 'Which colours are there?' })
    await eventually(async () => expect(await deskBodies(mira)).toHaveLength(1), soon)
    await fault('invalid_blocks', { where: { operation: 'chat.postMessage', guest: mira.guest.id }, times: 1 })

    await world.agent(await world.conversation(mira), { do: 'quickReplies', text: 'Which colour?', options: [{ text: 'Green' }, { text: 'Grey' }] })

    await eventually(async () => expect(await textsOf(mira)).toContain('Which colour?\n1. Green\n2. Grey'), soon)
    await world.guest(mira, { do: 'text', text: 'grey' })
    await eventually(async () => expect(await deskBodies(mira)).toContainEqual(expect.objectContaining({ kind: 'choice', title: 'Grey' })), soon)
  })

  it('waits as long as Slack says, and nothing overtakes', async () => {
    await fault('rateLimit', { params: { retryAfterSeconds: 2 }, where: { operation: 'chat.postMessage' }, times: 1 })

    await say('first after the limit')
    await say('second after the limit')

    await eventually(async () => expect((await textsOf()).slice(-2)).toEqual(['first after the limit', 'second after the limit']), soon)
  })

  it('is told when the guest cannot be reached', async () => {
    await fault('user_disabled', { where: { operation: 'chat.postMessage' }, times: 1 })

    const id = await say('are you still there?')

    await eventually(async () => expect(await receiptsOf(id)).toContain('Failed'), soon)
  })
})

describe('a token', () => {
  it('that has come to its end is replaced in the middle of a conversation', async () => {
    const { app, install } = slack().book.accountOf(demoWorkspace.team).data
    app.rotation = true
    await slack().install(world.fleet.publicUrl, tenantId, demoWorkspace.team)
    await say('with the rotating token')
    await eventually(async () => expect(await textsOf()).toContain('with the rotating token'), soon)
    const before = slack().book.accountOf(demoWorkspace.team).data.install
    const token = before?.token
    if (before !== undefined) before.expiresAt = Date.now() - 1

    const ids = await Promise.all(['one', 'two', 'three'].map(text => say(`after the end: ${text}`)))

    await eventually(async () => expect((await textsOf()).filter(text => text.startsWith('after the end'))).toHaveLength(3), soon)
    expect(ids).toHaveLength(3)
    expect(slack().book.accountOf(demoWorkspace.team).data.install?.token).not.toBe(token)
    expect(install?.isRevoked).toBe(false)
  })

  it('that is gone stops its own workspace, is told of, and goes on when the app is installed again', async () => {
    const { app } = slack().book.accountOf(demoWorkspace.team).data
    slack().addWorkspace({ ...partner, app })
    await slack().install(world.fleet.publicUrl, tenantId, partner.team)
    const { phone: colleague } = slack().openPhone(partner.team, { name: 'Ole Berg' })
    await world.guest(colleague, { do: 'text', text: 'from the partner' })
    await eventually(async () => expect(await deskBodies(colleague)).toContainEqual({ kind: 'text', text: 'from the partner' }), soon)

    slack().uninstall(demoWorkspace.team)
    await eventually(async () => expect(await statusOf()).toMatchObject({ status: 'failing', lastError: expect.stringContaining(demoWorkspace.team) }), soon)
    await say('waits for the app')
    await say('still answered', colleague)

    await eventually(async () => expect(await textsOf(colleague)).toContain('still answered'), soon)
    expect(await textsOf()).not.toContain('waits for the app')

    await slack().install(world.fleet.publicUrl, tenantId, demoWorkspace.team)

    await eventually(async () => expect(await textsOf()).toContain('waits for the app'), soon)
    await eventually(async () => expect((await statusOf()).status).toBe('working'), soon)
  })
})

describe('the administrator', () => {
  it('gets the manifest of the app before there is any tenant, with the addresses of this deployment', async () => {
    const { body, status } = await world.api('GET', '/platforms/slack/documents/manifest.json')

    expect(status).toBe(200)
    expect(body).toMatchObject({ settings: { event_subscriptions: { request_url: `${world.fleet.publicUrl}/slack/events` } } })
    expect((await world.api('GET', '/platforms/telegram/documents/manifest.json')).status).toBe(404)
  })

  it('sees where people register and which workspaces have', async () => {
    await eventually(async () => expect((await statusOf()).facts?.[`workspace:${partner.team}`]).toContain('active'), soon)

    const { facts = {} } = await statusOf()
    expect(facts.registrationPage).toBe(`${world.fleet.publicUrl}/slack/register?customer=${tenantId}`)
    expect(JSON.stringify(facts)).not.toContain('xox')
  })
})
