import { CallFailed, type ContentOf, type PlatformCall, present } from '@um/shared/contract'
import { describeMedia } from '@um/shared/degrade'
import { measuredMedia, otherwise, unless } from '@um/shared/kit'
import { send } from './calls.ts'
import type { Ctx, Out } from './definition.ts'

/** https://developers.viber.com/docs/api/rest-bot-api/#message-types . Larger pictures are not shown by iPhones. */
const maxBytes: Readonly<Record<string, number>> = { picture: 1_000_000, video: 27_262_976, file: 52_428_800 }
const [maxFilmSeconds, maxUrl, maxFileName] = [180, 2000, 256]
/** https://developers.viber.com/docs/api/rest-bot-api/#forbidden-file-formats */
const forbidden = new Set([
  ...['action', 'apk', 'app', 'bat', 'bin', 'cmd', 'com', 'command', 'cpl', 'csh', 'exe', 'gadget', 'inf1', 'ins', 'inx', 'ipa', 'isu', 'job', 'jse', 'ksh'],
  ...['lnk', 'msc', 'msi', 'msp', 'mst', 'osx', 'out', 'paf', 'pif', 'ps1', 'reg', 'rgs', 'run', 'sct', 'shb', 'shs', 'u3p', 'vb', 'vbe', 'vbs', 'vbscript'],
  ...['workflow', 'ws', 'wsf'],
])

/** Viber fetches media itself and goes by the extension in the path. It has no sound: that is a file. Only pictures have a caption. */
export function attachmentCalls(content: ContentOf<'attachment'>, out: Out): PlatformCall[] {
  const { media, source, durationSeconds = 0, caption } = content
  const say = (text: string): PlatformCall => send(out, { type: 'text', text })
  const { pathname, search, href } = new URL('url' in source ? source.url : '')
  const { mediaHost } = out.tenant.settings
  const url = mediaHost === undefined ? href : `${mediaHost}${pathname}${search}`
  const extension = extensionOf(pathname)
  const { size } = source
  const fits = (kind: string): boolean => size === undefined || size <= (maxBytes[kind] ?? 0)
  if (url.length > maxUrl || extension === undefined || forbidden.has(extension) || !fits('file')) return [say(describeMedia(content))]
  const isPicture = media === 'image' && /^(jpe?g|png|gif)$/.test(extension) && fits('picture')
  const words = caption ? [say(caption)] : []
  const name = source.name && extensionOf(source.name) === extension ? source.name : (pathname.split('/').at(-1) ?? '')
  const message = { media: url, ...present({ size }) }
  const more = { ...(size === undefined ? { upload: source } : {}), plain: { text: describeMedia({ ...content, caption: isPicture ? (caption ?? '') : '' }) } }
  const file = send(out, { type: 'file', ...message, file_name: name.slice(-maxFileName) }, more)
  if (isPicture) return [send(out, { type: 'picture', text: caption ?? '', media: url }, { ...more, file: [...words, file] })]
  if (media !== 'video' || extension !== 'mp4' || !fits('video') || durationSeconds > maxFilmSeconds) return [...words, file]
  const duration = durationSeconds > 0 ? Math.round(durationSeconds) : undefined
  return [...words, send(out, { type: 'video', ...message, ...present({ duration }) }, { ...more, file: [file] })]
}
function extensionOf(name: string): string | undefined {
  return /[^./]\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase()
}

/** Sizes are compulsory and must be true; nobody has told this one. */
export async function withSize(call: PlatformCall, ctx: Ctx): Promise<PlatformCall> {
  if (call.upload === undefined) return call
  const json = call.json as { type: string }
  const measured = await unless(measuredMedia(call.upload, ctx), 'content')
  measured?.body.destroy()
  if (measured === undefined) throw new CallFailed({ kind: 'alternative', name: 'text', why: 'the attachment cannot be opened' })
  const { size } = measured
  if (size > (maxBytes[json.type] ?? 0)) throw new CallFailed(otherwise(call, ['file', 'text'], 'the attachment is too large', 'tooLarge'))
  return json.type === 'picture' ? call : { ...call, json: { ...json, size } }
}
