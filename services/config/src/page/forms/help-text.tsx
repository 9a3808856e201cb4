import { ExternalLink } from '../controls/link.tsx'

/** Help with its addresses made links: catalogs write plain text. */
export function HelpText({ text }: { text: string }) {
  const parts = text.split(/(https:\/\/[^\s,;)]+[^\s,;).])/)
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      <ExternalLink key={part} href={part}>
        {part.replace(/^https:\/\//, '')}
      </ExternalLink>
    ) : (
      part
    ),
  )
}
