/**
 * Slack's text: entities in angle brackets, and exactly three characters escaped. https://docs.slack.dev/messaging/formatting-message-text
 */
export function decode(text: string): string {
  return text
    .replace(/<([^<>]+)>/g, (_whole, entity: string) => plain(entity))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
function plain(entity: string): string {
  const bar = entity.indexOf('|')
  const [target, label] = bar < 0 ? [entity, ''] : [entity.slice(0, bar), entity.slice(bar + 1)]
  if (target.startsWith('@')) return `@${label || target.slice(1)}`
  if (target.startsWith('#')) return `#${label || target.slice(1)}`
  if (target.startsWith('!date^')) return label
  if (target.startsWith('!')) return label || `@${target.slice(1).split('^')[0]}`
  if (target.startsWith('mailto:')) return label || target.slice('mailto:'.length)
  return label === '' || label === target ? target : `${label} (${target})`
}

export function encode(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
