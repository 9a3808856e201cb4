import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { jpeg, ogg, pdf, png } from '../images.ts'
import { type BotAnswer, caller } from './bot.ts'

const guest = 5550001111
let lab: Lab
let bot: { id: number; token: string }
let call: ReturnType<typeof caller>

beforeAll(async () => {
  lab = await startLab()
  bot = lab.telegram.addBot({ name: 'Acme', username: 'acme_care_bot' })
  call = caller(lab, bot.token)
})
afterAll(async () => lab.close())
beforeEach(() => {
  lab.reset()
  lab.telegram.guest(bot.id, guest, 'Lena Ruiz').do({ do: 'start' })
})

function refusal(answer: BotAnswer): [number, string | undefined] {
  expect(answer.ok).toBe(false)
  expect(answer.error_code).toBe(answer.status)
  return [answer.status, answer.description]
}

describe('media', () => {
  const upload = (bytes: Buffer, name: string, mime: string) => ({ bytes, name, mime })

  it('takes a photo as an upload, and gives it back by its id', async () => {
    const sent = await call.multipart('sendPhoto', { chat_id: String(guest), caption: 'Plan' }, { photo: upload(jpeg, 'plan.jpg', 'image/jpeg') })
    const largest = sent.result.photo.at(-1)
    const again = await call.json('sendPhoto', { chat_id: guest, photo: largest.file_id })

    expect(largest).toMatchObject({ width: 320, height: 200, file_size: jpeg.length })
    expect(sent.result.caption).toBe('Plan')
    expect(again.result.photo.at(-1).file_unique_id).toBe(largest.file_unique_id)
    expect(lab.telegram.guest(bot.id, guest).timeline().entries.at(-2)?.body).toMatchObject({
      kind: 'photo',
      caption: 'Plan',
      media: { size: jpeg.length, width: 320 },
    })
  })

  it('fetches a photo by its address', async () => {
    const stored = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'far.jpg' })

    const sent = await call.json('sendPhoto', { chat_id: guest, photo: `${lab.url}/lab/api/media/${stored.id}/far.jpg` })

    expect(sent.result.photo.at(-1)).toMatchObject({ width: 320, height: 200 })
  })

  it.each([
    ['an address that is none', 'https://', 'Bad Request: wrong HTTP URL specified'],
    ['an address where nothing is', 'LAB/lab/api/media/nothing/x.jpg', 'Bad Request: failed to get HTTP URL content'],
    ['an address of a page', 'LAB/lab/api/info', 'Bad Request: wrong type of the web page content'],
    ['an unknown file id', 'AgAdunknown', 'Bad Request: wrong file identifier/HTTP URL specified'],
    ['nothing', '', 'Bad Request: there is no photo in the request'],
  ])('refuses a photo by %s', async (_what, photo, description) => {
    expect(refusal(await call.json('sendPhoto', { chat_id: guest, photo: photo.replace('LAB', lab.url) }))).toEqual([400, description])
  })

  it.each([
    ['no image', pdf, 'Bad Request: IMAGE_PROCESS_FAILED'],
    ['an image that is too wide', png(9000, 1001), 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
    ['an image that is too flat', png(2100, 100), 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
    [
      'more than 10 MB',
      Buffer.concat([jpeg, Buffer.alloc(10 * 1024 * 1024)]),
      `Bad Request: file of size ${jpeg.length + 10485760} bytes is too big for a photo; the maximum size is 10485760 bytes`,
    ],
  ])('refuses a photo that is %s', async (_what, bytes, description) => {
    expect(refusal(await call.multipart('sendPhoto', { chat_id: String(guest) }, { photo: upload(bytes, 'x.jpg', 'image/jpeg') }))).toEqual([400, description])
  })

  it('takes a photo at the limits of proportion', async () => {
    expect((await call.multipart('sendPhoto', { chat_id: String(guest) }, { photo: upload(png(2000, 100), 'x.png', 'image/png') })).ok).toBe(true)
  })

  it('takes by address only the documents that the platform promises', async () => {
    const address = (mime: string, name: string) => `${lab.url}/lab/api/media/${lab.media.put({ bytes: pdf, mime, name }).id}/${name}`

    const promised = await call.json('sendDocument', { chat_id: guest, document: address('application/pdf', 'c.pdf') })
    const other = await call.json('sendDocument', { chat_id: guest, document: address('text/csv', 'c.csv') })
    const uploaded = await call.multipart('sendDocument', { chat_id: String(guest) }, { document: upload(pdf, 'c.csv', 'text/csv') })

    expect(promised.result.document).toMatchObject({ file_name: 'c.pdf', mime_type: 'application/pdf', file_size: pdf.length })
    expect(refusal(other)).toEqual([400, 'Bad Request: wrong type of the web page content'])
    expect(uploaded.result.document).toMatchObject({ file_name: 'c.csv', mime_type: 'text/csv' })
  })

  it('sends a voice message that is not OGG as what it is', async () => {
    const voice = await call.multipart('sendVoice', { chat_id: String(guest) }, { voice: upload(ogg, 'v.ogg', 'audio/ogg') })
    const other = await call.multipart('sendVoice', { chat_id: String(guest) }, { voice: upload(ogg, 'v.wav', 'audio/wav') })

    expect(voice.result.voice).toMatchObject({ mime_type: 'audio/ogg' })
    expect(other.result.voice).toBeUndefined()
    expect(other.result.document).toMatchObject({ file_name: 'v.wav' })
  })

  it('refuses a caption of 1025 characters and takes one of 1024', async () => {
    const photo = { photo: upload(jpeg, 'x.jpg', 'image/jpeg') }

    expect(refusal(await call.multipart('sendPhoto', { chat_id: String(guest), caption: 'c'.repeat(1025) }, photo))).toEqual([
      400,
      'Bad Request: message caption is too long',
    ])
    expect((await call.multipart('sendPhoto', { chat_id: String(guest), caption: 'c'.repeat(1024) }, photo)).ok).toBe(true)
  })

  it('answers 413 to more than 50 MB', async () => {
    const big = upload(Buffer.alloc(50 * 1024 * 1024 + 1), 'big.bin', 'application/octet-stream')

    expect(refusal(await call.multipart('sendDocument', { chat_id: String(guest) }, { document: big }))).toEqual([413, 'Request Entity Too Large'])
  })

  it('sends an album of uploads and keeps it together', async () => {
    const media = JSON.stringify([
      { type: 'photo', media: 'attach://one', caption: 'Both sides' },
      { type: 'photo', media: 'attach://two' },
    ])

    const sent = await call.multipart(
      'sendMediaGroup',
      { chat_id: String(guest), media },
      { one: upload(jpeg, '1.jpg', 'image/jpeg'), two: upload(png(10, 10), '2.png', 'image/png') },
    )

    expect(sent.result.map((message: { caption?: string }) => message.caption)).toEqual(['Both sides', undefined])
    expect(new Set(sent.result.map((message: { media_group_id: string }) => message.media_group_id)).size).toBe(1)
    const entries = lab.telegram.guest(bot.id, guest).timeline().entries.slice(-2)
    expect(entries.map(entry => entry.album)).toEqual([sent.result[0].media_group_id, sent.result[0].media_group_id])
  })

  it.each([
    ['one part', [{ type: 'photo', media: 'x' }], 'Bad Request: there are too few messages to send as an album'],
    ['eleven parts', Array.from({ length: 11 }, () => ({ type: 'photo', media: 'x' })), 'Bad Request: there are too much messages to send as an album'],
    [
      'documents among photos',
      [
        { type: 'photo', media: 'x' },
        { type: 'document', media: 'y' },
      ],
      "Bad Request: can't use the media of the specified type in the album",
    ],
  ])('refuses an album of %s', async (_what, media, description) => {
    expect(refusal(await call.json('sendMediaGroup', { chat_id: guest, media }))).toEqual([400, description])
  })
})

