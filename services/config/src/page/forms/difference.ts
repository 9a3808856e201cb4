import { isRecord, joinPointer, valueAt, withValue } from './pointer.ts'

/** The places at which two documents differ: leaves, and lists as a whole. */
export function differences(a: unknown, b: unknown, at = ''): string[] {
  if (same(a, b)) return []
  if (isRecord(a) && isRecord(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return names.flatMap(name => differences(a[name], b[name], joinPointer(at, name)))
  }
  return [at]
}

/** JSON values; a member that is undefined is one that is not there, whatever the order of members. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]))
  if (!isRecord(a) || !isRecord(b)) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(name => same(a[name], b[name]))
}

/** What somebody else has saved, with what was changed here put on top: where both changed something, ours stays. */
export function combined<T>(base: T, ours: T, theirs: T): T {
  return differences(base, ours).reduce((document, pointer) => withValue(document, pointer, valueAt(ours, pointer)), theirs)
}
