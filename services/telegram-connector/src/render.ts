import { type Content, type ContentOf, type PlatformCall, present, type Renderers } from '@um/shared/contract'
import { messageNumber } from './chats.ts'
import type { telegram } from './definition.ts'
import { carryOut, chatOf, method, type Out, type Plan } from './plan.ts'
import { attachmentPlans, mimeOf } from './render-attachment.ts'
import { structuredPlans } from './render-structured.ts'

/** Texts are sent as they are: without a parse mode nothing in them is taken for markup. */
export const render: Renderers<typeof telegram> = {
  text: (content, out) => carryOut([textPlan(content.text, out)], out),
  attachment: (content, out) => carryOut(attachmentPlans(content), out),
  sticker: (content, out) => carryOut(stickerPlans(content), out),
  location: (content, out) => carryOut(locationPlans(content), out),
  contact: (content, out) => carryOut(contactPlans(content), out),
  structured: (content, out) => carryOut(structuredPlans(content, out), out),
  typing: ({ on }, out) => (on && out.tenant.settings.showTyping ? [typingCall(out)] : []),
  edit: ({ of, content }, out) => {
    if (content.kind !== 'text') return anew(content, out)
    const call = method('editMessageText', { ...chatOf(out.to), message_id: messageNumber(of), text: content.text, ...preview(out) }, { idempotent: true })
    return [{ ...call, alternatives: { send: carryOut([textPlan(content.text, out)], out) } }]
  },
  withdrawn: ({ of }, out) => [method('deleteMessage', { ...chatOf(out.to), message_id: messageNumber(of) }, { idempotent: true })],
}

function preview({ tenant }: Out): object {
  return tenant.settings.linkPreview ? {} : { link_preview_options: { is_disabled: true } }
}
function textPlan(text: string, out: Out): Plan {
  return { method: 'sendMessage', fields: { text, ...preview(out) } }
}
function typingCall(out: Out): PlatformCall {
  const { thread } = out.to.address
  return method(
    'sendChatAction',
    { ...chatOf(out.to), ...(thread ? { message_thread_id: Number(thread) } : {}), action: 'typing' },
    { idempotent: true, auxiliary: true },
  )
}

/** Of another kind than text, the new form of a message is a message of its own. */
function anew(content: Content, out: Out): PlatformCall[] {
  switch (content.kind) {
    case 'attachment':
      return render.attachment(content, out)
    case 'sticker':
      return render.sticker(content, out)
    case 'location':
      return render.location(content, out)
    case 'contact':
      return render.contact(content, out)
    case 'structured':
      return render.structured(content, out)
    case 'choice':
      return render.text({ kind: 'text', text: content.label ?? content.payload }, out)
    case 'system':
      return render.text({ kind: 'text', text: content.text }, out)
    case 'unsupported':
      return render.text({ kind: 'text', text: content.text ?? content.what }, out)
    default:
      return []
  }
}

/** By its file id, or by URL when it is a still one; what Telegram does not know as a sticker is a picture or its emoji. */
function stickerPlans({ stickerId, packageId, emoji, source }: ContentOf<'sticker'>): Plan[] {
  const text: Plan[] = [{ method: 'sendMessage', fields: { text: emoji ?? `[${[packageId, stickerId].filter(Boolean).join('/')}]` } }]
  if (!source || !('url' in source)) return [{ method: 'sendSticker', fields: { sticker: source?.platformId ?? stickerId }, instead: { text } }]
  const mime = mimeOf(source)
  if (mime !== 'image/webp') return attachmentPlans({ kind: 'attachment', media: mime.startsWith('video/') ? 'video' : 'image', source })
  const upload: Plan = { method: 'sendSticker', fields: {}, file: { field: 'sticker', media: source }, instead: { text } }
  return [{ method: 'sendSticker', fields: { sticker: source.url }, instead: { upload: [upload], text } }]
}

/** A venue must have both title and address; one alone goes ahead as a text. */
function locationPlans({ latitude, longitude, title, address }: ContentOf<'location'>): Plan[] {
  if (title && address) return [{ method: 'sendVenue', fields: { latitude, longitude, title, address } }]
  const words = title || address
  return [
    ...(words ? [{ method: 'sendMessage', fields: { text: words }, auxiliary: true } as const] : []),
    { method: 'sendLocation', fields: { latitude, longitude } },
  ]
}

const maxVcardBytes = 2048
function contactPlans({ name, phones, emails = [], vcard }: ContentOf<'contact'>): Plan[] {
  const [phone, ...others] = phones
  if (phone === undefined) return [{ method: 'sendMessage', fields: { text: [name, ...emails].join('\n') } }]
  const [first = phone, ...rest] = name.split(/\s+/).filter(Boolean)
  const card = vcard ?? (others.length + emails.length > 0 ? vcardOf(name, phones, emails) : undefined)
  const fits = card !== undefined && Buffer.byteLength(card) <= maxVcardBytes
  return [
    {
      method: 'sendContact',
      fields: present({ phone_number: phone, first_name: first, last_name: rest.join(' ') || undefined, vcard: fits ? card : undefined }),
    },
  ]
}
function vcardOf(name: string, phones: readonly string[], emails: readonly string[]): string {
  const escaped = (text: string): string => text.replace(/[\\,;]/g, '\\$&').replace(/\r?\n/g, ' ')
  const lines = [`FN:${escaped(name)}`, ...phones.map(phone => `TEL:${escaped(phone)}`), ...emails.map(email => `EMAIL:${escaped(email)}`)]
  return ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD'].join('\r\n')
}
