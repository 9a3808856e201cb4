type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T]
export type Compact<T> = { [K in Exclude<keyof T, Optional<T>>]: T[K] } & { [K in Optional<T>]?: Exclude<T[K], undefined> }

/** The same members without the undefined ones: the contract and JSON know absent members only. */
export function compact<T extends object>(members: T): Compact<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Compact<T>
}
