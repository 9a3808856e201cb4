/** JSON Pointers (RFC 6901): the places of a document, as the API's errors name them. */
export function parsePointer(pointer: string): string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
export function joinPointer(root: string, ...names: readonly string[]): string {
  return root + names.map(name => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function valueAt(document: unknown, pointer: string): unknown {
  return parsePointer(pointer).reduce<unknown>((at, name) => {
    if (Array.isArray(at)) return at[Number(name)]
    return isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }, document)
}

/** A copy of the document with another value there; `undefined` takes the member out. What is on the way and not there is made. */
export function withValue<T>(document: T, pointer: string, value: unknown): T {
  return put(document, parsePointer(pointer), value) as T
}
function put(at: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  if (Array.isArray(at)) {
    const next = put(at[Number(name)], rest, value)
    return next === undefined ? at.filter((_, index) => index !== Number(name)) : at.with(Number(name), next)
  }
  const members = new Map(Object.entries(isRecord(at) ? at : {}))
  const next = put(members.get(name), rest, value)
  if (next === undefined) members.delete(name)
  else members.set(name, next)
  return Object.fromEntries(members)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
