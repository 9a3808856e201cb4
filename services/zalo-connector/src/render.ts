import type { ContentOf, PlatformCall, Renderers } from '@um/shared/contract'
import { describeMedia, describeSticker, describeStructured } from '@um/shared/degrade'
import { message, template, texts } from './calls.ts'
import type { Out, zalo } from './definition.ts'
import { structuredAttachment } from './render-structured.ts'
import { uploadKind } from './uploads.ts'

/** `link`: what is sent instead when Zalo does not take it; `again`: once more with a new upload. */
export const render: Renderers<typeof zalo> = {
  text: ({ text }, out) => texts(text, out),
  attachment: (content, out) => {
    const { caption, ...bare } = content
    const { settings } = out.tenant
    const kind = uploadKind(content.source, settings)
    if (kind === undefined) return texts(describeMedia(content), out)
    // files have no text
    const isInside = caption !== undefined && kind !== 'file' && caption.length <= settings.maxTextLength
    const file: PlatformCall = { ...message(out, isInside ? { text: caption } : {}), upload: content.source }
    const link = texts(describeMedia(isInside ? content : bare), out)
    const before = caption && !isInside ? texts(caption, out) : []
    return [...before, { ...file, alternatives: { link, again: [{ ...file, alternatives: { link } }] } }]
  },
  sticker: (content, out) => {
    const { stickerId, packageId } = content
    const link = inOtherWords(content, out)
    // stickers of other platforms have a package
    if (packageId !== undefined || stickerId === '') return link
    const attachment = template('media', { elements: [{ media_type: 'sticker', attachment_id: stickerId }] })
    return [{ ...message(out, { attachment }), alternatives: { link } }]
  },
  structured: (content, out) => {
    const menu = texts(describeStructured(content), out, { numbered: true })
    const attachment = out.tenant.settings.listTemplate ? structuredAttachment(content) : undefined
    return attachment === undefined ? menu : [{ ...message(out, { attachment }), alternatives: { link: menu } }]
  },
}

function inOtherWords({ source, ...sticker }: ContentOf<'sticker'>, out: Out): PlatformCall[] {
  return source === undefined ? texts(describeSticker(sticker), out) : render.attachment({ kind: 'attachment', media: 'image', source }, out)
}
