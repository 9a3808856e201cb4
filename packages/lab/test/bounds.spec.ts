import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../src/index.ts'
import { client, inbound, message } from './genesys/client.ts'
import { Receiver } from './receiver.ts'
import { caller } from './telegram/bot.ts'

let lab: Lab
let receiver: Receiver

beforeAll(async () => {
  lab = await startLab({
    limits: { conversations: 3, entries: 4, audit: 5, ids: 6, pending: 7 },
    genesys: { integrationSetupMs: 0, receiptsForGuests: 'none', requestsPerMinute: 10_000 },
  })
  receiver = await Receiver.open()
})
afterAll(async () => {
  await lab.close()
  await receiver.close()
})

describe('what the Lab remembers', () => {
  it('is bounded on phones', async () => {
    const { id, token } = lab.telegram.addBot()
    const { json } = caller(lab, token)
    const phones = [1, 2, 3, 4].map(guest => lab.telegram.guest(id, guest))
    for (const phone of phones) phone.do({ do: 'start' })
    for (let number = 0; number < 10; number += 1) await json('sendMessage', { chat_id: 4, text: String(number) })
    const forgotten = await json('sendMessage', { chat_id: 1, text: 'x' })
    const timeline = phones[3]?.timeline()

    expect(forgotten.description).toBe('Bad Request: chat not found')
    expect(lab.telegram.phones(10).items.map(({ guest }) => guest.id)).toEqual(['4', '3', '2'])
    expect(timeline?.entries.map(({ body }) => (body.kind === 'text' ? body.text : ''))).toEqual(['6', '7', '8', '9'])
    expect(timeline).toMatchObject({ truncated: true, phone: { entries: 11 } })
    expect(lab.telegram.sent().map(({ text }) => text)).toEqual(['5', '6', '7', '8', '9'])
  })

  it('is bounded on webhooks that wait', () => {
    const { id } = lab.telegram.addBot()
    const phone = lab.telegram.guest(id, 9)
    for (let number = 0; number < 9; number += 1) phone.do({ do: 'text', text: String(number) })

    expect(lab.telegram.pendingUpdates(id)).toBe(7)
    expect(lab.telegram.counters().updatesDropped).toBe(2)
    expect(phone.timeline().entries.at(-1)).toMatchObject({ state: 'lost', why: 'too many updates wait' })
  })

  it('is bounded at the desk', async () => {
    const api = await client(lab)
    const integration = await api.integration('I', receiver.url)
    const send = (guest: string, messageId: string) =>
      api.call('POST', inbound(integration), message({ text: messageId }, { messageId, from: { id: guest, idType: 'Opaque' } }))
    for (const guest of ['a', 'b', 'c', 'd']) await send(guest, `${guest}0`)
    for (let number = 1; number < 10; number += 1) await send('d', `d${number}`)

    expect(lab.genesys.conversations(10, undefined).items.map(({ guest }) => guest.id)).toEqual(['d', 'c', 'b'])
    expect(lab.genesys.conversationWith(integration, 'a')).toBeUndefined()
    expect(lab.genesys.conversationWith(integration, 'd')).toMatchObject({ entries: 10 })
    expect(lab.genesys.received().map(({ messageId }) => messageId)).toEqual(['d5', 'd6', 'd7', 'd8', 'd9'])
  })
})
