import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import type { Content, ContentOf, PlatformCall } from '@um/shared/contract'
import { render } from '../src/render.ts'
import { prepare } from '../src/uploads.ts'
import { contextOf, guest, outOf } from './samples.ts'

const messageOf = (call: PlatformCall | undefined) => (call?.json as { message: { text?: string; attachment?: object } } | undefined)?.message
const textOf = (call: PlatformCall | undefined) => messageOf(call)?.text
const attachment = (mime: string, more: object = {}, size = 40_000): ContentOf<'attachment'> => ({
  kind: 'attachment',
  media: mime.startsWith('image/') ? 'image' : 'file',
  source: { url: 'https://files.example.com/a', mime, name: 'a', size },
  ...more,
})
const link = 'a: https://files.example.com/a'
const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0x40, 0x01, 0xf0, 0x00]), Buffer.alloc(9)])

describe('a text', () => {
  it('goes to the guest as it is', () => {
    expect(render.text({ kind: 'text', text: 'Chào' }, outOf())).toEqual([
      { method: 'POST', path: '/v3.0/oa/message/cs', json: { recipient: { user_id: guest }, message: { text: 'Chào' } } },
    ])
  })

  it('goes to an anonymous visitor by the conversation', () => {
    const [call] = render.text({ kind: 'text', text: 'Chào' }, outOf({}, { guest: `anonymous:${guest}`, address: { conversation: 'c-7' } }))

    expect(call?.json).toMatchObject({ recipient: { anonymous_id: guest, conversation_id: 'c-7' } })
  })

  it('is split where the tenant wants it shorter, and each piece is known by its id when Zalo echoes it', () => {
    const calls = render.text({ kind: 'text', text: 'one two three' }, outOf({ maxTextLength: 9 }))

    expect(calls.map(call => [textOf(call), call.auxiliary])).toEqual([
      ['one two', undefined],
      ['three', undefined],
    ])
  })
})

describe('an attachment', () => {
  it('has its caption in it when it is a picture', () => {
    const calls = render.attachment(attachment('image/png', { caption: 'look' }), outOf())

    expect(calls).toMatchObject([{ upload: { mime: 'image/png' }, json: { message: { text: 'look' } } }])
    expect(calls[0]?.alternatives?.link?.map(textOf)).toEqual([`look\n${link}`])
    expect(calls[0]?.alternatives?.again).toMatchObject([{ upload: { mime: 'image/png' } }])
    expect(calls[0]?.alternatives?.again?.[0]?.alternatives?.again).toBeUndefined()
  })

  it('has its caption before it when it is a file', () => {
    const calls = render.attachment(attachment('application/pdf', { caption: 'look' }), outOf())

    expect(calls.map(call => [textOf(call), call.auxiliary, call.upload !== undefined])).toEqual([
      ['look', undefined, false],
      [undefined, undefined, true],
    ])
    expect(calls[1]?.alternatives?.link?.map(textOf)).toEqual([link])
  })

  it.each([
    ['a picture beyond a megabyte', attachment('image/jpeg', {}, 2 ** 20 + 1)],
    ['a picture of another kind', attachment('image/webp')],
    ['sound', { ...attachment('audio/mpeg'), media: 'audio' as const }],
  ])('is a link when it is %s', (_what, content) => {
    expect(render.attachment(content, outOf()).map(textOf)).toEqual([link])
  })

  it('of exactly a megabyte is a picture', () => {
    expect(render.attachment(attachment('image/jpeg', {}, 2 ** 20), outOf())[0]?.upload).toBeDefined()
  })

  it.each([
    ['image/png', '/v2.0/oa/upload/image', { media_type: 'image', attachment_id: 'up-1' }],
    ['image/gif', '/v2.0/oa/upload/gif', { media_type: 'gif', attachment_id: 'up-1', width: 320, height: 240 }],
  ])('of the type %s is uploaded first', async (mime, path, element) => {
    const ctx = contextOf({ [path]: { error: 0, data: { attachment_id: 'up-1' } } }, { media: { body: Readable.from([gif.subarray(0, 4), gif.subarray(4)]) } })
    const [call] = render.attachment(attachment(mime, { caption: 'look' }), outOf())

    const ready = await prepare(call as PlatformCall, undefined, ctx)

    expect(ctx.seen.calls).toMatchObject([{ path, multipart: { file: { field: 'file', media: { mime } } } }])
    expect(messageOf(ready)).toEqual({ text: 'look', attachment: { type: 'template', payload: { template_type: 'media', elements: [element] } } })
  })

  it('that is a file is named by the token of its upload', async () => {
    const ctx = contextOf({ '/v2.0/oa/upload/file': { error: 0, data: { token: 'tok-1' } } })
    const [call] = render.attachment(attachment('application/pdf'), outOf())

    expect(messageOf(await prepare(call as PlatformCall, undefined, ctx))).toEqual({ attachment: { type: 'file', payload: { token: 'tok-1' } } })
  })

  it.each([
    ['Zalo does not take it', { '/v2.0/oa/upload/image': { error: -201, message: 'size' } }, 'image/png'],
    ['it is no GIF', {}, 'image/gif'],
  ])('becomes a link when %s', async (_what, answers, mime) => {
    const ctx = contextOf(answers, { media: { body: Readable.from([Buffer.from('no picture at all')]) } })
    const [call] = render.attachment(attachment(mime), outOf())

    await expect(prepare(call as PlatformCall, undefined, ctx)).rejects.toMatchObject({ failure: { kind: 'alternative', name: 'link' } })
  })
})

