import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { ask, type Called, Server } from './server.ts'

let lab: Lab
let server: Server
let originalId: string
let openid: string
let token: string
beforeAll(async () => {
  lab = await startLab({ only: ['wechat'], timeScale: 0.001 })
  server = await Server.open()
})
afterAll(async () => {
  await lab.close()
  await server.close()
})
beforeEach(async () => {
  const account = wechat().addAccount({ answers: 5 })
  originalId = account.originalId
  await wechat().saveServerUrl(originalId, server.url)
  openid = wechat().openPhone(originalId, { name: 'Lena' }).phone.guest.id
  token = await fresh()
})
afterEach(async () => wechat().faults.clear())

const wechat = () => lab.side('wechat')
const lena = () => wechat().guest(originalId, openid)
const credentials = () => ({ grant_type: 'client_credential', appid: wechat().account(originalId).appId, secret: wechat().account(originalId).appSecret })
const stable = async (more: object = {}): Promise<Called> => ask(lab, 'POST', '/cgi-bin/stable_token', {}, { ...credentials(), ...more })
const fresh = async (): Promise<string> => String((await stable()).json.access_token)
const post = async (path: string, body: unknown, query: Record<string, string> = {}) =>
  (await ask(lab, 'POST', `/cgi-bin/${path}`, { access_token: token, ...query }, body)).json
const send = (message: object, to = openid) => post('message/custom/send', { touser: to, ...message })
const say = (content: string) => send({ msgtype: 'text', text: { content } })
const seen = () =>
  lena()
    .timeline()
    .entries.filter(({ from, state }) => from === 'business' && state === 'shown')
    .map(({ body }) => body)
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const form = (bytes: Buffer, mime: string, name: string): FormData => {
  const made = new FormData()
  made.append('media', new Blob([new Uint8Array(bytes)], { type: mime }), name)
  return made
}
const upload = (type: string, bytes: Buffer, mime: string, name: string) => post('media/upload', form(bytes, mime, name), { type })

describe('access tokens', () => {
  it('stay the same until somebody ends them', async () => {
    const again = await stable()
    const forced = await stable({ force_refresh: true })

    expect(again.json).toMatchObject({ access_token: token, expires_in: expect.any(Number) })
    expect(forced.json.access_token).not.toBe(token)
    expect(await say('x')).toMatchObject({ errcode: 40001 })
    expect((await stable({ force_refresh: true })).json).toMatchObject({ errcode: 45011 })
  })
  it('of the classic kind end the one before, and leave the stable one alone', async () => {
    const [first, second] = [await ask(lab, 'GET', '/cgi-bin/token', credentials()), await ask(lab, 'GET', '/cgi-bin/token', credentials())]
    const info = async (access_token: unknown) => (await ask(lab, 'GET', '/cgi-bin/user/info', { access_token: String(access_token), openid })).json

    expect(await info(first.json.access_token)).toMatchObject({ errcode: 40001 })
    expect(await info(second.json.access_token)).toMatchObject({ openid })
    expect(await info(token)).toMatchObject({ openid })
  })
  it.each([
    [{ appid: 'wx0000000000000000' }, 40013],
    [{ secret: 'x' }, 40125],
    [{ grant_type: 'x' }, 47001],
  ])('are not given for %j', async (more, errcode) => {
    expect((await stable(more)).json).toMatchObject({ errcode })
  })
  it('are needed, and POST is', async () => {
    expect((await ask(lab, 'GET', '/cgi-bin/stable_token', credentials())).json).toMatchObject({ errcode: 43002 })
    expect((await ask(lab, 'GET', '/cgi-bin/user/info', { openid })).json).toMatchObject({ errcode: 41001 })
  })
})

