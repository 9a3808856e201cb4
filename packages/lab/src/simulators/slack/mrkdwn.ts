import type { TextSpan } from '../../protocol.ts'

const marks: Readonly<Record<string, TextSpan['style']>> = { '*': 'bold', _: 'italic', '~': 'strikethrough', '`': 'code' }
const token = /<([^<>|]+)(?:\|([^<>]*))?>|(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\3(?![\w*_~`])|(https?:\/\/[^\s<>]+)/g

/** How a phone shows mrkdwn: links and the simple styles. https://docs.slack.dev/messaging/formatting-message-text */
export function shown(source: string): { text: string; spans: TextSpan[] } {
  let text = ''
  const spans: TextSpan[] = []
  const add = (piece: string, style?: TextSpan['style'], url?: string) => {
    const plain = unescaped(piece)
    if (style !== undefined) spans.push({ style, offset: text.length, length: plain.length, ...(url === undefined ? {} : { url }) })
    text += plain
  }
  let end = 0
  for (const match of source.matchAll(token)) {
    const [whole, target, label, mark, inner, bare] = match
    add(source.slice(end, match.index))
    end = match.index + whole.length
    if (target !== undefined) add(label || target, 'link', unescaped(target))
    else if (bare !== undefined) add(bare, 'link', unescaped(bare))
    else add(inner ?? '', marks[mark ?? ''])
  }
  add(source.slice(end))
  return { text, spans }
}
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
/** What a client makes of what people type. */
export function typed(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/https?:\/\/[^\s<>]+/g, url => `<${url}>`)
}
