import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import type { Phone } from '../../src/protocol.ts'
import { account, authorized, call, permit, redeem, tokenCall, upload } from './account.ts'

let lab: Lab
let made: ReturnType<typeof account>
let token: string
let phone: Phone

beforeAll(async () => {
  lab = await startLab({ only: ['zalo'], timeScale: 0.001 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  made = account(lab)
  token = (await authorized(lab, made)).access_token
  phone = lab.side('zalo').openPhone(made.oa.id, { name: 'Lan Anh' }).phone
  await lab.side('zalo').act(phone.id, { do: 'text', text: 'hello' })
})
afterEach(async () => {
  await lab.side('zalo').faults.clear()
})
const send = (message: object, user_id = phone.guest.id, headers = {}) =>
  call(lab, 'POST', '/v3.0/oa/message/cs', { token, headers, json: { recipient: { user_id }, message } })
const shown = () =>
  lab
    .side('zalo')
    .timeline(phone.id, 50)
    .entries.filter(({ from, state }) => from === 'business' && state === 'shown')
const file = (type: string, bytes: number, head = '') => new File([head, new Uint8Array(bytes)], 'a', { type })
const media = (media_type: string, more: object) => ({
  attachment: { type: 'template', payload: { template_type: 'media', elements: [{ media_type, ...more }] } },
})
const list = (buttons: object[]) => ({ attachment: { type: 'template', payload: { template_type: 'list', elements: [{ title: 'How?' }], buttons } } })

describe('OAuth', () => {
  it('gives tokens for a code and its verifier, once; their life is text', async () => {
    const query = await permit(lab, made)
    const code = query.get('code') ?? ''

    expect([query.get('oa_id'), query.get('state')]).toEqual([made.oa.id, 's-1'])
    expect(await redeem(lab, made.app, code)).toMatchObject({ expires_in: '90000' })
    expect(await redeem(lab, made.app, code)).toMatchObject({ status: 200, error: -14_003 })
  })

  it('gives none for another verifier, nor to another application', async () => {
    const code = async () => (await permit(lab, made)).get('code') ?? ''

    expect(await redeem(lab, made.app, await code(), 'another')).toMatchObject({ error: -14_010 })
    expect(await redeem(lab, account(lab).app, await code())).toMatchObject({ error: -14_003 })
    expect(await redeem(lab, { ...made.app, appSecret: 'guessed' }, await code())).toMatchObject({ error: -14_004 })
  })

  it('takes a refresh token once, and the access token before it dies with it', async () => {
    const first = await authorized(lab, made)
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }

    const second = await tokenCall(lab, made.app, form)

    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await tokenCall(lab, made.app, form)).toMatchObject({ error: -14_014 })
    expect(await call(lab, 'GET', '/v2.0/oa/getoa', { token: first.access_token })).toMatchObject({ error: -216 })
    expect(await call(lab, 'GET', '/v2.0/oa/getoa', { token: String(second.access_token) })).toMatchObject({ error: 0, data: { oa_id: made.oa.id } })
  })
})

describe('a call', () => {
  it('needs a token that lives', async () => {
    expect(await call(lab, 'GET', '/v2.0/oa/getoa', {})).toMatchObject({ status: 200, error: -216 })
    Object.assign(made.oa.data.tokens ?? {}, { endsAt: Date.now() - 1 })
    expect(await send({ text: 'x' })).toMatchObject({ error: -220 })
  })

  it('needs the proof of the application where it is demanded', async () => {
    made.app.demandsProof = true
    const proof = (secret: string) => ({ appsecret_proof: createHmac('sha256', secret).update(token).digest('hex') })

    expect(await send({ text: 'x' })).toMatchObject({ error: -242 })
    expect(await send({ text: 'x' }, phone.guest.id, proof('guessed'))).toMatchObject({ error: -242 })
    expect(await send({ text: 'x' }, phone.guest.id, proof(made.app.appSecret))).toMatchObject({ error: 0 })
  })

  it('tells of a guest by what is asked for in the address', async () => {
    const data = encodeURIComponent(JSON.stringify({ user_id: phone.guest.id }))

    expect(await call(lab, 'GET', `/v3.0/oa/user/detail?data=${data}`, { token })).toMatchObject({
      data: { user_id: phone.guest.id, display_name: 'Lan Anh', user_is_follower: false },
    })
    expect(await call(lab, 'GET', '/v3.0/oa/user/detail?data=x', { token })).toMatchObject({ error: -201 })
  })
})

