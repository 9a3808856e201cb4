import { describe, expect, it } from '@jest/globals'
import type { ContentOf, MediaKind, PlatformCall } from '@um/shared/contract'
import { render } from '../src/render.ts'
import { mimeOf } from '../src/render-attachment.ts'
import { outgoing } from './samples.ts'

const send = (media: MediaKind, source: ContentOf<'attachment'>['source'], more: object = {}): PlatformCall | undefined =>
  render.attachment({ kind: 'attachment', media, source, ...more }, outgoing())[0]
const url = 'https://files.example.com/x'

describe('the method', () => {
  it.each<[MediaKind, string, string]>([
    ['image', 'image/jpeg', '/sendPhoto'],
    ['image', 'image/png', '/sendPhoto'],
    ['image', 'image/webp', '/sendPhoto'],
    ['image', 'image/gif', '/sendAnimation'],
    ['image', 'image/tiff', '/sendDocument'],
    ['image', '', '/sendPhoto'],
    ['video', 'video/mp4', '/sendVideo'],
    ['video', 'image/gif', '/sendAnimation'],
    ['video', 'video/quicktime', '/sendDocument'],
    ['video', '', '/sendVideo'],
    ['audio', 'audio/mpeg', '/sendAudio'],
    ['audio', 'audio/mp4', '/sendAudio'],
    ['audio', 'audio/ogg', '/sendVoice'],
    ['audio', 'audio/opus', '/sendVoice'],
    ['audio', 'audio/wav', '/sendDocument'],
    ['audio', '', '/sendAudio'],
    ['file', 'application/pdf', '/sendDocument'],
    ['file', 'image/png', '/sendDocument'],
    ['file', '', '/sendDocument'],
    ['image', 'constructor', '/sendDocument'],
  ])('for %s of type "%s" is %s', (media, mime, path) => {
    expect(send(media, { url, mime })?.path).toBe(path)
  })
  it.each([
    [10_000_000, '/sendPhoto'],
    [10_000_001, '/sendDocument'],
  ])('for a picture of %i bytes is %s', (size, path) => {
    expect(send('image', { url, mime: 'image/png', size })?.path).toBe(path)
  })
})

describe('a URL', () => {
  it('is named, with what belongs to the kind', () => {
    expect(send('image', { url, mime: 'image/png' }, { caption: 'Plan', durationSeconds: 9 })?.json).toEqual({
      chat_id: 5550001111,
      photo: url,
      caption: 'Plan',
    })
    expect(send('video', { url, mime: 'video/mp4' }, { durationSeconds: 3.6 })?.json).toEqual({
      chat_id: 5550001111,
      video: url,
      supports_streaming: true,
      duration: 4,
    })
    expect(send('audio', { url, mime: 'audio/mpeg', name: 'Note.v2.mp3' }, { durationSeconds: 9 })?.json).toEqual({
      chat_id: 5550001111,
      audio: url,
      title: 'Note.v2',
      duration: 9,
    })
    expect(send('audio', { url, mime: 'audio/ogg' }, { durationSeconds: 9 })?.json).toEqual({ chat_id: 5550001111, voice: url, duration: 9 })
    expect(send('image', { url, mime: 'image/gif' })?.json).toEqual({ chat_id: 5550001111, animation: url })
    expect(send('file', { url, mime: 'application/pdf' }, { caption: 'Contract', durationSeconds: 9 })?.json).toEqual({
      chat_id: 5550001111,
      document: url,
      caption: 'Contract',
    })
  })
  it.each<[MediaKind, string, number]>([
    ['image', 'image/png', 5_000_000],
    ['audio', 'audio/ogg', 1_000_000],
    ['audio', 'audio/mpeg', 20_000_000],
    ['video', 'video/mp4', 20_000_000],
    ['file', 'application/zip', 20_000_000],
  ])('of %s %s is fetched by Telegram up to %i bytes', (media, mime, size) => {
    expect(send(media, { url, mime, size })).toHaveProperty('json')
    expect(send(media, { url, mime, size: size + 1 })).toHaveProperty('multipart')
  })
  it.each(['text/csv', 'image/tiff', ''])('of a document of type "%s" is uploaded at once', mime => {
    expect(send('file', { url, mime })?.multipart?.file.field).toBe('document')
  })
})

