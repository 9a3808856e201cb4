import type { DemoTenant } from '../seed-documents.ts'
import type { LabContext } from './context.ts'
import type { GuestSide, Ownership, Simulator } from './simulator.ts'

/** A messaging platform of the Lab: its simulator, and the tenant that demonstrates it. */
export interface LabPlatform<S extends Simulator & GuestSide = Simulator & GuestSide, O extends { port?: number } = { port?: number }> {
  start(context: LabContext, owners: Ownership, options: O): Promise<S>
  /** Adds the demo's account to the simulator, and says how a tenant reaches it. */
  demo(side: S): DemoTenant
}
export function definePlatform<S extends Simulator & GuestSide, O extends { port?: number }>(platform: LabPlatform<S, O>): LabPlatform<S, O> {
  return platform
}
