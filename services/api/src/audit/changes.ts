/** JSON pointers of the leaves in which two documents differ. Arrays are compared as a whole. */
export function changedPointers(before: unknown, after: unknown, root = ''): string[] {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].sort().flatMap(name => changedPointers(before[name], after[name], `${root}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`))
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [root]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
