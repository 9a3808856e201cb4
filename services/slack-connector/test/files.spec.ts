import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import type { PlatformCall } from '@um/shared/contract'
import { download, prepare } from '../src/files.ts'
import { contextOf } from './samples.ts'

const account = 'T04BQRS7X1'
const to = { guest: 'T04BQRS7X1:U04GUEST99', address: { channel: 'D05DMCHAN1' } }
const share: PlatformCall = {
  method: 'POST',
  path: '/files.completeUploadExternal',
  account,
  json: { files: [], channel_id: 'D05DMCHAN1' },
  upload: { url: 'https://files.example.com/c.pdf', name: 'c.pdf' },
}
const answers = {
  '/files.getUploadURLExternal': { ok: true, upload_url: 'https://slack.lab.example/upload/v1/ABC', file_id: 'F06FILE0009' },
  '/upload': {},
  '/conversations.open': { ok: true, channel: { id: 'D05DMCHAN2' } },
}
const uploading = (more: object, bytes = 'bytes', size?: number, statuses: Record<string, number> = {}) =>
  contextOf(
    { ...answers, ...more },
    { statuses, media: { body: Readable.from([Buffer.from(bytes)]), mime: 'application/pdf', ...(size === undefined ? {} : { size }) } },
  )

describe('prepare', () => {
  it('uploads in three steps: the address, the bytes, the sharing', async () => {
    const ctx = uploading({}, 'bytes', 5)

    const ready = await prepare(share, to, ctx)

    expect(ready.json).toEqual({ files: [{ id: 'F06FILE0009', title: 'c.pdf' }], channel_id: 'D05DMCHAN1' })
    expect(ctx.seen.calls.map(call => call.path)).toEqual(['/files.getUploadURLExternal', '/upload'])
    expect(ctx.seen.calls[0]).toMatchObject({ account, form: { filename: 'c.pdf', length: '5' } })
    expect(ctx.seen.calls[1]).toMatchObject({
      url: 'https://slack.lab.example/upload/v1/ABC',
      anonymous: true,
      bytes: { size: 5, mime: 'application/octet-stream' },
    })
  })

  it('counts the bytes where nobody tells how many there are', async () => {
    const ctx = uploading({}, 'seven77')

    await prepare(share, to, ctx)

    expect(ctx.seen.calls[0]?.form?.length).toBe('7')
    expect(ctx.seen.opened).toHaveLength(2)
  })

  it.each([
    ['takes no files', { '/files.getUploadURLExternal': { ok: false, error: 'file_uploads_disabled' } }, 'bytes'],
    ['would be given an empty one', {}, ''],
  ])('lets the caller send a link when Slack %s', async (_what, more, bytes) => {
    await expect(prepare(share, to, uploading(more, bytes))).rejects.toMatchObject({ failure: { kind: 'alternative', name: 'link' } })
  })

  it.each([403, 500])('tries the bytes twice when their address answers %s, and lets the caller send a link then', async status => {
    const ctx = uploading({}, 'bytes', 5, { '/upload': status })

    await expect(prepare(share, to, ctx)).rejects.toMatchObject({ failure: { kind: 'alternative', name: 'link' } })
    expect(ctx.seen.calls.map(call => call.path).filter(path => path === '/upload')).toHaveLength(2)
  })

  it('comes back later when Slack itself is away', async () => {
    const ctx = uploading({ '/files.getUploadURLExternal': { ok: false, error: 'service_unavailable' } }, 'bytes', 5)

    await expect(prepare(share, to, ctx)).rejects.toMatchObject({ failure: { kind: 'retryable' } })
  })

  it('tells of a token that is refused as such', async () => {
    const ctx = uploading({ '/files.getUploadURLExternal': { ok: false, error: 'token_revoked' } }, 'bytes', 5)

    await expect(prepare(share, to, ctx)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } })
  })

  it('opens the conversation when its channel is not known', async () => {
    const ctx = contextOf(answers)
    const call: PlatformCall = { method: 'POST', path: '/chat.postMessage', account, json: { channel: '', text: 'x' } }

    expect((await prepare(call, { ...to, address: {} }, ctx)).json).toEqual({ channel: 'D05DMCHAN2', text: 'x' })
    expect(ctx.seen.calls).toMatchObject([{ path: '/conversations.open', form: { users: 'U04GUEST99' }, account }])
  })

  it('leaves a call alone that needs nothing', async () => {
    const ctx = contextOf()
    const call: PlatformCall = { method: 'POST', path: '/chat.postMessage', json: { channel: 'D05DMCHAN1', text: '' } }

    expect(await prepare(call, to, ctx)).toEqual(call)
    expect(ctx.seen.calls).toEqual([])
  })
})

describe('download', () => {
  const source = { platformId: `${account} F06FILE0001 https://files.slack.com/d/a.png`, mime: 'image/png', name: 'a.png', size: 5 }

  it('fetches from Slack with what the event told', async () => {
    const ctx = uploading({}, 'bytes', 5)

    const opened = await download(source, ctx)

    expect(ctx.seen.opened).toEqual([{ url: 'https://files.slack.com/d/a.png' }])
    expect(opened).toMatchObject({ name: 'a.png', mime: 'image/png', size: 5 })
    expect(ctx.seen.calls).toEqual([])
  })

  it('asks for what the event did not tell', async () => {
    const file = { id: 'F06FILE0001', name: 'b.png', mimetype: 'image/png', size: 9, url_private: 'https://files.slack.com/b.png' }
    const ctx = contextOf({ '/files.info': { ok: true, file } })

    const opened = await download({ platformId: `${account} F06FILE0001 ` }, ctx)

    expect(ctx.seen.opened).toEqual([{ url: 'https://files.slack.com/b.png' }])
    expect(opened).toMatchObject({ name: 'b.png', mime: 'image/png', size: 9 })
  })

  it.each(['https://files.slack.com.evil.example/a', 'http://files.slack.com/a', 'https://evil.example/a'])('does not take the token to %s', async url => {
    const ctx = contextOf()

    await expect(download({ ...source, platformId: `${account} F06FILE0001 ${url}` }, ctx)).rejects.toMatchObject({ failure: { kind: 'content' } })
    expect(ctx.seen.opened).toEqual([])
  })

  it('recognises the log-in page that comes instead of the file', async () => {
    const ctx = contextOf({}, { media: { body: Readable.from(['<html>']), mime: 'text/html' } })

    await expect(download(source, ctx)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } })
  })
})
