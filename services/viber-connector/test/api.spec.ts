import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import type { InboundEvent, PlatformCall } from '@um/shared/contract'
import { type SampleAnswer, type ScriptedContext, scriptedContext } from '@um/testing/conformance'
import { authorize, readCoversEarlier, sent } from '../src/api.ts'
import { classify } from '../src/classify.ts'
import type { Settings } from '../src/definition.ts'
import { enrich, prepare } from '../src/guests.ts'
import { jobs, register, unregister } from '../src/registration.ts'
import { render } from '../src/render.ts'
import { ana, outgoing, tenant, token } from './samples.ts'

type Bodies = Record<string, object>
const ours = 'https://um.example.com/viber'
const account = { status: 0, id: 'pa:5803', name: 'Acme Help', uri: 'acme help', webhook: ours }
const ok = { status: 0, event_types: ['message', 'seen'] }
function context(bodies: Bodies, more: Partial<Settings> = {}): ScriptedContext<Settings> {
  const platform = ({ path }: PlatformCall): SampleAnswer => ({ name: path, body: bodies[path] ?? { status: 8, status_message: 'publicAccountNotFound' } })
  return scriptedContext({ tenant: tenant(more), classify, platform })
}
const called = (ctx: ScriptedContext<Settings>) => ctx.seen.calls.map(({ path, json }) => [path, json])

it('authorizes by the token as it is', async () => {
  expect(await authorize(context({}))).toEqual({ headers: { 'X-Viber-Auth-Token': token } })
})

describe('register', () => {
  it('tells Viber what it wants to hear, and remembers whose account it is', async () => {
    const ctx = context({ '/get_account_info': account, '/set_webhook': ok }, { eventTypes: ['seen'], sendPhoto: false })

    expect(await register(ctx)).toEqual({
      ...{ accountId: 'pa:5803', accountName: 'Acme Help', uri: 'acme help', eventTypes: 'message, seen' },
      chatLink: 'viber://pa?chatURI=acme%20help',
    })
    expect(called(ctx)[1]).toEqual(['/set_webhook', { url: ours, event_types: ['seen'], send_name: true, send_photo: false }])
  })
  it('fails with a reason that people understand', async () => {
    const ctx = context({ '/get_account_info': account, '/set_webhook': { status: 1, status_message: 'invalidUrl' } })

    await expect(register(ctx)).rejects.toThrow(/invalidUrl.*does not reach the webhook/)
  })
})

describe('unregister', () => {
  it('takes the webhook away', async () => {
    const ctx = context({ '/get_account_info': account, '/set_webhook': ok })
    await unregister(ctx)

    expect(called(ctx)[1]).toEqual(['/set_webhook', { url: '' }])
  })
  it('leaves that of another program, and an account that is gone', async () => {
    const taken = context({ '/get_account_info': { ...account, webhook: 'https://other.example.com/viber' }, '/set_webhook': ok })
    await unregister(taken)
    await unregister(context({}))

    expect(called(taken)).toHaveLength(1)
  })
})