describe('what Telegram refuses', () => {
  const source = { url: 'https://files.example.com/p.png', name: 'p.png' }
  const call = send('image', source, { caption: 'Plan' })

  it('by URL is uploaded, as text fields and the file', () => {
    expect(call?.alternatives?.upload).toMatchObject([
      { path: '/sendPhoto', multipart: { fields: { chat_id: '5550001111', caption: 'Plan' }, file: { field: 'photo', media: source } } },
    ])
  })
  it('by URL is given time to be fetched', () => {
    expect(call?.timeoutSeconds).toBe(60)
    expect(call?.alternatives?.upload?.[0]).not.toHaveProperty('timeoutSeconds')
  })
  it('as a picture is uploaded as a document', () => {
    const document = [{ path: '/sendDocument', multipart: { fields: { chat_id: '5550001111', caption: 'Plan' }, file: { field: 'document', media: source } } }]

    expect(call?.alternatives?.document).toMatchObject(document)
    expect(call?.alternatives?.upload?.[0]?.alternatives?.document).toMatchObject(document)
  })
  it('altogether is a text with the link', () => {
    const link = [{ path: '/sendMessage', json: { text: 'Plan\nhttps://files.example.com/p.png' } }]

    expect(call?.alternatives?.link).toMatchObject(link)
    expect(call?.alternatives?.upload?.[0]?.alternatives?.link).toMatchObject(link)
    expect(call?.alternatives?.document?.[0]?.alternatives?.link).toMatchObject(link)
  })
  it('as a document has no document to fall back on', () => {
    expect(Object.keys(send('file', { url, mime: 'application/pdf' })?.alternatives ?? {})).toEqual(['upload', 'link'])
  })
  it('without a caption is the bare link', () => {
    expect(send('file', { url, mime: 'application/pdf' })?.alternatives?.link).toMatchObject([{ json: { text: url } }])
  })
  it('keeps quote and options in the form', () => {
    const [inGroup] = render.attachment(
      { kind: 'attachment', media: 'video', source: { url } },
      outgoing({ protectContent: true }, { guest: '-100', address: { replyTo: '41' } }),
    )

    expect(inGroup?.alternatives?.upload?.[0]?.multipart?.fields).toEqual({
      chat_id: '-100',
      protect_content: 'true',
      reply_parameters: '{"message_id":41}',
      supports_streaming: 'true',
    })
    expect(inGroup?.alternatives?.upload?.[0]?.alternatives?.withoutReply?.[0]?.multipart?.fields).toEqual({
      chat_id: '-100',
      protect_content: 'true',
      supports_streaming: 'true',
    })
  })
})

it("sends a file of Telegram's own by its id", () => {
  expect(send('image', { platformId: 'AgA-x' })).toEqual({ method: 'POST', path: '/sendPhoto', json: { chat_id: 5550001111, photo: 'AgA-x' } })
})

describe('the type', () => {
  it.each([
    [{ url, mime: 'Image/PNG; q=1' }, 'image/png'],
    [{ url: 'https://files.example.com/a/P.JPG?x=1.gif' }, 'image/jpeg'],
    [{ url, mime: 'application/octet-stream', name: 'a.OGG' }, 'audio/ogg'],
    [{ url: 'https://files.example.com/a.gif', name: 'a.pdf' }, 'application/pdf'],
    [{ url: 'https://files.example.com/a.gif', name: 'a.xyz' }, 'image/gif'],
    [{ url: 'no url.png' }, ''],
    [{ url, name: 'x.constructor' }, ''],
    [{ platformId: 'x.png' }, ''],
    [{ url }, ''],
  ])('of %j is "%s"', (source, mime) => {
    expect(mimeOf(source)).toBe(mime)
  })
})
