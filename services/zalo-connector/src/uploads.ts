import { CallFailed, type MediaRef, type PlatformCall } from '@um/shared/contract'
import { foreignMedia, gifSize, isFailure } from '@um/shared/kit'
import { z } from 'zod'
import { type Attachment, template } from './calls.ts'
import type { Ctx, Settings } from './definition.ts'
import { Uploaded } from './schema.ts'

export type UploadKind = 'image' | 'gif' | 'file'
const kinds: readonly (readonly [UploadKind, RegExp])[] = [
  ['gif', /gif$/i],
  ['image', /(jpe?g|png)$/i],
  ['file', /(pdf|msword|docx?|wordprocessingml\.document)$/i],
]

/** As what Zalo takes it; nothing: it is sent as a link. */
export function uploadKind(source: MediaRef, { maxImageBytes, maxGifBytes, maxFileBytes }: Settings): UploadKind | undefined {
  if (!('url' in source)) return undefined
  const hint = source.mime?.split(';')[0] ?? source.name ?? new URL(source.url).pathname
  const kind = kinds.find(([, pattern]) => pattern.test(hint.trim()))?.[0]
  if (kind === undefined) return undefined
  const limit = { image: maxImageBytes, gif: maxGifBytes, file: maxFileBytes }[kind]
  return (source.size ?? 0) <= limit ? kind : undefined
}

const Body = z.looseObject({ message: z.looseObject({}) })

/** Uploads live for a while only, so each is made for its message. */
export async function prepare(call: PlatformCall, _to: unknown, ctx: Ctx): Promise<PlatformCall> {
  const { upload } = call
  const kind = upload && uploadKind(upload, ctx.tenant.settings)
  if (upload === undefined || kind === undefined) return call
  const body = Body.parse(call.json)
  const attachment = await attachmentOf(kind, upload, ctx)
  return { ...call, json: { ...body, message: { ...body.message, attachment } } }
}
async function attachmentOf(kind: UploadKind, media: MediaRef, ctx: Ctx): Promise<Attachment> {
  // Zalo wants to know how large a GIF is drawn
  const size = kind === 'gif' ? await gifSize(await foreignMedia(media, ctx).catch(asLink)) : {}
  if (size === undefined) throw new CallFailed({ kind: 'alternative', name: 'link', why: 'the file is no GIF' })
  const path = `/v2.0/oa/upload/${kind}`
  const { data } = await ctx.http
    .call({ method: 'POST', path, multipart: { fields: {}, file: { field: 'file', media } }, idempotent: true }, Uploaded)
    .catch(asLink)
  if (kind === 'file') return { type: 'file', payload: { token: data.token } }
  return template('media', { elements: [{ media_type: kind, attachment_id: data.attachment_id, ...size }] })
}

/** What Zalo does not take, or nobody gives, the guest gets as a link. */
function asLink(error: unknown): never {
  if (isFailure(error, 'content')) throw new CallFailed({ kind: 'alternative', name: 'link', why: error.failure.why }, { cause: error })
  throw error
}
