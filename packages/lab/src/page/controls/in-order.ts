/** Keys for the parts of something that never changes its order: spans of a text, rows of buttons, steps of a script. */
export function inOrder<T>(items: readonly T[]): { key: number; item: T }[] {
  return items.map((item, key) => ({ key, item }))
}
