import type { Content, ContentKind } from './content.ts'

/**
 * native: shown as it is. partial: within the limits given. fallback: shared code degrades it to something legible.
 * reject: refused, with a failed receipt. A kind that is absent is a fallback.
 */
export interface Capability {
  level: 'native' | 'partial' | 'fallback' | 'reject'
  /** UTF-16 code units of a text, or of a structured message's text */
  maxText?: number
  /** UTF-16 code units of an attachment's caption; 0 or absent: captions are sent as a text of their own */
  maxCaption?: number
  /** options, buttons or rows of a structured message; more than that become a numbered menu */
  maxItems?: number
  maxBytes?: number
  /** `image/png`, `image/*`; others become a link */
  mimes?: readonly string[]
  /** templates of a structured message that are shown as they are; others become a numbered menu */
  templates?: readonly string[]
}
export type Capabilities = { readonly [K in ContentKind]?: Capability }

/** Kinds that the connector renders itself. */
export type Rendered<C> = { [K in keyof C]: C[K] extends { level: 'native' | 'partial' } ? K : never }[keyof C] & ContentKind

export function canShow(capabilities: Capabilities, content: Content): boolean {
  const level = capabilities[content.kind]?.level
  return level === 'native' || level === 'partial'
}
