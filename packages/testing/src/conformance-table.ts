import type { Capability, ContentKind, Definition } from '@um/shared/contract'

export const tableBegin = '<!-- capabilities:begin (generated from definition.ts) -->'
export const tableEnd = '<!-- capabilities:end -->'

const names = {
  text: 'Text',
  attachment: 'Images, audio, video, files',
  sticker: 'Stickers',
  location: 'Locations',
  contact: 'Contacts',
  structured: 'Quick replies, buttons, cards, pickers, forms',
  choice: 'Choices',
  typing: 'Typing',
  system: 'System messages',
  edit: 'Edited messages',
  withdrawn: 'Withdrawn messages',
  reaction: 'Reactions',
  unsupported: 'Anything else',
} satisfies Record<ContentKind, string>

const levels = {
  native: 'as it is',
  partial: 'within the limits',
  fallback: 'as text',
  reject: 'refused, with a failed receipt',
} satisfies Record<Capability['level'], string>

/** A connector's capabilities as the Markdown table of its README, markers included, laid out as the formatter wants it. */
export function capabilityTable(definition: Definition): string {
  const rows = Object.entries(names).map(([kind, name]) => {
    const capability = definition.capabilities[kind as ContentKind] ?? { level: 'fallback' as const }
    return [name, levels[capability.level], limits(capability)]
  })
  const table = [['What is sent', `How the ${definition.role === 'messaging' ? 'guest' : 'agent'} gets it`, 'Limits'], ...rows]
  const widths = [0, 1, 2].map(column => Math.max(...table.map(row => row[column]?.length ?? 0)))
  const line = (cells: readonly string[], fill: string): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`
  const [head = [], ...body] = table
  return [tableBegin, '', line(head, ' '), line(['', '', ''], '-'), ...body.map(row => line(row, ' ')), '', tableEnd].join('\n')
}

function limits(capability: Capability): string {
  const { maxText, maxCaption, maxItems, maxBytes, mimes, templates } = capability
  return [
    maxText === undefined ? [] : `${count(maxText)} characters`,
    maxCaption === undefined ? [] : `caption ${count(maxCaption)} characters`,
    maxItems === undefined ? [] : `${count(maxItems)} options`,
    maxBytes === undefined ? [] : bytes(maxBytes),
    mimes === undefined ? [] : mimes.join(', '),
    templates === undefined ? [] : templates.join(', '),
  ]
    .flat()
    .join('; ')
}
function count(value: number): string {
  return value.toLocaleString('en-US')
}
function bytes(value: number): string {
  if (value % 2 ** 20 === 0) return `${count(value / 2 ** 20)} MiB`
  return value % 2 ** 10 === 0 ? `${count(value / 2 ** 10)} KiB` : `${count(value)} bytes`
}

/** A README with its generated block renewed; throws when the markers are missing. */
export function withCapabilityTable(readme: string, definition: Definition): string {
  const begin = readme.indexOf(tableBegin)
  const end = readme.indexOf(tableEnd)
  if (begin < 0 || end < begin) throw new Error(`README.md has no block between ${tableBegin} and ${tableEnd}`)
  return readme.slice(0, begin) + capabilityTable(definition) + readme.slice(end + tableEnd.length)
}