describe('files of guests', () => {
  it('cannot be fetched by another bot', async () => {
    const sent = await call.multipart('sendDocument', { chat_id: String(guest) }, { document: { bytes: pdf, name: 'c.pdf', mime: 'application/pdf' } })
    const fileId = sent.result.document.file_id
    const other = caller(lab, lab.telegram.addBot().token)

    const own = await call.json('getFile', { file_id: fileId })
    const bytes = await call.file(own.result.file_path)

    expect(own.result).toMatchObject({ file_id: fileId, file_size: pdf.length })
    expect(bytes.headers.get('content-type')).toBe('application/octet-stream')
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(pdf)
    expect(refusal(await other.json('getFile', { file_id: fileId }))).toEqual([400, 'Bad Request: invalid file_id'])
    expect((await other.file(own.result.file_path)).status).toBe(404)
  })

  it('are too big above 20 MB', async () => {
    const big = { bytes: Buffer.alloc(20 * 1024 * 1024 + 1), name: 'big.bin', mime: 'application/octet-stream' }
    const sent = await call.multipart('sendDocument', { chat_id: String(guest) }, { document: big })

    expect(refusal(await call.json('getFile', { file_id: sent.result.document.file_id }))).toEqual([400, 'Bad Request: file is too big'])
  })

  it('include the profile picture', async () => {
    const avatar = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'me.jpg' })
    lab.telegram.openPhone(String(bot.id), { id: '5550003333', name: 'Ole', avatar: avatar.id })

    const photos = await call.json('getUserProfilePhotos', { user_id: 5550003333, limit: 1 })
    const none = await call.json('getUserProfilePhotos', { user_id: guest })

    expect(photos.result.photos[0].at(-1)).toMatchObject({ width: 320, height: 200 })
    expect(none.result).toEqual({ total_count: 0, photos: [] })
  })
})
