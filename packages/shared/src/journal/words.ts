import type { Content } from '../contract/index.ts'

const maxCharacters = 500

/** What people wrote in a message, shortened; undefined when it has no words. Never a link, a file name or a number. */
export function wordsOf(content: Content): string | undefined {
  const text = textOf(content)
  if (text === undefined || text === '') return undefined
  // by character, so that none is cut in two
  const characters = Array.from(text.slice(0, 2 * maxCharacters))
  return characters.length <= maxCharacters && text.length <= 2 * maxCharacters ? text : `${characters.slice(0, maxCharacters - 1).join('')}…`
}

function textOf(content: Content): string | undefined {
  switch (content.kind) {
    case 'text':
    case 'system':
    case 'structured':
      return content.text
    case 'attachment':
      return content.caption
    case 'choice':
      return content.label
    case 'edit':
      return textOf(content.content)
    default:
      return undefined
  }
}
