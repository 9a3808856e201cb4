import { describe, expect, it } from '@jest/globals'
import type { InboundEvent } from '@um/shared/contract'
import { scriptedContext } from '@um/testing/conformance'
import { classify } from '../src/classify.ts'
import type { Settings } from '../src/definition.ts'
import { arrived, e164, hashed, prepare, reportLost, sentEffect } from '../src/phone.ts'
import { render } from '../src/render.ts'
import { switchUser } from '../src/switcher.ts'
import { lena, outgoing, switcherSecret, tenant } from './samples.ts'

const enabled = { pnpEnabled: true }
const phone = '+819011112222'
const digest = 'c357b4eda07f1110c588d3c7b6f61165e18763404d7e7cc594bc88712a517f00'
const context = (more: Partial<Settings> = enabled, now = () => new Date('2026-01-01T00:00:00Z')) =>
  scriptedContext({ tenant: tenant(more), classify, platform: ({ path }) => ({ name: path, body: {} }), now })

describe('phone numbers', () => {
  it.each([
    [phone, digest],
    ['+66812345670', '370f909288c511533097f0b830c62570375e9a7d047aa5f528b6884cb26df1f6'],
    ['+886912345678', '1315ec4a63ba3d2b8f5db63688770e89a402ee623ef33e4c8c2f36e48f271be0'],
    ['+81-90-1111-2222', digest],
    ['+81 (90) 1111 2222', digest],
  ])('%s is named by the digest of its bare form', (number, expected) => {
    expect(hashed(e164(number, tenant().settings) ?? '')).toBe(expected)
  })
  it('get the country of the tenant', () => {
    expect(e164('090-1111-2222', tenant({ pnpDefaultCountry: '81' }).settings)).toBe(phone)
  })
  it.each(['090-1111-2222', '819011112222', 'lena', '+81 90 1111 2222 ext 3'])('%s is none', async number => {
    const [call] = render.text({ kind: 'text', text: 'Hi' }, outgoing(enabled, { guest: number }))
    const ctx = context()

    expect(e164(number, tenant().settings)).toBeUndefined()
    await expect(prepare(call ?? { method: 'POST', path: '/' }, { guest: number, address: {} }, ctx)).rejects.toMatchObject({
      failure: { kind: 'recipient', code: 'unknownGuest' },
    })
    expect(ctx.seen.calls).toEqual([])
  })
  it('are refused before any call when the tenant has no contract', async () => {
    const [call] = render.text({ kind: 'text', text: 'Hi' }, outgoing({}, { guest: phone }))

    await expect(prepare(call ?? { method: 'POST', path: '/' }, { guest: phone, address: {} }, context({}))).rejects.toMatchObject({
      failure: { kind: 'recipient' },
    })
  })
  it('let everything else pass', async () => {
    const [call] = render.text({ kind: 'text', text: 'Hi' }, outgoing())

    expect(call && (await prepare(call, { guest: lena, address: {} }, context({})))).toBe(call)
  })
})

describe('messages by phone number', () => {
  it('are pushed with a tag and without a retry key, and must not be repeated', () => {
    const [call] = render.text({ kind: 'text', text: 'Hi' }, outgoing(enabled, { guest: phone }))

    expect(call).toMatchObject({ path: '/bot/pnp/push', json: { to: digest, messages: [{ type: 'text', text: 'Hi' }] } })
    expect(call?.idempotent).toBeUndefined()
    expect(Object.keys(call?.headers ?? {})).toEqual(['X-Line-Delivery-Tag'])
    expect(call?.headers?.['X-Line-Delivery-Tag']).toMatch(/^[\w-]{16,100}$/)
  })
  it('show pictures as cards, since LINE takes no media here', () => {
    const source = { url: 'https://files.example.com/p.jpg', mime: 'image/jpeg' }
    const [call] = render.attachment({ kind: 'attachment', media: 'image', source }, outgoing(enabled, { guest: phone }))

    expect(call?.json).toMatchObject({ messages: [{ type: 'flex' }] })
  })
  it('fill in an approved template', () => {
    const text = '*date_002: 14 Feb\nplace_001: Harbour office\nbutton_001: https://example.com/77'
    const [call] = render.text({ kind: 'text', text }, outgoing({ ...enabled, pnpMode: 'template', pnpTemplateKey: 'shop_visit' }, { guest: phone }))

    expect(call).toMatchObject({
      path: '/v2/bot/message/pnp/templated/push',
      json: {
        to: digest,
        templateKey: 'shop_visit',
        body: {
          emphasizedItem: { itemKey: 'date_002', content: '14 Feb' },
          items: [{ itemKey: 'place_001', content: 'Harbour office' }],
          buttons: [{ buttonKey: 'button_001', url: 'https://example.com/77' }],
        },
      },
    })
  })
})

