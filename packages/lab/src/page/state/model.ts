import type {
  Account,
  Conversation,
  Desk,
  DeskEntry,
  DeskTimeline,
  Exchange,
  Fault,
  Journey,
  LabEvent,
  LabInfo,
  Phone,
  PhoneEntry,
  PhoneTimeline,
  SimulatorFaults,
} from '../../protocol.ts'
import type { Timeline } from './timeline.ts'

/**
 * `connecting`: nothing loaded yet. `unreachable`: nothing loaded yet, and the first attempt failed. `live`: what is shown is so now.
 * `stale`: the stream is lost, or what was missed is being loaded; what is shown was so at `since`.
 */
export interface Connection {
  status: 'connecting' | 'unreachable' | 'live' | 'stale'
  since?: string
}

/** The parts of the page that can be out of sight on a narrow screen. */
export type Panel = 'phone' | 'journey' | 'desk'

export interface LabState {
  connection: Connection
  info?: LabInfo
  /** by `accountKey` */
  accounts: Record<string, Account>
  phones: Record<string, Phone>
  phoneTimelines: Record<string, Timeline<PhoneEntry>>
  /** business messages that came to a phone which was out of sight */
  phoneUnread: Record<string, number>
  desks: Record<string, Desk>
  conversations: Record<string, Conversation>
  deskTimelines: Record<string, Timeline<DeskEntry>>
  /** customers' messages of conversations which were out of sight */
  deskUnread: Record<string, number>
  /** by direction and message */
  journeys: Record<string, Journey>
  /** latest first */
  exchanges: Exchange[]
  faults: Fault[]
  catalog: SimulatorFaults[]
  /** which business the phone writes to, which phone is in hand, which conversation is open at the desk */
  account?: string
  phone?: string
  conversation?: string
  /** grows whenever another phone is taken in hand; not when a blank one becomes a guest's with its first message */
  hand: number
  visible: Record<Panel, boolean>
  /** what a screen reader says; `seq` makes equal sentences two */
  announcement: { seq: number; text: string }
}

/** What `GET` answered for the whole page, in one piece, so that no half of it is ever shown. */
export interface Snapshot {
  info: LabInfo
  accounts: Account[]
  phones: Phone[]
  desks: Desk[]
  conversations: Conversation[]
  journeys: Journey[]
  exchanges: Exchange[]
  faults: Fault[]
  catalog: SimulatorFaults[]
}

export type LabChange =
  | { type: 'events'; events: LabEvent[] }
  | { type: 'loaded'; snapshot: Snapshot }
  | { type: 'phoneLoaded'; timeline: PhoneTimeline }
  | { type: 'deskLoaded'; timeline: DeskTimeline }
  | { type: 'connected' }
  /** `at`: when the page last knew that it was up to date */
  | { type: 'disconnected'; at: string }
  /** answers of own actions, in case the stream does not tell of them */
  | { type: 'acted'; phoneEntries?: PhoneEntry[]; deskEntries?: DeskEntry[] }
  /** a new guest's; `of`: the blank phone of this account that became it, if it was not put away meanwhile */
  | { type: 'phoneMade'; phone: Phone; of?: string }
  | { type: 'faultsRead'; faults: Fault[] }
  | { type: 'accountChosen'; account: string }
  | { type: 'phoneChosen'; phone: string | undefined }
  | { type: 'conversationChosen'; conversation: string }
  | { type: 'panelsShown'; visible: Record<Panel, boolean> }

export function accountKey(platform: string, id: string): string {
  return `${platform}:${id}`
}

export const initialState: LabState = {
  connection: { status: 'connecting' },
  accounts: {},
  phones: {},
  phoneTimelines: {},
  phoneUnread: {},
  desks: {},
  conversations: {},
  deskTimelines: {},
  deskUnread: {},
  journeys: {},
  exchanges: [],
  faults: [],
  catalog: [],
  hand: 0,
  visible: { phone: true, journey: true, desk: true },
  announcement: { seq: 0, text: '' },
}
