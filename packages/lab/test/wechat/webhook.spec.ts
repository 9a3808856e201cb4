import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { cdata, membersOf, readXml } from '@um/shared/xml'
import { type Lab, startLab } from '../../src/index.ts'
import type { NewAccount } from '../../src/simulators/wechat/account.ts'
import { seal, sign, unseal } from '../../src/simulators/wechat/crypto.ts'
import { eventually } from '../receiver.ts'
import { Server } from './server.ts'

let lab: Lab
let server: Server
beforeAll(async () => {
  lab = await startLab({ only: ['wechat'], timeScale: 0.001, platforms: { wechat: { webhookTimeoutMs: 150 } } })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  server = await Server.open()
})
afterEach(async () => {
  await wechat().faults.clear()
  await server.close()
})

const wechat = () => lab.side('wechat')
/** Keys of the samples that were made by another program. */
const keys = { appId: 'wx3c9e5a7b1d2f4068', encodingAesKey: 'q7Zt2LmX9vB4nK8sR1wY5cD0hF3jG6pA7uE2iO4kTz0' }
const token = 'sunflowerToken2025'
const sha1 = (...parts: (string | null)[]): string => createHash('sha1').update(parts.map(String).sort().join('')).digest('hex')
async function connected(more: NewAccount = {}) {
  const account = wechat().addAccount({ ...keys, token, ...more })
  await wechat().saveServerUrl(account.originalId, server.url)
  const { phone } = wechat().openPhone(account.originalId, { name: 'Lena' })
  return { account, lena: wechat().guest(account.originalId, phone.guest.id), openid: phone.guest.id }
}
const business = (phone: { timeline(): { entries: { from: string; body: unknown }[] } }) => phone.timeline().entries.filter(({ from }) => from !== 'guest')

describe('encryption and signatures', () => {
  it('are those of another program', () => {
    const message = `<xml><ToUserName><![CDATA[gh_3f2a9c81d7e0]]></ToUserName><FromUserName><![CDATA[oXy7AtQ2mN4pR6sU8wZ0bC1dE3fG]]></FromUserName><CreateTime>1763803020</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 😀]]></Content><MsgId>24680135791357902</MsgId></xml>`
    const sealed =
      'mLXjlrbHmitKcsMRbxDa0nXszppGmMgRh+YagOB8T9Ysq3eHmW2QCIYypQTXuOQnRvZHyiEEG62zZiYQgTsnyRTWMmxXUpmYwvzFYq2F5AHw/RWV72PN6EgHH6QwzuSaHyAFBMNGssqPt2VBjOih0K+eTkbRQo8PFVdu79kP3Ic3G0zEKSQZPevmXJa9GMfsSep/dM7+7YxjTKnPWSg8d27DpyfQ+DHV7YxCKVxKTVCfdgxxils/zB6NFHtRtELAuYHGQcofPvcye6Ki2GuE5dmGft7WJf1p/mMhh63F3NU6ShwdgG+z9rfgJ9Ic9qSDHl/gZ/SHMjR9B6RPjIGovJ4h3IYTgZ8qDNiJEQFKzNSTyxLVj7NQJ2uNLZHjhHTAGfb+l6EoQvsIsLpHGDKTsYVX9HUmU2MUtmTIw2D28aU='

    expect(seal(message, keys, Buffer.from('Qa1Ws2Ed3Rf4Tg5Y'))).toBe(sealed)
    expect(unseal(sealed, keys)).toBe(message)
    expect(unseal(sealed, { ...keys, appId: 'wx0000000000000000' })).toBeUndefined()
    expect(sign(token, '1763803020', '1830044176', sealed)).toBe('d7784a7d6b4275a2c6eeeac4586f683448d09c9b')
  })
})

describe('the server’s address', () => {
  it('is taken when it gives the words back, and proves that it comes from WeChat', async () => {
    const { account } = await connected()
    const [query] = server.handshakes

    expect(query?.get('signature')).toBe(sha1(token, query?.get('timestamp') ?? '', query?.get('nonce') ?? ''))
    expect(
      wechat()
        .accounts()
        .find(({ id }) => id === account.originalId)?.webhook.url,
    ).toBe(server.url)
  })
  it('is not taken when it says something else', async () => {
    server.echoes = false

    await expect(connected()).rejects.toThrow(/handshake/)
  })
})