describe('a message', () => {
  beforeEach(async () => {
    await lena().do({ do: 'text', text: 'hi' })
  })
  it('is shown, and has no id', async () => {
    expect(await say('你好 😀')).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(seen()).toEqual([{ kind: 'text', text: '你好 😀' }])
  })
  it('may be a picture that was brought before, not one of another kind', async () => {
    const { media_id } = await upload('image', png, 'image/png', 'a.png')

    expect(await send({ msgtype: 'image', image: { media_id } })).toMatchObject({ errcode: 0 })
    expect(seen()).toMatchObject([{ kind: 'photo', media: { size: png.length } }])
    expect(await send({ msgtype: 'voice', voice: { media_id } })).toMatchObject({ errcode: 40007 })
    expect(await send({ msgtype: 'image', image: { media_id: 'm' } })).toMatchObject({ errcode: 40007 })
  })
  it('may be a menu, whose entries answer with their id', async () => {
    const list = [{ id: '101', content: 'Delivery' }]
    await send({ msgtype: 'msgmenu', msgmenu: { head_content: 'About?', list, tail_content: 'or call us' } })
    const offer = lena().timeline().entries.at(-1)
    const { entries } = await lena().do({ do: 'press', entry: offer?.id ?? '', button: '0' })

    expect(offer).toMatchObject({ body: { text: 'About?\nor call us' }, buttons: [[{ title: 'Delivery', action: 'reply' }]] })
    expect(entries).toMatchObject([{ body: { kind: 'choice', title: 'Delivery', payload: '101' } }])
  })
  it.each([
    ['nothing', { msgtype: 'text', text: { content: '' } }, 44004],
    ['too much', { msgtype: 'text', text: { content: `${'你'.repeat(682)}aaa` } }, 45002],
    ['a kind that is none', { msgtype: 'file', file: {} }, 40008],
    ['a form that is none', { msgtype: 'image', image: {} }, 47001],
    [
      'two articles',
      {
        msgtype: 'news',
        news: {
          articles: [
            { title: 'a', url: 'x' },
            { title: 'b', url: 'x' },
          ],
        },
      },
      45008,
    ],
    ['an entry without an id', { msgtype: 'msgmenu', msgmenu: { head_content: 'x', list: [{ id: 'um:x', content: 'A' }] } }, 47001],
    ['too many entries', { msgtype: 'msgmenu', msgmenu: { head_content: 'x', list: Array.from({ length: 11 }, () => ({ id: '1', content: 'A' })) } }, 47001],
  ])('is refused when it holds %s', async (_what, message, errcode) => {
    expect(await send(message)).toMatchObject({ errcode, errmsg: expect.stringContaining('rid: ') })
    expect(seen()).toEqual([])
  })
  it('is taken up to the last byte', async () => {
    expect(await say(`${'你'.repeat(682)}aa`)).toMatchObject({ errcode: 0 })
  })
  it('is refused with escapes, or for nobody', async () => {
    expect(await post('message/custom/send', `{"touser":"${openid}","msgtype":"text","text":{"content":"\\u4f60"}}`)).toMatchObject({ errcode: 40033 })
    expect(await send({ msgtype: 'text', text: { content: 'x' } }, 'oNobody')).toMatchObject({ errcode: 40003 })
  })
})

describe('the guest’s patience', () => {
  it('is five answers to a message, and begins anew with the next', async () => {
    await lena().do({ do: 'text', text: 'hi' })
    const codes: unknown[] = []
    for (let count = 0; count < 6; count += 1) codes.push((await say('x')).errcode)
    await lena().do({ do: 'text', text: 'again' })
    codes.push((await say('y')).errcode)

    expect(codes).toEqual([0, 0, 0, 0, 0, 45047, 0])
  })
  it('is none before the guest has done anything, three answers to a follower, none to who has left', async () => {
    const codes = [(await say('x')).errcode]
    await lena().do({ do: 'start' })
    for (let count = 0; count < 4; count += 1) codes.push((await say('x')).errcode)
    await lena().do({ do: 'block' })
    codes.push((await say('x')).errcode)

    expect(codes).toEqual([45015, 0, 0, 0, 45047, 43004])
  })
})

