/** The entry of a table whose name a platform has chosen: nothing that objects have by themselves, like `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
