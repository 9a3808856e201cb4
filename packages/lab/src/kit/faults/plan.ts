import type { ServerResponse } from 'node:http'
import type { Hit } from './board.ts'

/** What the faults that struck mean for one request. */
export interface Plan {
  delayMs: number
  /** instead of carrying it out */
  before?: Hit
  /** instead of answering, once it was carried out */
  after?: Hit
  /** id of the first fault, for the exchange log */
  fault?: string
}

const undisturbed: Plan = { delayMs: 0 }

/** Delays add up; of several refusals the oldest counts. */
export function planOf(hits: readonly Hit[]): Plan {
  if (hits.length === 0) return undisturbed
  const plan: Plan = { delayMs: 0 }
  for (const hit of hits) {
    plan.fault ??= hit.fault
    if (hit.kind === 'slow') plan.delayMs += Number(hit.params.ms)
    else if (hit.params.when === 'after') plan.after ??= hit
    else plan.before ??= hit
  }
  return plan
}

/** Carries out `reset` and `hang`; false when the hit is something that the simulator must answer in its platform's words. */
export function silence(hit: Hit, res: ServerResponse): boolean {
  if (hit.kind === 'reset') {
    // an RST rather than a FIN: what a crashed process or a firewall does
    res.socket?.resetAndDestroy()
    return true
  }
  return hit.kind === 'hang'
}
