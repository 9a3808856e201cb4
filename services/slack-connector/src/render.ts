import type { ContentOf, LifecycleChange, PlatformCall, Renderers } from '@um/shared/contract'
import { describeMedia, splitText } from '@um/shared/degrade'
import { type Block, type Out, post, share } from './calls.ts'
import type { slack } from './definition.ts'
import { encode } from './mrkdwn.ts'
import { structuredCalls } from './render-structured.ts'

const maxImageUrl = 3000

export const render: Renderers<typeof slack> = {
  text: ({ text }, out) =>
    splitText(text, out.tenant.settings.maxTextLength).map((piece, index) => post(out, encode(piece), index === 0 ? {} : { auxiliary: true })),
  attachment: (content, out) => [attachmentCall(content, out)],
  structured: structuredCalls,
  system: ({ text }, out) => [post(out, italic(text))],
}

/** Where uploads are not allowed a picture is shown from its address, and everything else is a link. */
function attachmentCall(content: ContentOf<'attachment'>, out: Out): PlatformCall {
  const { media, source, caption } = content
  const text = encode(describeMedia(content))
  const shows = media === 'image' && 'url' in source && source.url.startsWith('https:') && source.url.length <= maxImageUrl
  const comment: Block[] = caption ? [{ type: 'section', text: { type: 'mrkdwn', text: encode(caption) } }] : []
  const image: Block[] = shows ? [{ type: 'image', image_url: source.url, alt_text: source.name?.slice(0, 2000) || 'image' }] : []
  const link = post(out, text, shows ? { blocks: [...comment, ...image] } : {})
  return share(out, source, caption, link)
}

function italic(text: string): string {
  return encode(text)
    .split('\n')
    .map(line => (line.trim() === '' ? line : `_${line.trim()}_`))
    .join('\n')
}

const systemTexts: Partial<Record<LifecycleChange, string>> = { ended: 'Conversation ended', joined: 'An agent joined' }

export function renderLifecycle(change: LifecycleChange, out: Out): PlatformCall[] {
  const { settings, options } = out.tenant
  if (change === 'ended' && settings.closingText !== undefined) return [post(out, encode(settings.closingText))]
  const text = options.showSystemMessages ? systemTexts[change] : undefined
  return text === undefined ? [] : [post(out, italic(text))]
}
