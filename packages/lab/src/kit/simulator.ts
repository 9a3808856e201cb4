import type {
  Account,
  AgentAction,
  AgentActionResult,
  Audit,
  Conversation,
  Desk,
  DeskTimeline,
  GuestAction,
  GuestActionResult,
  List,
  NewPhone,
  Phone,
  PhoneTimeline,
  PlatformInfo,
} from '../protocol.ts'
import type { FaultBoard } from './faults/board.ts'

/** A simulated platform, as the control API sees it. */
export interface Simulator {
  readonly id: string
  readonly label: string
  /** base address for the fleet's settings */
  readonly url: string
  readonly isUp: boolean
  readonly faults: FaultBoard
  counters(): Record<string, number>
  audit(): Audit
  /** Forgets conversations and messages; accounts, integrations and faults stay. */
  reset(): void
  close(): Promise<void>
}

/** A simulator on which guests have phones. Methods that name something unknown throw ApiError `notFound`. */
export interface GuestSide {
  readonly platform: PlatformInfo
  accounts(): Account[]
  phones(limit: number): List<Phone>
  timeline(phone: string, limit: number): PhoneTimeline
  /** `account` is resolved; the phone may exist already */
  openPhone(account: string, guest: NonNullable<NewPhone['guest']>): { phone: Phone; created: boolean }
  removePhone(phone: string): void
  act(phone: string, action: GuestAction): Promise<GuestActionResult>
}

/** A simulator on which agents have a desk. */
export interface DeskSide {
  desks(): Desk[]
  conversations(limit: number, state: 'open' | 'ended' | undefined): List<Conversation>
  deskTimeline(conversation: string, limit: number): DeskTimeline
  agentActs(conversation: string, action: AgentAction): Promise<AgentActionResult>
}

/** Which tenant an account or an integration belongs to, as far as the seed knows. */
export interface Ownership {
  ofAccount(platform: string, account: string): { tenantId: string; tenantName: string } | undefined
  ofDesk(deskName: string): { tenantId: string; tenantName: string } | undefined
}