describe('a sticker', () => {
  it('is one of Zalo by its id, else its picture, else its words', () => {
    const source = { url: 'https://files.example.com/s.png', mime: 'image/png' }

    expect(messageOf(render.sticker({ kind: 'sticker', stickerId: '7f2a' }, outOf())[0])?.attachment).toMatchObject({
      payload: { elements: [{ media_type: 'sticker', attachment_id: '7f2a' }] },
    })
    expect(render.sticker({ kind: 'sticker', stickerId: '1', packageId: '2', source }, outOf())).toMatchObject([{ upload: source }])
    expect(render.sticker({ kind: 'sticker', stickerId: '1', packageId: '2', emoji: '😀' }, outOf()).map(textOf)).toEqual(['😀'])
  })
})

describe('an offer', () => {
  const offer: ContentOf<'structured'> = {
    kind: 'structured',
    template: 'quickReplies',
    text: 'How?',
    items: [
      { title: 'Delivery', payload: 'd', token: 'um:1' },
      { title: 'Pickup', payload: 'p', token: 'um:2' },
      { title: 'Map', url: 'https://example.com/map' },
    ],
  }
  const menu = 'How?\n1. Delivery\n2. Pickup\n• Map: https://example.com/map'

  it('is a numbered text, to which a number is an answer', () => {
    expect(render.structured(offer, outOf()).map(call => [textOf(call), call.numbered])).toEqual([[menu, true]])
  })

  it('has buttons where the tenant wants them; they say their label, and the text is there in case Zalo does not want them', () => {
    const [call] = render.structured(offer, outOf({ listTemplate: true }))

    expect(messageOf(call)?.attachment).toEqual({
      type: 'template',
      payload: {
        template_type: 'list',
        elements: [{ title: 'How?' }],
        buttons: [
          { title: 'Delivery', type: 'oa.query.show', payload: 'Delivery' },
          { title: 'Pickup', type: 'oa.query.show', payload: 'Pickup' },
          { title: 'Map', type: 'oa.open.url', payload: { url: 'https://example.com/map' } },
        ],
      },
    })
    expect(call?.alternatives?.link?.map(each => [textOf(each), each.numbered])).toEqual([[menu, true]])
  })

  it('of cards shows them with their pictures', () => {
    const items = [{ title: 'Pho', description: 'Beef', imageUrl: 'https://files.example.com/p.jpg', actions: [{ title: 'Order', payload: 'pho' }] }]
    const [call] = render.structured({ ...offer, template: 'cards', items }, outOf({ listTemplate: true }))

    expect(messageOf(call)?.attachment).toMatchObject({
      payload: {
        elements: [{ title: 'How?' }, { title: 'Pho', subtitle: 'Beef', image_url: 'https://files.example.com/p.jpg' }],
        buttons: [{ title: 'Order', payload: 'Order' }],
      },
    })
  })

  it.each([
    ['six buttons', { ...offer, items: Array.from({ length: 6 }, (_, index) => ({ title: `O${index}` })) }],
    ['a label of 36 characters', { ...offer, items: [{ title: 'x'.repeat(36) }] }],
    ['a text of 101 characters', { ...offer, text: 'x'.repeat(101) }],
    [
      'two labels that are the same',
      {
        ...offer,
        items: [
          { title: 'Buy', payload: 'a' },
          { title: 'buy ', payload: 'b' },
        ],
      },
    ],
    ['headings', { ...offer, items: [{ title: 'Pho', description: 'Beef', section: 'Soups' }] }],
    ['a description of 501 characters', { ...offer, items: [{ title: 'Pho', description: 'x'.repeat(501) }] }],
  ])('with %s is a numbered text after all', (_what, content) => {
    expect(messageOf(render.structured(content, outOf({ listTemplate: true }))[0])?.attachment).toBeUndefined()
  })

  it('asks for name and telephone by the form of Zalo, which has a picture', () => {
    const form: Content = { ...offer, template: 'form', items: [{ title: 'Name', imageUrl: 'https://files.example.com/f.png' }, { title: 'Telephone' }] }
    const [call] = render.structured(form, outOf({ listTemplate: true }))

    expect(messageOf(call)?.attachment).toEqual({
      type: 'template',
      payload: { template_type: 'request_user_info', elements: [{ title: 'How?', subtitle: 'Name, Telephone', image_url: 'https://files.example.com/f.png' }] },
    })
  })
})
