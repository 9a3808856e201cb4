import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { realLimits } from '../../src/simulators/viber/index.ts'
import { Receiver } from '../receiver.ts'
import { ask } from './bot.ts'

let lab: Lab
let now = Date.parse('2026-01-01T00:00:00Z')
let receiver: Receiver
let bot: { uri: string; token: string }
let ana: { id: string; phone: string }
beforeAll(async () => {
  lab = await startLab({ only: ['viber'], now: () => new Date(now), platforms: { viber: { limits: realLimits } } })
  receiver = await Receiver.open()
})
afterAll(async () => {
  await lab.close()
  await receiver.close()
})
beforeEach(async () => {
  bot = lab.side('viber').addBot()
  await call('set_webhook', { url: receiver.url, event_types: [] })
  const { phone } = lab.side('viber').openPhone(bot.uri, { name: 'Ana' })
  ana = { id: phone.guest.id, phone: phone.id }
  await lab.side('viber').act(ana.phone, { do: 'text', text: 'hello' })
})
afterEach(() => lab.side('viber').faults.clear())

const call = (operation: string, json: unknown = {}) => ask(lab, bot.token, operation, json)
const send = (message: object, more: object = {}) =>
  call('send_message', { receiver: ana.id, min_api_version: 7, sender: { name: 'Acme Help' }, ...message, ...more })
const statusOf = async (message: object, more: object = {}) => (await send(message, more)).json.status
const timeline = () => lab.side('viber').timeline(ana.phone, 50)
const lastBody = () => timeline().entries.at(-1)?.body
const hello = { type: 'text', text: 'Hello' }
const reply = (Text: string, more: object = {}) => ({ Columns: 6, Rows: 1, ActionType: 'reply', ActionBody: Text, Text, ...more })

describe('send_message', () => {
  it('shows the message and names it by a number of 64 bits, always with HTTP 200', async () => {
    const { http, raw } = await send(hello)

    expect(http).toBe(200)
    expect(raw).toMatch(/"status":0,"status_message":"ok","message_token":58\d{17},/)
    expect(lastBody()).toEqual({ kind: 'text', text: 'Hello' })
  })
  it('knows the account by its token alone', async () => {
    expect((await ask(lab, undefined, 'send_message', {})).json).toMatchObject({ status: 2 })
    expect((await ask(lab, `${bot.token}0`, 'send_message', {})).json).toMatchObject({ status: 2 })
  })
  it('reaches nobody who is unknown, has left, or has too old an app', async () => {
    expect(await statusOf(hello, { receiver: 'AAAAAAAAAAAAAAAAAAAAAA==' })).toBe(5)
    expect(await statusOf(hello, { min_api_version: 11 })).toBe(13)
    await lab.side('viber').act(ana.phone, { do: 'block' })
    expect(await statusOf(hello)).toBe(6)
  })
  const files = 'https://files.example.com'
  const card = (rows: number) => [{ Columns: 6, Rows: rows, ActionType: 'none', ActionBody: 'none', Text: 'Plan A' }, reply('Take A')]
  const rich = (Buttons: object[], more: object = {}) => ({
    type: 'rich_media',
    rich_media: { Type: 'rich_media', ButtonsGroupColumns: 6, ButtonsGroupRows: 3, Buttons },
    ...more,
  })
  it.each([
    ['a text at its limit', { type: 'text', text: 'x'.repeat(7000) }, 0],
    ['a longer one', { type: 'text', text: 'x'.repeat(7001) }, 3],
    ['no sender', { ...hello, sender: undefined }, 4],
    ['a name at its limit', { ...hello, sender: { name: 'x'.repeat(28) } }, 0],
    ['a longer name', { ...hello, sender: { name: 'x'.repeat(29) } }, 3],
    ['no type and no keyboard', {}, 4],
    ['a kind that is new', { type: 'hologram' }, 3],
    ['a picture', { type: 'picture', text: '', media: `${files}/p.jpg?sig=1` }, 0],
    ['a picture without an extension', { type: 'picture', text: '', media: `${files}/p?name=p.jpg` }, 3],
    ['a picture without a text', { type: 'picture', media: `${files}/p.jpg` }, 4],
    ['a video without a size', { type: 'video', media: `${files}/v.mp4` }, 4],
    ['a video that is too long', { type: 'video', media: `${files}/v.mp4`, size: 1, duration: 181 }, 3],
    ['a file', { type: 'file', media: `${files}/c.pdf`, size: 1, file_name: 'c.pdf' }, 0],
    ['a file at its limit', { type: 'file', media: `${files}/c.pdf`, size: 52_428_800, file_name: 'c.pdf' }, 0],
    ['a larger file', { type: 'file', media: `${files}/c.pdf`, size: 52_428_801, file_name: 'c.pdf' }, 3],
    ['a forbidden file', { type: 'file', media: `${files}/c.exe`, size: 1, file_name: 'c.EXE' }, 3],
    ['a contact whose phone is too long', { type: 'contact', contact: { name: 'A', phone_number: '1'.repeat(19) } }, 3],
    ['cards', rich([...card(2), ...card(2)]), 0],
    ['cards that are not filled', rich(card(1)), 3],
    ['seven cards', rich([1, 2, 3, 4, 5, 6, 7].flatMap(() => card(2))), 3],
    ['cards for apps that know none', rich(card(2), { min_api_version: 1 }), 14],
    ['a keyboard alone', { keyboard: { Type: 'keyboard', Buttons: [reply('A')] } }, 0],
    ['a keyboard with nothing', { ...hello, keyboard: { Type: 'keyboard', Buttons: [] } }, 3],
    ['a keyboard of 25 rows', { ...hello, keyboard: { Type: 'keyboard', Buttons: Array.from({ length: 25 }, () => reply('A')) } }, 3],
    ['a button without ActionBody', { ...hello, keyboard: { Type: 'keyboard', Buttons: [{ Text: 'A' }] } }, 4],
    ['a request of more than 30 KB', { ...hello, tracking_data: 'я'.repeat(4000), text: '界'.repeat(7000) }, 0],
    [
      'a request of even more',
      { ...hello, keyboard: { Type: 'keyboard', Buttons: [reply('я'.repeat(250))] }, tracking_data: '界'.repeat(4000), text: '界'.repeat(7000) },
      3,
    ],
  ])('takes or refuses %s', async (name, message, status) => {
    const sent = name === 'a request of more than 30 KB' ? { ...message, tracking_data: '' } : message

    expect(await statusOf(sent)).toBe(status)
  })
  it('lets a guest who does not answer have a hundred in an hour', async () => {
    for (let count = 0; count < 100; count += 1) expect(await statusOf(hello)).toBe(0)
    expect(await statusOf(hello)).toBe(12)
    await lab.side('viber').act(ana.phone, { do: 'text', text: 'I am here' })
    expect(await statusOf(hello)).toBe(0)
  })
})