describe('the watch', () => {
  const watch = (ctx: ScriptedContext<Settings>) => jobs[0]?.run(ctx, async () => undefined)
  it('registers again what somebody has changed, and only that', async () => {
    const right = context({ '/get_account_info': account })
    const foreign = context({ '/get_account_info': { ...account, webhook: '' }, '/set_webhook': ok })
    await watch(right)
    await watch(foreign)

    expect(called(right)).toHaveLength(1)
    expect(called(foreign).map(([path]) => path)).toContain('/set_webhook')
  })
  it('says when that is not possible', async () => {
    const ctx = context({ '/get_account_info': { ...account, webhook: '' }, '/set_webhook': { status: 1, status_message: 'invalidUrl' } })

    await expect(watch(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })
})

const said = (text: string): InboundEvent => ({ type: 'message', id: 'm', guest: ana, from: { displayName: 'Ana' }, content: { kind: 'text', text } })
const details = { status: 0, user: { id: ana, primary_device_os: 'android 14', device_type: 'SM-S911B' } }

describe('enrich', () => {
  it('tells the device, asked once and told each time', async () => {
    const ctx = context({ '/get_user_details': details })
    await enrich(said('one'), ctx)

    expect((await enrich(said('two'), ctx)).from).toEqual({ displayName: 'Ana', participantData: { deviceOS: 'android 14', deviceType: 'SM-S911B' } })
    expect(called(ctx)).toEqual([['/get_user_details', { id: ana }]])
  })
  it('lets the message go on when Viber does not tell, and does not insist', async () => {
    const ctx = context({ '/get_user_details': { status: 12, status_message: 'tooManyRequests' } })
    await enrich(said('one'), ctx)

    expect(await enrich(said('two'), ctx)).toMatchObject({ content: { text: 'two' }, from: { participantData: {} } })
    expect(called(ctx)).toHaveLength(1)
  })
  it('asks nothing about who has only opened the chat', async () => {
    const ctx = context({ '/get_user_details': details })
    await enrich({ type: 'lifecycle', id: 'l', guest: ana, change: 'started' }, ctx)

    expect(called(ctx)).toEqual([])
  })
})

describe('links', () => {
  const offer = (template: 'buttons' | 'cards') =>
    render.structured({ kind: 'structured', template, items: [{ title: 'More', url: 'https://example.com/more' }] }, outgoing())
  it.each(['buttons', 'cards'] as const)('that were offered as %s are known when they come back as if the guest had written them', async template => {
    const ctx = context({ '/get_user_details': details })
    for (const call of offer(template)) await prepare(call, { guest: ana, address: {} }, ctx)

    expect(await enrich(said('https://example.com/more'), ctx)).toMatchObject({ content: { kind: 'system', text: 'Link opened: https://example.com/more' } })
    expect(await enrich(said('https://example.com/mor'), ctx)).toMatchObject({ content: { kind: 'text' } })
    expect(await enrich({ ...said('https://example.com/more'), guest: 'another' }, ctx)).toMatchObject({ content: { kind: 'text' } })
  })
})

describe('sizes', () => {
  const to = { guest: ana, address: {} }
  const attachment = (file: string, media: 'image' | 'file') =>
    render.attachment({ kind: 'attachment', media, source: { url: `https://files.example.com/${file}` } }, outgoing())[0] as PlatformCall
  const opening = (size: number): ScriptedContext<Settings> => {
    const ctx = context({})
    return { ...ctx, media: { ...ctx.media, open: async () => ({ body: Readable.from(['x']), size }) } }
  }
  it('that nobody has told are found out', async () => {
    expect(await prepare(attachment('c.pdf', 'file'), to, opening(90_211))).toMatchObject({ json: { type: 'file', size: 90_211 } })
    expect((await prepare(attachment('p.png', 'image'), to, opening(900))).json).not.toHaveProperty('size')
  })
  it('that are too large lead to another form', async () => {
    await expect(prepare(attachment('p.png', 'image'), to, opening(1_000_001))).rejects.toMatchObject({ failure: { kind: 'alternative', name: 'file' } })
    await expect(prepare(attachment('c.pdf', 'file'), to, opening(52_428_801))).rejects.toMatchObject({ failure: { kind: 'alternative', name: 'text' } })
  })
})

describe('what was sent', () => {
  const call = (json: object): PlatformCall => ({ method: 'POST', path: '/send_message', json })
  it('is named by its token', () => {
    expect(sent({ status: 0, message_token: '5803119904471862305' }, call({ type: 'text' }))).toEqual({ id: '5803119904471862305' })
    expect(sent({ status: 0 }, call({ type: 'text' }))).toEqual({})
  })
  it('leaves its buttons to be repeated, until there are others', () => {
    const keyboard = { Type: 'keyboard', Buttons: [] }

    expect(sent({}, call({ type: 'text', keyboard })).address).toEqual({ keyboard: JSON.stringify(keyboard) })
    expect(sent({}, call({ type: 'rich_media' })).address).toEqual({ keyboard: '' })
  })
  it('is seen with all before it, unless that is switched off', () => {
    expect(readCoversEarlier(tenant().settings)).toBe(true)
    expect(readCoversEarlier(tenant({ seenCoversEarlier: false }).settings)).toBe(false)
  })
})
