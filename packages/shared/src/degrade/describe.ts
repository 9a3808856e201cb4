import type { Content, ContentOf, MediaRef } from '../contract/index.ts'

/** Contents in plain words, for platforms that have nothing like them. */
export function describeLocation(content: ContentOf<'location'>): string {
  const link = content.url ?? `https://www.google.com/maps/search/?api=1&query=${content.latitude},${content.longitude}`
  return [content.title, content.address, link].filter(line => line !== undefined && line !== '').join('\n')
}
export function describeContact(content: ContentOf<'contact'>): string {
  return [content.name, ...content.phones, ...(content.emails ?? [])].filter(line => line !== '').join('\n')
}
export function describeSticker(content: ContentOf<'sticker'>): string {
  return content.emoji ?? `[sticker ${content.packageId === undefined ? '' : `${content.packageId}/`}${content.stickerId}]`
}
export function describeMedia(content: ContentOf<'attachment'>): string {
  const name = content.source.name ?? content.media
  const line = 'url' in content.source ? `${name}: ${content.source.url}` : `[${content.media} ${name}]`
  return content.caption === undefined || content.caption === '' ? line : `${content.caption}\n${line}`
}
export function describeUnsupported(content: ContentOf<'unsupported'>): string {
  const why = content.reason === undefined ? '' : ` (${content.reason})`
  return [`[unsupported content: ${content.what}${why}]`, content.text].filter(line => line !== undefined && line !== '').join('\n')
}
export function describeReaction(content: ContentOf<'reaction'>): string {
  return content.on ? `[reaction ${content.emoji}]` : `[reaction ${content.emoji} removed]`
}

/**
 * A numbered menu. Only options that can be chosen get a number, counted over the whole message; links are written out.
 */
export function describeStructured(content: ContentOf<'structured'>): string {
  let number = 0
  const lines: string[] = content.text === undefined || content.text === '' ? [] : [content.text]
  const option = (title: string, detail: string | undefined, url: string | undefined) => {
    if (url !== undefined) return `• ${title}: ${url}`
    number += 1
    return `${number}. ${title}${detail === undefined || detail === '' ? '' : ` – ${detail}`}`
  }
  let section: string | undefined
  for (const item of content.items) {
    if (item.section !== undefined && item.section !== section) {
      section = item.section
      lines.push(section)
    }
    if (content.template === 'cards' || (item.actions?.length ?? 0) > 0) {
      lines.push([item.title, item.description, item.imageUrl].filter(line => line !== undefined && line !== '').join('\n'))
      for (const action of item.actions ?? []) lines.push(option(action.title, undefined, action.url))
      if ((item.actions?.length ?? 0) === 0 && (item.payload !== undefined || item.url !== undefined)) lines.push(option(item.title, undefined, item.url))
    } else {
      lines.push(option(item.title, item.description, item.url))
    }
  }
  return lines.join('\n')
}

/** The media inside a content, and the content with another in its place. */
export function mediaOf(content: Content): MediaRef | undefined {
  if (content.kind === 'attachment') return content.source
  if (content.kind === 'sticker') return content.source
  if (content.kind === 'edit') return mediaOf(content.content)
  return undefined
}
export function withMedia(content: Content, source: MediaRef): Content {
  if (content.kind === 'attachment' || content.kind === 'sticker') return { ...content, source }
  if (content.kind === 'edit') return { ...content, content: withMedia(content.content, source) }
  return content
}
