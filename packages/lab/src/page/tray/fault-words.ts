import type { Fault, FaultKind, FaultParam } from '../../protocol.ts'

/** How often a fault has struck, and how often it still will. Nothing for a service that is away as a whole: nobody counts what does not reach it. */
export function hitsInWords({ hits, times }: Pick<Fault, 'hits' | 'times'>, on: FaultKind['on'] | undefined): string | undefined {
  if (on === 'service') return undefined
  if (times !== undefined) return `${hits} of ${times} hits`
  return hits === 1 ? '1 hit' : `${hits} hits`
}

/** A value that a person typed, in the type that the fault wants; the default when it is none. */
export function readParam(param: FaultParam, typed: string): number | string | boolean {
  if (param.type === 'boolean') return typed === 'true'
  if (param.type === 'choice') return param.choices?.some(choice => choice.value === typed) === true ? typed : param.default
  const value = Number(typed)
  if (typed.trim() === '' || !Number.isFinite(value)) return param.default
  return Math.min(Math.max(value, param.min ?? value), param.max ?? value)
}

export const endings = [
  { key: 'never', title: 'by hand' },
  { key: 'once', title: 'after 1 hit', times: 1 },
  { key: 'three', title: 'after 3 hits', times: 3 },
  { key: 'ten', title: 'after 10 hits', times: 10 },
  { key: 'half', title: 'after 30 s', forSeconds: 30 },
  { key: 'minutes', title: 'after 5 min', forSeconds: 300 },
] as const
export type Ending = (typeof endings)[number]['key']

/** What ends a fault by itself, as members of a NewFault. */
export function endingOf(key: Ending): { times?: number; forSeconds?: number } {
  const ending = endings.find(known => known.key === key)
  if (ending === undefined) return {}
  if ('times' in ending) return { times: ending.times }
  return 'forSeconds' in ending ? { forSeconds: ending.forSeconds } : {}
}

const groups: Record<FaultKind['on'], string> = {
  requests: 'When the fleet asks the platform',
  webhooks: 'When the platform tells the fleet',
  service: 'The platform as a whole',
}
export function groupTitle(on: FaultKind['on']): string {
  return groups[on]
}