describe('arrivals', () => {
  const delivery = { type: 'receipt', id: 'd-1', guest: lena, of: 'tag-1', state: 'delivered' } satisfies InboundEvent
  it('that do not come within a day are told as failed, once', async () => {
    let now = new Date('2026-01-01T00:00:00Z')
    const ctx = context(enabled, () => now)
    const emitted: InboundEvent[] = []
    const emit = async (events: InboundEvent[]): Promise<void> => void emitted.push(...events)
    await sentEffect({ id: 'tag-1' }, outgoing(enabled, { guest: phone }), ctx)

    now = new Date('2026-01-01T23:59:59Z')
    await reportLost(ctx, emit)
    expect(emitted).toEqual([])
    now = new Date('2026-01-02T00:00:00Z')
    await reportLost(ctx, emit)
    await reportLost(ctx, emit)
    expect(emitted).toMatchObject([{ type: 'receipt', of: 'tag-1', guest: phone, state: 'failed', code: 'expired' }])
  })
  it('that come are not missed, and tell who has the number', async () => {
    const ctx = context(enabled, () => new Date('2026-01-03T00:00:00Z'))
    const emitted: InboundEvent[] = []
    await sentEffect({ id: 'tag-1' }, outgoing(enabled, { guest: phone }), ctx)

    await arrived(delivery, ctx)
    await reportLost(ctx, async events => void emitted.push(...events))
    await switchUser(phone, undefined, { ...ctx, tenant: tenant({ ...enabled, ...switcher }) })

    expect(emitted).toEqual([])
    expect(ctx.seen.calls.at(-1)?.json).toEqual({ destinationId: 'd-2', userId: lena })
  })
})

const switcher = { switcherEnabled: true, switcherSecret, switcherDestinationId: 'd-2' }
describe('switchUser', () => {
  it('names the destination of the settings, or the one that is asked for', async () => {
    const ctx = context({ ...switcher, switcherServiceCode: 'code-1' })

    await switchUser(lena, undefined, ctx)
    await switchUser('C4a1b2c3d4e5f60718293a4b5c6d7e8f9', 'd-3', ctx)

    expect(ctx.seen.calls).toMatchObject([
      {
        path: '/v2/bot/admin/switcher/switch',
        headers: { 'X-Line-SwitcherSecret': switcherSecret, 'X-Line-ServiceCode': 'code-1' },
        json: { destinationId: 'd-2', userId: lena },
      },
      { json: { destinationId: 'd-3', groupId: 'C4a1b2c3d4e5f60718293a4b5c6d7e8f9' } },
    ])
  })
  it('sends the digest of a number that nobody is known to have, when Phone Number Push is there', async () => {
    const ctx = context({ ...switcher, ...enabled, switcherPhoneField: 'phone' })

    await switchUser(phone, undefined, ctx)

    expect(ctx.seen.calls[0]?.json).toEqual({ destinationId: 'd-2', phone: digest })
  })
  it('knows nobody by a number otherwise', async () => {
    await expect(switchUser(phone, undefined, context(switcher))).rejects.toMatchObject({ failure: { kind: 'recipient', code: 'unknownGuest' } })
  })
  it('does nothing when it is off', async () => {
    await expect(switchUser(lena, 'd-3', context({}))).rejects.toMatchObject({ failure: { kind: 'content' } })
  })
})