describe('typing', () => {
  it('is shown soon after an exchange, once at a time', async () => {
    const typing = (command: string) => post('message/custom/typing', { touser: openid, command })
    const codes = [(await typing('Typing')).errcode]
    await lena().do({ do: 'text', text: 'hi' })
    for (const command of ['Typing', 'Typing', 'CancelTyping', 'Typing', 'Singing']) codes.push((await typing(command)).errcode)

    expect(codes).toEqual([45080, 0, 45081, 0, 0, 45072])
    expect(lena().timeline().phone.typingUntil).toBeDefined()
  })
})

describe('media', () => {
  it('are taken by kind, size and name', async () => {
    const big = Buffer.concat([png, Buffer.alloc(10e6)])

    expect(await upload('image', big, 'image/png', 'a.png')).toMatchObject({ errcode: 40009 })
    expect(await upload('image', png, 'image/png', 'a')).toMatchObject({ errcode: 40005 })
    expect(await upload('voice', Buffer.from('x'), 'audio/ogg', 'a.ogg')).toMatchObject({ errcode: 40005 })
    expect(await upload('voice', Buffer.alloc(2e6 + 1), 'audio/amr', 'a.amr')).toMatchObject({ errcode: 45001 })
    expect(await upload('file', png, 'image/png', 'a.png')).toMatchObject({ errcode: 40004 })
    expect(await post('media/upload', '', { type: 'image' })).toMatchObject({ errcode: 41005 })
    expect(await upload('thumb', Buffer.from('x'), 'image/jpeg', 'a.jpg')).toMatchObject({ type: 'thumb', thumb_media_id: expect.any(String) })
  })
  it('of guests are given out by their id; films lie elsewhere', async () => {
    const uploaded = (mime: string, name: string) => lab.media.put({ bytes: Buffer.from(name), mime, name }).id
    await lena().do({ do: 'voice', upload: uploaded('audio/amr', 'v.amr') })
    await lena().do({ do: 'video', upload: uploaded('video/mp4', 'f.mp4') })
    const [voice, film] = [...wechat().account(originalId).media].map(([id]) => id)
    const get = (media_id = '') => ask(lab, 'GET', '/cgi-bin/media/get', { access_token: token, media_id })

    expect(await get(voice)).toMatchObject({ mime: 'audio/amr', bytes: Buffer.from('v.amr') })
    const { json } = await get(film)
    expect(await (await fetch(String(json.video_url))).text()).toBe('f.mp4')
    expect((await get('m')).json).toMatchObject({ errcode: 40007 })
  })
})

describe('what is known of a guest', () => {
  const info = async () => (await ask(lab, 'GET', '/cgi-bin/user/info', { access_token: token, openid })).json
  it('has no name, but where they came from', async () => {
    await lena().do({ do: 'start', payload: 'store-7' })

    expect(await info()).toMatchObject({ subscribe: 1, nickname: '', subscribe_scene: 'ADD_SCENE_QR_CODE', qr_scene_str: 'store-7' })
  })
  it('ends with following', async () => {
    await lena().do({ do: 'block' })

    expect(await info()).toEqual({ subscribe: 0, openid, unionid: expect.any(String) })
  })
})

describe('faults', () => {
  it.each([
    ['rateLimit', 45011],
    ['busy', -1],
    ['badToken', 40001],
    ['notWhiteListed', 40164],
    ['dailyLimit', 45009],
    ['blackList', 43019],
  ])('%s is worded as WeChat does', async (kind, errcode) => {
    await wechat().faults.add({ simulator: 'wechat', kind, params: {}, where: { operation: 'send', guest: openid }, times: 1 })
    await lena().do({ do: 'text', text: 'hi' })

    expect(await say('x')).toMatchObject({ errcode })
    expect(await say('x')).toMatchObject({ errcode: 0 })
  })
})