describe('a push', () => {
  it('in safe mode says nothing in clear but for whom it is', async () => {
    const { account, lena, openid } = await connected()
    await lena.do({ do: 'text', text: '你好 😀' })
    const [push] = await server.until(1)
    const encrypted = String(push?.members.Encrypt)
    const at = (name: string) => push?.query.get(name) ?? ''

    expect(Object.keys(push?.members ?? {})).toEqual(['ToUserName', 'Encrypt'])
    expect(at('signature')).toBe(sha1(token, at('timestamp'), at('nonce')))
    expect(at('msg_signature')).toBe(sha1(token, at('timestamp'), at('nonce'), encrypted))
    expect([at('encrypt_type'), at('openid')]).toEqual(['aes', openid])
    const members = membersOf(readXml(unseal(encrypted, keys) ?? '') ?? { name: '', text: '', children: [] })
    expect(members).toMatchObject({ ToUserName: account.originalId, FromUserName: openid, MsgType: 'text', Content: '你好 😀' })
    expect(members.MsgId).toMatch(/^\d{17}$/)
  })
  it('in compatible mode says the same twice, and in plain mode in clear only', async () => {
    const both = await connected({ encryptionMode: 'compatible' })
    await both.lena.do({ do: 'text', text: 'twice' })
    const plain = await connected({ encryptionMode: 'plain' })
    await plain.lena.do({ do: 'text', text: 'once' })
    const [first, second] = await server.until(2)

    expect(first?.members).toMatchObject({ Content: 'twice', Encrypt: expect.any(String) })
    expect(second?.members).toMatchObject({ Content: 'once' })
    expect(second?.members).not.toHaveProperty('Encrypt')
    expect(second?.query.has('msg_signature')).toBe(false)
  })
  it('may be JSON, whose number has more digits than JSON keeps', async () => {
    const { lena } = await connected({ dataFormat: 'json', encryptionMode: 'plain' })
    await lena.do({ do: 'text', text: 'a "MsgId":"1"' })
    const [push] = await server.until(1)

    expect(push?.text).toMatch(/"MsgId":\d{17}\D/)
    expect(JSON.parse(push?.text ?? '')).toMatchObject({ MsgType: 'text', Content: 'a "MsgId":"1"' })
  })
  it('tells of photos, places, menus and followers as WeChat does', async () => {
    const { lena, account, openid } = await connected({ encryptionMode: 'plain' })
    const upload = lab.media.put({ bytes: Buffer.from('a picture'), mime: 'image/png', name: 'a.png' }).id
    await lena.do({ do: 'start', payload: 'store-7' })
    await lena.do({ do: 'photo', upload })
    await lena.do({ do: 'location', latitude: 35.6, longitude: 139.7 })
    await lena.do({ do: 'block' })
    wechat().announce(account.originalId, openid, { Event: 'SCAN', EventKey: '7' })
    const pushes = (await server.until(5)).map(({ members }) => members)

    expect(pushes).toMatchObject([
      { MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_store-7' },
      { MsgType: 'image', PicUrl: expect.stringMatching(/^http/), MediaId: expect.any(String) },
      { MsgType: 'location', Location_X: '35.6', Location_Y: '139.7' },
      { MsgType: 'event', Event: 'unsubscribe' },
      { MsgType: 'event', Event: 'SCAN', EventKey: '7' },
    ])
  })
})

describe('what is answered', () => {
  it('is nothing, or words for the guest', async () => {
    const { account, lena, openid } = await connected({ encryptionMode: 'plain' })
    const names = `<ToUserName>${cdata(openid)}</ToUserName><FromUserName>${cdata(account.originalId)}</FromUserName>`
    server.script({ body: '' }, { body: `<xml>${names}<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>At once!</Content></xml>` })
    for (const text of ['1', '2', '3']) await lena.do({ do: 'text', text })
    await server.until(3)

    await eventually(() => (wechat().book.pending === 0 ? true : undefined))
    expect(business(lena).map(({ body }) => body)).toEqual([{ kind: 'text', text: 'At once!' }])
  })
  it('must be encrypted in safe mode, with a signature of its own', async () => {
    const { account, lena, openid } = await connected()
    const names = `<ToUserName>${cdata(openid)}</ToUserName><FromUserName>${cdata(account.originalId)}</FromUserName>`
    const clear = `<xml>${names}<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>At once!</Content></xml>`
    const sealed = seal(clear, keys)
    const wrapped = (signature: string) =>
      `<xml><Encrypt>${cdata(sealed)}</Encrypt><MsgSignature>${signature}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>`
    server.script({ body: wrapped(sha1(token, '1', '2', sealed)) }, { body: wrapped(sha1(token, '1', '3', sealed)) }, { body: clear })
    for (const text of ['1', '2', '3']) await lena.do({ do: 'text', text })
    await server.until(3)

    await eventually(() => (wechat().book.pending === 0 ? true : undefined))
    expect(business(lena).map(({ body }) => body)).toMatchObject([{ kind: 'text', text: 'At once!' }, { what: 'broken' }, { what: 'broken' }])
  })
  it('comes too late after five seconds: the push comes three times more, the same', async () => {
    server.script('hang', 'hang', { status: 500 })
    const { lena } = await connected({ encryptionMode: 'plain' })
    await lena.do({ do: 'text', text: 'again' })
    const pushes = await server.until(4)

    expect(new Set(pushes.map(({ text }) => text)).size).toBe(1)
    expect(business(lena)).toEqual([])
  })
  it('tells the guest that the account is out of order when it never comes, or is something else', async () => {
    server.script({ status: 503 }, { status: 503 }, { status: 503 }, { status: 503 }, { body: '{"errcode":0}' })
    const { lena } = await connected({ encryptionMode: 'plain' })
    await lena.do({ do: 'text', text: 'four times' })
    await lena.do({ do: 'text', text: 'once' })
    await server.until(5)

    await eventually(() => (business(lena).length === 2 ? true : undefined))
    expect(business(lena).map(({ body }) => body)).toMatchObject([{ what: 'broken' }, { what: 'broken' }])
    expect(
      lena
        .timeline()
        .entries.filter(({ from }) => from === 'guest')
        .map(({ state }) => state),
    ).toEqual(['lost', 'lost'])
  })
})

describe('faults', () => {
  it('deliver a push twice, and forge one that proves nothing', async () => {
    const { lena } = await connected()
    const fault = (kind: string) => wechat().faults.add({ simulator: 'wechat', kind, params: {}, where: {}, times: 1 })
    await fault('duplicate')
    await lena.do({ do: 'text', text: 'twice' })
    await fault('forged')
    await lena.do({ do: 'text', text: 'genuine' })
    const pushes = await server.until(4)

    const opened = pushes.map(({ members }) => unseal(String(members.Encrypt), keys))
    expect(opened.filter(text => text?.includes('twice'))).toHaveLength(2)
    expect(opened.filter(text => text === undefined)).toHaveLength(1)
    const forged = pushes[opened.indexOf(undefined)]?.query
    expect(forged?.get('signature')).not.toBe(sha1(token, forged?.get('timestamp') ?? '', forged?.get('nonce') ?? ''))
  })
})
