import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Phone } from '../src/protocol.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let phone: Phone
beforeAll(async () => {
  world = await startWorld()
  phone = await world.phone('Lena Ruiz')
}, 180_000)
afterAll(async () => {
  await world?.stop()
}, 90_000)

const soon = { withinMs: 20_000 }
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

async function deskBodies() {
  return (await world.deskEntries(phone)).filter(entry => entry.from === 'customer').map(entry => entry.body)
}
async function phoneBodies() {
  return (await world.phoneEntries(phone)).filter(entry => entry.from === 'business').map(entry => entry.body)
}

describe('a guest’s message', () => {
  it('reaches the agent as text, with emoji and who wrote it', async () => {
    await world.guest(phone, { do: 'text', text: 'Hola 👩‍💻, where is my parcel?' })

    await eventually(async () => expect(await deskBodies()).toContainEqual({ kind: 'text', text: 'Hola 👩‍💻, where is my parcel?' }), soon)
    const conversation = await world.conversation(phone)
    expect(conversation.participantData).toMatchObject({ media: 'Telegram' })
    expect(conversation.guest.name).toBe('Lena Ruiz')
  })

  it.each([
    ['photo', 'image/png', 'photo'],
    ['voice', 'audio/ogg', 'audio'],
    ['video', 'video/mp4', 'video'],
    ['file', 'application/pdf', 'file'],
  ] as const)('brings a %s through the storage', async (what, mime, shown) => {
    const bytes = what === 'photo' ? png : Buffer.concat([what === 'file' ? Buffer.from('%PDF-1.7\n') : Buffer.alloc(0), Buffer.alloc(30_000, what)])
    const upload = await world.upload(`sample.${mime.split('/')[1]}`, mime, bytes)

    await world.guest(phone, { do: what, upload, ...(what === 'photo' ? { caption: 'Broken lid' } : {}) })

    await eventually(async () => {
      const found = (await deskBodies()).flatMap(body => (body.kind === 'parts' ? body.parts : [body])).find(body => body.kind === shown)
      expect(found).toMatchObject({ media: { size: bytes.length } })
    }, soon)
  })

  it('shows where the guest is as a map link', async () => {
    await world.guest(phone, { do: 'location', latitude: 48.2082, longitude: 16.3738 })

    await eventually(async () => expect(JSON.stringify(await deskBodies())).toContain('https://www.google.com/maps/search/?api=1&query=48.2082,16.3738'), soon)
  })

  it('shows contacts, stickers, edits and what it cannot show as what they were', async () => {
    await world.guest(phone, { do: 'contact', phone: '+4312345678', firstName: 'Ole', lastName: 'Berg' })
    await world.guest(phone, { do: 'sticker', emoji: '😀' })
    const [entry] = await world.guest(phone, { do: 'text', text: 'see you at 9' })
    await world.guest(phone, { do: 'edit', entry: entry?.id ?? '', text: 'see you at 10' })

    await eventually(async () => {
      const seen = JSON.stringify(await deskBodies())
      expect(seen).toContain('Ole Berg')
      expect(seen).toContain('+4312345678')
      expect(seen).toContain('😀')
      expect(seen).toContain('✎ see you at 10')
    }, soon)
  })
})

