import type { Content } from '@um/shared/contract'

/**
 * One Genesys Cloud message may become several of ours (a text and its files), each with an identity of its own. The last one bears the Genesys id itself, and its
 * receipt speaks for all; those before it are `<id>#1`, `<id>#2` ... Nobody speaks for a message of which something cannot be shown: its agent is told so at once.
 */
const partMark = /#\d+$/

export function partIds(id: string, contents: readonly Content[]): string[] {
  const speaker = contents.some(content => content.kind === 'unsupported') ? -1 : contents.length - 1
  return contents.map((_, index) => (index === speaker ? id : `${id}#${index + 1}`))
}
export function genesysId(messageId: string): string {
  return messageId.replace(partMark, '')
}
export function speaksForAll(messageId: string): boolean {
  return !partMark.test(messageId)
}
