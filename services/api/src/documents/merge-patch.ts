import { isPlain } from './checked.ts'

/** RFC 7396. Builds new objects, so that a member named `__proto__` is a member like any other. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch
  const members = new Map(Object.entries(isPlain(target) ? target : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name)
    else members.set(name, mergePatch(members.get(name), value))
  }
  return Object.fromEntries(members)
}
