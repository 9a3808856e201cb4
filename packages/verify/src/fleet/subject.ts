import type { Action } from '../chaos/actions.ts'
import type { ChaosKind } from '../chaos/kinds.ts'
import type { RunTenant } from './tenants.ts'

/** What is verified: a fleet with the Lab beside it, our own or one that runs already. */
export interface Subject {
  readonly gatewayUrl: string
  readonly labUrl: string
  readonly tenants: readonly RunTenant[]
  /** for people */
  readonly description: string
  /** kinds of breakage that are not to be had here */
  readonly spared: readonly ChaosKind[]
  /** Breaks something now and answers how to mend it; undefined: it is broken already. Platform faults are not its affair. */
  breakDown(action: Action): Promise<Mend | undefined>
  /** Everything runs and every wire is whole again. */
  heal(): Promise<void>
  /** what is still being handled, parked or spooled somewhere; empty: nothing, as far as this can be seen */
  busy(): Promise<readonly string[]>
  /** things that happened by themselves and should not have: processes that ended */
  incidents(): readonly string[]
  close(): Promise<void>
}
export type Mend = () => Promise<void>
