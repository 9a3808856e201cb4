import type { Failure, PlatformCall, ReasonCode } from '../contract/index.ts'

/** What was refused may go another way: the first of these that the call offers, else it is refused for good. */
export function otherwise(call: PlatformCall, names: readonly string[], why: string, code?: ReasonCode): Failure {
  const name = names.find(each => call.alternatives?.[each] !== undefined)
  if (name !== undefined) return { kind: 'alternative', name, why }
  return { kind: 'content', why, ...(code === undefined ? {} : { code }) }
}
