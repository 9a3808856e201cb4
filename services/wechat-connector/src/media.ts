import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { CallFailed, HeaderList, type MediaRef, type OpenMedia, type PlatformCall, type Recipient, readJson } from '@um/shared/contract'
import { foreignMedia, isFailure } from '@um/shared/kit'
import { z } from 'zod'
import { classify } from './classify.ts'
import type { Ctx } from './definition.ts'
import { thumb } from './thumb.ts'

/** What WeChat takes, by MIME type or by the end of the name. https://developers.weixin.qq.com/doc/service/en/api/material/temporary/api_uploadtempmedia.html */
export const mediaTypes = {
  image: { takes: /(^|[/.])(png|jpe?g|gif)$/i, maxBytes: 10e6, maxSeconds: Number.POSITIVE_INFINITY, name: 'image.jpg' },
  voice: { takes: /(^|[/.])(amr|mp3|mpeg)$/i, maxBytes: 2e6, maxSeconds: 60, name: 'voice.mp3' },
  video: { takes: /(^|[/.])mp4$/i, maxBytes: 10e6, maxSeconds: Number.POSITIVE_INFINITY, name: 'video.mp4' },
} as const
const fileNames: Readonly<Record<string, string>> = { 'image/png': 'image.png', 'image/gif': 'image.gif', 'audio/amr': 'voice.amr' }
/** WeChat keeps media for three days; a picture that is sent often is brought once a day. */
const keptSeconds = 23 * 3600
const thumbId = 'thumb'

const Uploaded = z.union([
  z.object({ media_id: z.string() }),
  z.object({ thumb_media_id: z.string() }).transform(({ thumb_media_id: media_id }) => ({ media_id })),
])
const Message = z.looseObject({ msgtype: z.enum(['image', 'voice', 'video']) })

export async function prepare(call: PlatformCall, _to: Recipient, ctx: Ctx): Promise<PlatformCall> {
  const message = Message.safeParse(call.json).data
  if (call.upload === undefined || message === undefined) return call
  const { msgtype: type } = message
  const isFresh = call.alternatives?.again === undefined
  const media = { media_id: await bring(call.upload, type, mediaTypes[type].name, isFresh, ctx) }
  if (type !== 'video') return { ...call, json: { ...message, [type]: media } }
  const title = call.upload.name ?? ''
  const thumb_media_id = await bring({ platformId: thumbId, mime: 'image/jpeg' }, 'thumb', 'thumb.jpg', isFresh, ctx)
  return { ...call, json: { ...message, video: { ...media, thumb_media_id, title, description: '' } } }
}

async function bring(media: MediaRef, type: string, name: string, isFresh: boolean, { http, store }: Ctx): Promise<string> {
  const address = 'url' in media ? media.url : media.platformId
  const key = `media:${type}:${createHash('sha256').update(address).digest('base64url')}`
  const known = isFresh ? undefined : await store.get(key)
  if (known !== undefined) return known
  const file = { field: 'media', media: { ...media, name: fileNames[media.mime ?? ''] ?? name } }
  try {
    const { media_id } = await http.call(
      { method: 'POST', path: '/cgi-bin/media/upload', query: { type }, multipart: { fields: {}, file }, idempotent: true },
      Uploaded,
    )
    await store.set(key, media_id, keptSeconds)
    return media_id
  } catch (error) {
    if (!isFailure(error, 'content')) throw error
    throw new CallFailed({ kind: 'alternative', name: 'link', why: error.failure.why }, { cause: error })
  }
}

/** A platform id is WeChat's own, and a public address behind it where there is one. */
export async function download(media: MediaRef, ctx: Ctx): Promise<OpenMedia> {
  if ('url' in media) return ctx.media.open(media)
  if (media.platformId === thumbId) return { body: Readable.from([thumb]), mime: 'image/jpeg', size: thumb.length, name: 'thumb.jpg' }
  const [id = '', url] = media.platformId.split(' ')
  const address = `${ctx.tenant.settings.apiUrl}${mediaPath}?media_id=${encodeURIComponent(id)}`
  return ctx.media.open({ url: address }, { authorized: true, accept: opened => accept(opened, ctx) }).catch(error => {
    if (url === undefined || !isFailure(error, 'content')) throw error
    return foreignMedia({ url }, ctx)
  })
}
const mediaPath = '/cgi-bin/media/get'
const maxWords = 64 * 1024
/** Words instead of the bytes: an error, or where a film lies. https://developers.weixin.qq.com/doc/service/en/api/material/temporary/api_gettempmedia.html */
async function accept(opened: OpenMedia, ctx: Ctx): Promise<OpenMedia> {
  if (opened.mime !== 'application/json' && opened.mime !== 'text/plain') return opened
  const words = (opened.size ?? 0) > maxWords ? Buffer.alloc(0) : await buffer(opened.body)
  opened.body.destroy()
  const body = readJson(words)
  const film = z.object({ video_url: z.string() }).safeParse(body).data
  // its server knows nothing of our token
  if (film !== undefined) return foreignMedia({ url: film.video_url }, ctx)
  const failure = classify({ status: 200, headers: new HeaderList(), body }, { method: 'GET', path: mediaPath })
  throw new CallFailed(failure ?? { kind: 'content', why: 'WeChat gives words instead of the media' })
}
