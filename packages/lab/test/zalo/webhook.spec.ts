import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import type { Phone } from '../../src/protocol.ts'
import { headersOf } from '../../src/simulators/zalo/webhook.ts'
import { Receiver } from '../receiver.ts'
import { account, authorized, call } from './account.ts'

let lab: Lab
let receiver: Receiver
let made: ReturnType<typeof account>
let phone: Phone

beforeAll(async () => {
  lab = await startLab({ only: ['zalo'], timeScale: 0.001 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  receiver = await Receiver.open()
  made = account(lab, receiver.url)
  phone = lab.side('zalo').openPhone(made.oa.id, { name: 'Lan Anh' }).phone
})
afterEach(async () => {
  await lab.side('zalo').faults.clear()
  await receiver.close()
})
const act = (action: Parameters<ReturnType<Lab['side']>['act']>[1]) => lab.side('zalo').act(phone.id, action)

describe('a signature', () => {
  const app = { appId: '2890011223344556677', secret: 'oaSecretKq9Xw2Lm7Bv4Ns' }

  it.each([
    [
      '{"app_id":"2890011223344556677","event_name":"follow","source":"oa_profile","oa_id":"3141592653589793238","follower":{"id":"7481500099887766554"},"user_id_by_app":"5120098877665544332","timestamp":"1763804020000"}',
      '1763804020000',
      'mac=469776d1a676c48782999d543a11d2c3dafe6e74e649fca79730e16be3d0e5c0',
    ],
    [
      '{"app_id":"2890011223344556677","user_id_by_app":"5120098877665544332","event_name":"user_send_text","sender":{"id":"7481500099887766554"},"recipient":{"id":"3141592653589793238"},"message":{"msg_id":"a1b2c3d4e5f60718293a","text":"Xin chào 👋"},"timestamp":"1763804001234"}',
      '1763804001234',
      'mac=6efdc7fef5ab6b0837c456b6a610428bc93a0dce5e03614c2f39a9fd12a59aeb',
    ],
  ])('is the one that was computed elsewhere: %#', (body, timestamp, mac) => {
    expect(headersOf(Buffer.from(body), { ...app, timestamp })['X-ZEvent-Signature']).toBe(mac)
    expect(headersOf(Buffer.from(`${body} `), { ...app, timestamp })['X-ZEvent-Signature']).not.toBe(mac)
  })
})

describe('an event', () => {
  it('tells of what a guest writes, and shares', async () => {
    await act({ do: 'text', text: 'Xin chào' })
    await act({ do: 'venue', latitude: 10.5, longitude: 106.25, title: 'Bến Thành', address: 'Quận 1' })
    await act({ do: 'contact', phone: '84912345678', firstName: 'Minh' })
    const requests = await receiver.until(3)

    const parties = { app_id: made.app.appId, sender: { id: phone.guest.id }, recipient: { id: made.oa.id } }
    expect(requests.map(({ json }) => json)).toMatchObject([
      { ...parties, event_name: 'user_send_text', message: { text: 'Xin chào' }, timestamp: expect.stringMatching(/^\d{13}$/) },
      {
        event_name: 'user_send_location',
        message: { text: 'Bến Thành', attachments: [{ type: 'location', payload: { coordinates: { latitude: '10.5', longitude: '106.25' } } }] },
      },
      { event_name: 'user_send_business_card', message: { text: 'Minh', attachments: [{ payload: { description: expect.stringContaining('84912345678') } }] } },
    ])
  })

  it('tells of followers', async () => {
    await act({ do: 'start' })
    await act({ do: 'block' })
    const requests = await receiver.until(2)

    const members = { oa_id: made.oa.id, follower: { id: phone.guest.id } }
    expect(requests.map(({ json }) => json)).toMatchObject([
      { event_name: 'follow', ...members },
      { event_name: 'unfollow', ...members },
    ])
  })

  it('tells what becomes of a message of the account, and echoes it', async () => {
    await act({ do: 'text', text: 'hello' })
    const { access_token: token } = await authorized(lab, made)
    const json = { recipient: { user_id: phone.guest.id }, message: { text: 'Chào' } }
    const { data } = await call(lab, 'POST', '/v3.0/oa/message/cs', { token, json })
    await act({ do: 'read' })
    const requests = await receiver.until(4)

    const from = { sender: { id: made.oa.id }, recipient: { id: phone.guest.id } }
    expect(requests.slice(1).map(({ json: event }) => event)).toMatchObject([
      { event_name: 'oa_send_text', ...from, message: { msg_id: data?.message_id, text: 'Chào' } },
      { event_name: 'user_received_message', ...from, message: { msg_id: data?.message_id } },
      { event_name: 'user_seen_message', ...from, message: { msg_ids: [data?.message_id] } },
    ])
  })

  it('comes again with the same bytes and a count until it gets 200', async () => {
    receiver.script(204, 500)
    await act({ do: 'text', text: 'hello' })
    const requests = await receiver.until(3)

    expect(requests.map(({ headers }) => headers.num_retry)).toEqual(['0', '1', '2'])
    expect(new Set(requests.map(({ raw }) => raw.toString())).size).toBe(1)
  })
})
