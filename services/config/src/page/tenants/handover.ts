import type { Plain } from '../api/types.ts'
import { isRecord } from '../forms/pointer.ts'

/** What a new tenant's editor begins with, handed over by the page before (a duplicate, an imported file). It holds no more than its tab may know. */
let waiting: Plain | undefined

export function handOver(document: Plain): void {
  waiting = document
}
export function takeHandedOver(): Plain | undefined {
  const taken = waiting
  waiting = undefined
  return taken
}

/** A tenant from a file: an object with at least one part of a tenant. */
export function readTenantFile(text: string): Plain | undefined {
  try {
    const document: unknown = JSON.parse(text)
    if (!isRecord(document)) return undefined
    return ['messaging', 'cxPlatform', 'authentication'].some(part => isRecord(document[part])) ? document : undefined
  } catch {
    return undefined
  }
}

/** The same tenant once more: without what is its own alone. Secrets stay behind, they are not known here. */
export function duplicateOf(document: Plain, name: string): Plain {
  const { id: _own, ...rest } = document
  return { ...rest, name }
}