describe('keyboards', () => {
  const offer = {
    ...hello,
    keyboard: { Type: 'keyboard', Buttons: [reply('A &amp; B', { Columns: 3, ActionBody: 'A & B' }), reply('C', { Columns: 3 }), reply('D')] },
  }
  it('stand under the chat until the next message', async () => {
    await send(offer)
    expect(timeline().phone.keyboard?.rows.map(row => row.map(({ title }) => title))).toEqual([['A & B', 'C'], ['D']])
    await send(hello)
    expect(timeline().phone.keyboard).toBeUndefined()
  })
  it('write what a button says, as the guest', async () => {
    await send(offer)
    await lab.side('viber').act(ana.phone, { do: 'press', button: '0' })

    expect(lastBody()).toEqual({ kind: 'choice', title: 'A & B', payload: 'A & B' })
    await expect(lab.side('viber').act(ana.phone, { do: 'press', button: '3' })).rejects.toThrow('not there')
  })
})

describe('what is known', () => {
  it('of the account', async () => {
    expect((await call('get_account_info')).json).toMatchObject({ status: 0, name: 'Acme Care', uri: bot.uri, webhook: receiver.url, subscribers_count: 1 })
  })
  it('of a guest, twice in twelve hours, and only of subscribers', async () => {
    const details = () => call('get_user_details', { id: ana.id })

    expect((await details()).json).toMatchObject({ status: 0, user: { id: ana.id, country: 'BG', primary_device_os: 'android 14', device_type: 'SM-S911B' } })
    expect((await details()).json).toMatchObject({ status: 0 })
    expect((await details()).json).toMatchObject({ status: 12 })
    now += 12 * 3600_000
    await lab.side('viber').act(ana.phone, { do: 'block' })
    expect((await details()).json).toMatchObject({ status: 6 })
  })
  it('what a guest sent is there for an hour', async () => {
    const media = lab.side('viber')
    const stored = await fetch(`${lab.url}/lab/api/uploads?name=p.png`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: Buffer.from('picture'),
    })
    const { id } = (await stored.json()) as { id: string }
    await media.act(ana.phone, { do: 'photo', upload: id })
    await receiver.until(1)
    const link = () => receiver.requests.map(({ json }) => (json as { message?: { media?: string } }).message?.media).findLast(Boolean) ?? ''
    await waitFor(() => link() !== '')

    expect((await fetch(link())).status).toBe(200)
    now += 3600_000
    expect((await fetch(link())).status).toBe(404)
  })
})
async function waitFor(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setImmediate(resolve))
}

describe('broadcasts and faults', () => {
  it('tell whom they did not reach', async () => {
    const { json } = await call('broadcast_message', { broadcast_list: [ana.id, 'AAAAAAAAAAAAAAAAAAAAAA=='], sender: { name: 'A' }, ...hello })

    expect(json).toMatchObject({ status: 0, failed_list: [{ receiver: 'AAAAAAAAAAAAAAAAAAAAAA==', status: 5 }] })
  })
  it.each([
    ['refusal', { status: 'noBalance' }, 200, 24],
    ['rateLimit', { retryAfterSeconds: 3 }, 429, 12],
    ['failsLater', {}, 200, 0],
  ])('are worded as Viber words them: %s', async (kind, params, http, status) => {
    await lab.side('viber').faults.add({ simulator: 'viber', kind, params, where: { operation: 'send_message' }, times: 1 })

    expect(await send(hello)).toMatchObject({ http, json: { status } })
  })
})
