import type { PlatformCall, Renderers } from '@um/shared/contract'
import { describeContact, describeLocation, describeSticker } from '@um/shared/degrade'
import { cut, send } from './calls.ts'
import type { viber } from './definition.ts'
import { attachmentCalls } from './render-attachment.ts'
import { structuredCalls } from './render-structured.ts'

const [maxContactName, maxPhone] = [28, 18]

export const render: Renderers<typeof viber> = {
  text: ({ text }, out) => [send(out, { type: 'text', text })],
  attachment: attachmentCalls,
  /** A bare number is what Viber calls its own stickers; those of others have pictures. */
  sticker: (content, out) => {
    const { stickerId, packageId, source } = content
    const plain = { text: describeSticker(content) }
    if (source !== undefined) return attachmentCalls({ kind: 'attachment', media: 'image', source }, out)
    if (packageId === undefined && /^\d{1,15}$/.test(stickerId)) return [send(out, { type: 'sticker', sticker_id: Number(stickerId) }, { plain })]
    return [send(out, { type: 'text', ...plain })]
  },
  location: (content, out) => {
    const { latitude, longitude, title, address } = content
    const words = [title, address].filter(Boolean).join('\n')
    const place = send(out, { type: 'location', location: { lat: latitude, lon: longitude } }, { plain: { text: describeLocation(content) } })
    return [...(words === '' ? [] : [send(out, { type: 'text', text: words })]), place]
  },
  contact: (content, out): PlatformCall[] => {
    const text = describeContact(content)
    const { name, emails = [], phones } = content
    const [phone = ''] = phones
    if (phones.length !== 1 || emails.length > 0 || phone.length > maxPhone || name === '') return [send(out, { type: 'text', text })]
    return [send(out, { type: 'contact', contact: { name: cut(name, maxContactName), phone_number: phone } }, { plain: { text } })]
  },
  structured: structuredCalls,
}
