import type { ReactNode } from 'react'
import type { TextSpan } from '../../protocol.ts'
import { inOrder } from '../controls/in-order.ts'
import { linksIn, type Segment, segmentsOf, webAddress } from './spans.ts'

/** A message's text with the looks that its platform knows. */
export function RichText({ text, spans }: { text: string; spans?: TextSpan[] | undefined }) {
  return (
    <p className="message-text" dir="auto">
      {inOrder(segmentsOf(text, spans ?? linksIn(text))).map(({ key, item: segment }) => (
        <Styled key={key} segment={segment} />
      ))}
    </p>
  )
}

function Styled({ segment }: { segment: Segment }) {
  const address = webAddress(segment.url ?? (segment.styles.includes('link') ? segment.text : undefined))
  let node: ReactNode = segment.text
  for (const style of segment.styles) {
    if (style === 'bold') node = <strong>{node}</strong>
    else if (style === 'italic') node = <em>{node}</em>
    else if (style === 'underline') node = <u>{node}</u>
    else if (style === 'strikethrough') node = <s>{node}</s>
    else if (style === 'code' || style === 'pre') node = <code>{node}</code>
    else if (style === 'quote') node = <q className="message-quote">{node}</q>
    else if (style === 'spoiler') node = <span className="message-spoiler">{node}</span>
    else if (style === 'mention' || style === 'command') node = <span className="message-mention">{node}</span>
  }
  if (address === undefined) return node
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {node}
    </a>
  )
}
