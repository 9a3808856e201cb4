import type { ContentOf, MediaRef, PlatformCall, Renderers } from '@um/shared/contract'
import { describeLocation, describeMedia } from '@um/shared/degrade'
import { formOf } from '@um/shared/kit'
import { send, texts, typingPath } from './calls.ts'
import type { Out, wechat } from './definition.ts'
import { mediaTypes } from './media.ts'
import { offer } from './menu.ts'

export const render: Renderers<typeof wechat> = {
  text: ({ text }, out) => texts(out, text, 'text'),
  attachment,
  location: (content, out) => {
    const { latitude, longitude, title = content.address ?? '', url } = content
    const marker = `coord:${latitude},${longitude};title:${encodeURIComponent(title || `${latitude},${longitude}`)}`
    return texts(out, describeLocation({ ...content, url: url ?? `https://apis.map.qq.com/uri/v1/marker?marker=${marker}` }), 'place')
  },
  structured: offer,
  typing: ({ on }, { to }) => {
    const json = { touser: to.guest, command: on ? 'Typing' : 'CancelTyping' }
    return [{ method: 'POST', path: typingPath, json, idempotent: true, auxiliary: true }]
  },
}

/** `prepare` brings the media to WeChat; what WeChat does not take is a link, in one message with its caption. */
function attachment(content: ContentOf<'attachment'>, out: Out): PlatformCall[] {
  const { source, caption, durationSeconds } = content
  const type = typeOf(source, durationSeconds)
  if (type === undefined) return texts(out, describeMedia(content), 'link')
  const { caption: _told, ...bare } = content
  const more = { upload: source, alternatives: { link: texts(out, describeMedia(bare), 'link') } }
  const call = send(out, 'media', { msgtype: type, [type]: { media_id: '' } }, more)
  // without the alternative of its own it is brought anew
  const first = { ...call, alternatives: { ...more.alternatives, again: [call] } }
  return [first, ...(caption ? texts(out, caption, 'caption') : [])]
}
const types = ['image', 'voice', 'video'] as const
function typeOf(source: MediaRef, seconds = 0): (typeof types)[number] | undefined {
  return types.find(type => {
    const { takes, maxBytes, maxSeconds } = mediaTypes[type]
    return takes.test(formOf(source)) && (source.size ?? 0) <= maxBytes && seconds <= maxSeconds
  })
}