describe('a message', () => {
  it('is shown, and its id is told', async () => {
    const { data } = await send({ text: 'Chào' })

    expect(shown()).toMatchObject([{ body: { kind: 'text', text: 'Chào' }, refs: [data?.message_id] }])
  })

  it.each([
    ['has no text', {}, -201],
    ['has 2,001 characters', { text: 'x'.repeat(2001) }, -210],
    ['has six buttons', list(Array.from({ length: 6 }, () => ({ title: 'x', type: 'oa.query.show', payload: 'x' }))), -201],
    ['names an upload that is not there', media('image', { attachment_id: 'x' }), -100],
    ['has a GIF without its size', media('gif', { attachment_id: 'x' }), -201],
  ])('that %s is refused', async (_what, message, error) => {
    expect(await send(message)).toMatchObject({ status: 200, error })
    expect(shown()).toEqual([])
  })

  it('of exactly 2,000 characters is shown', async () => {
    expect(await send({ text: 'x'.repeat(2000) })).toMatchObject({ error: 0 })
  })

  it('does not reach who is not known, has unfollowed or was silent for a week', async () => {
    expect(await send({ text: 'x' }, '7000000000000000000')).toMatchObject({ error: -201 })
    const chat = lab.side('zalo').book.find(made.oa.id, phone.guest.id)
    Object.assign(chat?.guest.data ?? {}, { lastAt: Date.now() - 7 * 86_400_000 - 1000 })
    expect(await send({ text: 'x' })).toMatchObject({ error: -230 })
    await lab.side('zalo').act(phone.id, { do: 'block' })
    expect(await send({ text: 'x' })).toMatchObject({ error: -213 })
  })

  it('shows what was uploaded, of the kinds and sizes that Zalo takes', async () => {
    const png = file('image/png', 2 ** 20 - 8, '\u0089PNG\r\n')
    const image = await upload(lab, 'image', token, png)
    const pdf = await upload(lab, 'file', token, file('application/pdf', 100))

    await send({ text: 'look', ...media('image', { attachment_id: image.data?.attachment_id }) })
    await send({ attachment: { type: 'file', payload: { token: pdf.data?.token } } })

    expect(shown()).toMatchObject([{ body: { kind: 'photo', caption: 'look' } }, { body: { kind: 'file', media: { mime: 'application/pdf' } } }])
    expect(await upload(lab, 'image', token, file('image/png', 2 ** 20 + 1))).toMatchObject({ error: -210 })
    expect(await upload(lab, 'image', token, file('image/webp', 10))).toMatchObject({ error: -201 })
  })

  it('of the kind list has buttons, which speak for the guest', async () => {
    await send(
      list([
        { title: 'Delivery', type: 'oa.query.show', payload: 'Delivery' },
        { title: 'Map', type: 'oa.open.url', payload: { url: 'https://example.org' } },
      ]),
    )
    const [offer] = shown()
    const [entry] = (await lab.side('zalo').act(phone.id, { do: 'press', entry: offer?.id ?? '', button: '0' })).entries

    expect(offer?.buttons?.flat()).toMatchObject([
      { title: 'Delivery', action: 'reply' },
      { title: 'Map', action: 'url', url: 'https://example.org' },
    ])
    expect(entry?.body).toEqual({ kind: 'text', text: 'Delivery' })
  })
})

describe('a fault', () => {
  it.each([
    ['tooMany', 200, -32],
    ['quota', 200, -211],
    ['temporary', 200, -200],
    ['rateLimit', 429, undefined],
    ['serverError', 500, undefined],
  ])('%s is worded as Zalo does', async (kind, status, error) => {
    await lab.side('zalo').faults.add({ simulator: 'zalo', kind, params: {}, where: { operation: 'message' }, times: 1 })

    const answer = await send({ text: 'x' })

    expect([answer.status, answer.error]).toEqual([status, error])
    expect(await send({ text: 'x' })).toMatchObject({ error: 0 })
  })
})
