import type { ContentOf, MediaRef, PlatformCall, Renderers } from '@um/shared/contract'
import { describeContact, describeLocation, describeMedia, describeSticker, describeStructured } from '@um/shared/degrade'
import { formOf } from '@um/shared/kit'
import { deliver, type LineMessage } from './calls.ts'
import type { line, Out } from './definition.ts'
import { button, flexMessages, words } from './flex.ts'
import { isPhone } from './phone.ts'
import { previewPath } from './preview.ts'
import { structuredMessages } from './render-structured.ts'

type Attachment = ContentOf<'attachment'>

export const render: Renderers<typeof line> = {
  text: ({ text }, out) => deliver(out, [textMessage(text)]),
  attachment: (content, out) => {
    const { caption } = content
    return deliver(out, [attachmentMessage(content, out), ...(caption ? [textMessage(caption)] : [])], { text: describeMedia(content) })
  },
  sticker: (content, out) => {
    const { packageId, stickerId, source } = content
    if (packageId !== undefined) return deliver(out, [{ type: 'sticker', packageId, stickerId }], { text: describeSticker(content) })
    if (source === undefined) return deliver(out, [textMessage(describeSticker(content))])
    return render.attachment({ kind: 'attachment', media: 'image', source }, out)
  },
  location: (content, out) => {
    const { latitude, longitude, title, address } = content
    const place = `${latitude}, ${longitude}`
    const message = { title: (title || address || place).slice(0, 100), address: (address || place).slice(0, 100), latitude, longitude }
    return deliver(out, [{ type: 'location', ...message }], { text: describeLocation(content) })
  },
  contact: (content, out) => {
    const items = content.phones.map(phone => ({ title: phone, url: `tel:${phone.replace(/[^\d+]/g, '')}` }))
    if (items.length === 0) return deliver(out, [textMessage(describeContact(content))])
    const text = describeContact(content)
    return deliver(out, structuredMessages({ kind: 'structured', template: 'buttons', text, items }), { text })
  },
  structured: (content, out) => deliver(out, structuredMessages(content), { text: describeStructured(content), numbered: true }),
  typing: ({ on, durationSeconds = 20 }, out) => (on ? typingCalls(durationSeconds, out) : []),
}

function textMessage(text: string): LineMessage {
  return { type: 'text', text }
}
/** Only in chats with one guest. https://developers.line.biz/en/docs/messaging-api/use-loading-indicator/ */
function typingCalls(seconds: number, { to, tenant }: Out): PlatformCall[] {
  if (!tenant.settings.showTyping || !to.guest.startsWith('U')) return []
  const loadingSeconds = Math.min(60, Math.max(5, Math.ceil(seconds / 5) * 5))
  return [{ method: 'POST', path: '/v2/bot/chat/loading/start', json: { chatId: to.guest, loadingSeconds }, idempotent: true, auxiliary: true }]
}

const maxPreviewBytes = 1e6
const maxPictureBytes = 10e6
const maxFilmBytes = 200e6
/** What nobody tells is taken for a minute: LINE wants to know, and shows it before the sound is loaded. */
const usualSeconds = 60

/** Media that LINE plays; anything else is a card that opens it, as LINE knows no files. */
function attachmentMessage({ media, source, durationSeconds = usualSeconds }: Attachment, out: Out): LineMessage {
  const url = 'url' in source ? new URL(source.url).href : ''
  const hint = formOf(source)
  const { size = 0 } = source
  // Phone Number Push takes neither pictures nor sound
  const is = (kind: Attachment['media'], pattern: RegExp): boolean => media === kind && !isPhone(out.to.guest) && url.length <= 2000 && pattern.test(hint)
  if (is('image', /(jpe?g|png)$/i) && size <= maxPreviewBytes) return { type: 'image', originalContentUrl: url, previewImageUrl: url }
  if (is('image', /(jpe?g|png)$/i) && size <= maxPictureBytes) return fileMessage(source, url, { type: 'image', url, size: 'full', aspectMode: 'cover' })
  if (is('video', /mp4$/i) && size <= maxFilmBytes) return { type: 'video', originalContentUrl: url, previewImageUrl: `${out.tenant.webhookUrl}${previewPath}` }
  if (is('audio', /(mpeg|mp3|mp4|m4a)$/i) && size <= maxFilmBytes)
    return { type: 'audio', originalContentUrl: url, duration: Math.round(durationSeconds * 1000) }
  return fileMessage(source, url)
}
function fileMessage(source: MediaRef, url: string, hero?: object): LineMessage {
  const name = source.name || (URL.canParse(url) && new URL(url).pathname.split('/').at(-1)) || 'file'
  const size = source.size === undefined ? [] : [words(`${(source.size / 1e6).toFixed(source.size < 1e5 ? 3 : 1)} MB`, { size: 'sm', color: '#666666' })]
  const open = button({ title: 'Open', url })
  if (open === undefined) return textMessage(`${name}: ${url}`)
  return flexMessages(name, [{ ...(hero ? { hero } : {}), body: [words(name, { weight: 'bold' }), ...size], footer: [open] }])[0] ?? textMessage(url)
}
