import assert from 'node:assert/strict'
import type { InboundEvent } from '@um/shared/contract'

/** Ways to change a genuine request a little. */
export function memberOf(record: Record<string, string> | undefined, name: string): string {
  const found = Object.entries(record ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())
  assert.ok(found, `the sample has no ${name}`)
  return found[1]
}
export function without(record: Record<string, string> | undefined, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([key]) => key.toLowerCase() !== name.toLowerCase()))
}
/** The middle character differs, also where letter case does not matter. */
export function altered(value: string): string {
  const middle = value.length >> 1
  return value.slice(0, middle) + (value[middle] === '0' ? '1' : '0') + value.slice(middle + 1)
}

/** The same JSON with fields that nobody knows, all its numbers as they were written; undefined when it is none. */
export function extendedJson(body: string | Buffer, openMaps: readonly string[]): string | undefined {
  const text = body.toString()
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  // integers that JSON.parse would round travel as marked strings
  const exact = text.replace(/([:[,]\s*)(\d{16,})(?=\s*[,}\]])/g, '$1"um:exact:$2"')
  return JSON.stringify(withUnknownFields(JSON.parse(exact), openMaps)).replace(/"um:exact:(\d+)"/g, '$1')
}
function withUnknownFields(value: unknown, openMaps: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map(item => withUnknownFields(item, openMaps))
  if (value === null || typeof value !== 'object') return value
  const known = Object.entries(value).map(([key, member]) => [key, openMaps.includes(key) ? member : withUnknownFields(member, openMaps)])
  return { ...Object.fromEntries(known), um_unknown_field: { nested: [1, 'two'] } }
}
/** The original of what is not understood is kept whole, so it differs with every field. */
export function withoutRaw(event: InboundEvent): unknown {
  return JSON.parse(JSON.stringify(event, (key, value: unknown) => (key === 'raw' ? undefined : value)))
}