describe('an agent’s message', () => {
  it('reaches the guest, and the agent is told that it did', async () => {
    const [sent] = await world.agent(await world.conversation(phone), { do: 'text', text: 'It is on its way 🚚' })

    await eventually(async () => expect(await phoneBodies()).toContainEqual({ kind: 'text', text: 'It is on its way 🚚' }), soon)
    expect(sent?.id).toBeDefined()
  })

  it('is split when it is longer than the platform takes, between graphemes and in order', async () => {
    const family = '👨‍👩‍👧‍👦'
    const text = `${'a'.repeat(4090)}${family}${'b'.repeat(900)}`

    await world.agent(await world.conversation(phone), { do: 'text', text })

    await eventually(async () => {
      const texts = (await phoneBodies()).map(body => (body.kind === 'text' ? body.text : '')).filter(each => each.startsWith('aaa') || each.includes('bbb'))
      expect(texts.join('')).toBe(text)
      expect(texts.every(each => each.length <= 4096)).toBe(true)
    }, soon)
  })

  it.each([
    ['photo', 'image/png', 'photo'],
    ['file', 'application/pdf', 'file'],
  ] as const)('brings a %s', async (what, mime, shown) => {
    const bytes = what === 'photo' ? png : Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(20_000, 7)])
    const upload = await world.upload(`agent.${mime.split('/')[1]}`, mime, bytes)

    await world.agent(await world.conversation(phone), { do: 'attachment', upload, text: `here is the ${what}` })

    await eventually(async () => expect((await phoneBodies()).some(body => body.kind === shown)).toBe(true), soon)
    await eventually(async () => expect(JSON.stringify(await phoneBodies())).toContain(`here is the ${what}`), soon)
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
    await eventually(
      async () => expect((await world.phoneEntries(phone)).some(entry => (entry.buttons ?? []).flat().some(button => button.title === 'Large'))).toBe(true),
      soon,
    )
    const offer = (await world.phoneEntries(phone)).findLast(entry => (entry.buttons ?? []).length > 0)
    const large = offer?.buttons?.flat().find(button => button.title === 'Large')

    await world.guest(phone, { do: 'press', entry: offer?.id ?? '', button: large?.id ?? '' })

    await eventually(
      async () => expect(await deskBodies()).toContainEqual(expect.objectContaining({ kind: 'choice', title: 'Large', payload: 'size:l' })),
      soon,
    )
  })

  it('shows typing on the phone', async () => {
    await world.agent(await world.conversation(phone), { do: 'typing' })

    await eventually(async () => {
      const answer = (await (await fetch(`${world.lab.url}/lab/api/phones/${encodeURIComponent(phone.id)}`)).json()) as { phone: Phone }
      expect(answer.phone.typingWhat).toBe('typing')
    }, soon)
  })

  it('fails visibly for a guest who has blocked the bot, without a retry', async () => {
    const blocked = await world.phone('Bea Locked')
    await world.guest(blocked, { do: 'text', text: 'one question' })
    await eventually(async () => expect(await world.conversation(blocked)).toBeDefined(), soon)
    const conversation = await world.conversation(blocked)
    await world.guest(blocked, { do: 'block' })

    const [entry] = await world.agent(conversation, { do: 'text', text: 'are you still there?' })

    await eventually(async () => {
      const told = (await world.deskEntries(blocked)).find(each => each.id === entry?.id)?.receipts?.at(-1)
      expect(told).toMatchObject({ status: 'Failed', final: true })
      expect(told?.reasons[0]?.code).toBe('RecipientOptedOut')
    }, soon)
  })
})

describe('the end', () => {
  it('tells the journey of each message, hop by hop', async () => {
    await eventually(async () => {
      const { items } = (await (await fetch(`${world.lab.url}/lab/api/journeys?guest=${phone.guest.id}`)).json()) as {
        items: { hops: { service: string; hop: string }[] }[]
      }
      const hops = items.flatMap(journey => journey.hops.map(hop => `${hop.service} ${hop.hop}`))
      expect(hops).toEqual(
        expect.arrayContaining([
          'telegram-connector received',
          'telegram-connector published',
          'gcloudcx-connector sent',
          'gcloudcx-connector received',
          'telegram-connector sent',
        ]),
      )
    }, soon)
  })

  it('leaves no secret in any log', () => {
    const secrets = ['7000000001:LAB-token-of-the-simulated-bot-0001', 'a-client-secret-for-the-lab-only']
    const logs = ['api', 'telegram-connector', 'gcloudcx-connector', 'aws-provider'].map(service => world.fleet.logs(service)).join('\n')

    expect(logs.length).toBeGreaterThan(1000)
    for (const secret of secrets) expect(logs).not.toContain(secret)
  })
})
