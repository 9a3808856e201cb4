import { randomBytes } from 'node:crypto'
import { BoundedMap } from '../../kit/bounded-map.ts'
import type { AccountState, ChatState } from '../../kit/messenger/index.ts'
import type { TokenBucket } from '../../kit/rate-limit.ts'

/** An app as its page at api.slack.com shows it. */
export interface App {
  readonly appId: string
  readonly clientId: string
  clientSecret: string
  signingSecret: string
  requestUrl: string
  interactivityUrl: string
  redirectUrls: string[]
  /** "Token rotation" of the app: tokens live twelve hours */
  rotation: boolean
}
/** A workspace, and how the app is installed there. */
export interface Workspace {
  readonly team: string
  readonly app: App
  readonly enterprise: { id: string; name: string } | undefined
  install: Install | undefined
  /** an administrator of the workspace can forbid files */
  takesFiles: boolean
  readonly files: BoundedMap<string, UploadedFile>
  readonly buckets: Map<string, TokenBucket>
}
export interface Install {
  readonly botUserId: string
  readonly botId: string
  token: string
  refreshToken: string | undefined
  expiresAt: number | undefined
  isRevoked: boolean
}
export interface UploadedFile {
  readonly id: string
  name: string
  readonly length: number
  /** media id, once the bytes are there */
  media: string | undefined
}
/** A person in the workspace. */
export interface Person {
  readonly user: string
  readonly channel: string
  isDisabled: boolean
}
export type SlackAccount = AccountState<Workspace>
export type Chat = ChatState<Workspace, Person>

export interface SlackLimits {
  /** https://docs.slack.dev/apis/web-api/rate-limits */
  messagesPerSecondAndChannel: number
  callsPerMinute: number
}
export const realLimits: SlackLimits = { messagesPerSecondAndChannel: 1, callsPerMinute: 100 }
export const generousLimits: SlackLimits = { messagesPerSecondAndChannel: 10_000, callsPerMinute: 1_000_000 }

const rememberedFiles = 5000
export function newWorkspace(team: string, app: App, enterprise: Workspace['enterprise']): Workspace {
  return { team, app, enterprise, install: undefined, takesFiles: true, files: new BoundedMap(rememberedFiles), buckets: new Map() }
}

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'
export function slackId(prefix: string): string {
  return `${prefix}0${Array.from(randomBytes(9), byte => alphabet[byte % alphabet.length]).join('')}`
}
export function slackToken(kind: 'xoxb' | 'xoxe.xoxb' | 'xoxe'): string {
  return `${kind}-${randomBytes(24).toString('hex')}`
}

/** Message ids are times, unique in their channel: seconds and six digits. */
export class Clock {
  private last = 0
  next(now: number): string {
    this.last = Math.max(now * 1000, this.last + 1)
    return `${Math.floor(this.last / 1_000_000)}.${String(this.last % 1_000_000).padStart(6, '0')}`
  }
}
