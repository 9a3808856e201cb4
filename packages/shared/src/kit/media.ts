import { CallFailed, type Context, type HowToOpen, type MediaKind, type MediaRef, type OpenMedia } from '../contract/index.ts'
import { extensionOf, plainMime } from '../storage/mime.ts'
import { isFailure } from './failures.ts'

/** A name for a file that has none. Of types that are not in the table a short subtype is what people use: `audio/x-m4a`. */
export function fileName(stem: string, declared: string | undefined): string {
  const mime = plainMime(declared) ?? ''
  const extension = extensionOf(mime) ?? /\/(?:x-)?([a-z0-9]{2,4})$/.exec(mime)?.[1]
  return extension === undefined ? stem : `${stem}.${extension}`
}

/** What is told of a file's form, whichever way: its type, its name, or the end of its address. For patterns like `/(jpe?g|png)$/i`. */
export function formOf(source: MediaRef): string {
  const path = 'url' in source && URL.canParse(source.url) ? new URL(source.url).pathname : ''
  return (source.mime ?? source.name ?? path).split(';')[0]?.trim() ?? ''
}

/** How a file of this type is shown. */
export function mediaKindOf(mime = ''): MediaKind {
  return (['image', 'audio', 'video'] as const).find(kind => mime.startsWith(`${kind}/`)) ?? 'file'
}

type Opener = Pick<Context<unknown>, 'media'>

/** An attachment of the other side, opened to be brought to the platform. When its server refuses us, it is not the platform that does. */
export async function foreignMedia(media: MediaRef, ctx: Opener, how?: HowToOpen): Promise<OpenMedia> {
  return ctx.media.open(media, how).catch(error => {
    if (isFailure(error, 'unauthorized')) throw new CallFailed({ kind: 'content', code: 'content', why: error.failure.why }, { cause: error })
    throw error
  })
}

/** The same with its exact size: where the source does not tell, the bytes are counted, and opened again. Nothing in it is refused. */
export async function measuredMedia(media: MediaRef, ctx: Opener): Promise<OpenMedia & { size: number }> {
  const opened = await foreignMedia(media, ctx)
  let size = opened.size ?? 0
  if (opened.size === undefined) for await (const chunk of opened.body) size += Buffer.byteLength(chunk)
  if (size === 0) {
    opened.body.destroy()
    throw new CallFailed({ kind: 'content', code: 'content', why: 'the file is empty' })
  }
  return opened.size === undefined ? { ...(await foreignMedia(media, ctx)), size } : { ...opened, size }
}
