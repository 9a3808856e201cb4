/** What the API answers, as far as the page reads it. Page and API are of one release and one origin: answers are trusted to have these shapes. */
export type Plain = Record<string, unknown>

export interface FieldError {
  pointer: string
  detail: string
}
export interface Step {
  step: string
  ok: boolean
  message?: string
  at: string
}
export type PartState = 'unknown' | 'registering' | 'working' | 'failing' | 'paused' | 'removed'
export interface PartStatus {
  status: PartState
  webhookUrl: string | null
  lastError: string | null
  facts: Record<string, string>
  steps: Step[]
  updatedAt: string | null
}
/** Whether messages pass at a part. paused: the tenant must act. broken: its platform does not answer. limited: it has told us to wait. */
export interface PartFlow {
  state: 'open' | 'paused' | 'broken' | 'limited'
  why: string | null
  since: string | null
  nextTryAt: string | null
  waitingMessages: number
}
export interface TenantPartStatus extends PartStatus {
  flow: PartFlow
}
export interface Tenant {
  id: string
  name: string
  subscriptionId: string | null
  enabled: boolean
  authentication: { type: 'basic'; username: string; password: string } | { type: 'none' }
  cxPlatform: { type: string; storageId: string | null; settings: Plain }
  commander: { enabled: boolean; useDefault: boolean; prefix: string; settings: Plain }
  messaging: { type: string; storageId: string | null; showSystemMessages: boolean; prefixAgentName: boolean; settings: Plain }
  status: { messaging: TenantPartStatus; cxPlatform: TenantPartStatus }
}
export interface Storage {
  id: string
  type: string
  name: string
  isDefault: boolean
  purgeDelay: number
  settings: Plain
  status: PartStatus
}
export interface Notifier {
  id: string
  type: string
  topic: 'Default' | 'Subscriptions'
  enabled: boolean
  settings: Plain
}
export interface FleetSettings {
  outboundProxy: string | null
  notifiers: Notifier[]
  commander: Plain
}
export interface NotifierTest {
  delivered: boolean
  status?: number
  answer: string
}
/** As the services have seen it. */
export interface NotifierStatus {
  id: string
  status: 'unknown' | 'working' | 'failing' | 'broken'
  lastSuccessAt: string | null
  lastError: { at: string; text: string } | null
}
export interface StorageCheck {
  ok: boolean
  steps: Step[]
  advice?: string
}

/** JSON Schema of settings, with the facts for forms that the API adds. */
export interface FieldSchema {
  type?: string
  title?: string
  description?: string
  default?: unknown
  enum?: readonly string[]
  options?: readonly { value: string; label: string }[]
  secret?: boolean
  advanced?: boolean
  readOnly?: boolean
  multiline?: boolean
  generated?: 'token' | 'uuid'
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  items?: FieldSchema
  properties?: Record<string, FieldSchema>
  required?: readonly string[]
  additionalProperties?: boolean | FieldSchema
}
export interface SettingsType {
  id: string
  label: string
  settings: FieldSchema
}
/** What an admin brings to the console of the platform, such as the manifest of an app. */
export interface PlatformDocument {
  name: string
  title: string
  help: string
  mime: string
}
export interface Platform extends SettingsType {
  role: 'messaging' | 'cx'
  media: string
  ingress: string | null
  webhookUrl: string | null
  documents: readonly PlatformDocument[]
}

export interface Replica {
  replica: string
  version: string
  startedAt: string
  ready: boolean
  lastSeenAt: string
}
export interface ServiceStatus {
  service: string
  label: string | null
  replicas: Replica[]
  /** an enabled tenant or a storage depends on it */
  needed: boolean
  queues: { waiting: number | null; consumers: number | null } | null
}
export interface FleetStatus {
  version: string
  deployment: string
  broker: 'up' | 'away'
  configurationRevision: number
  deadLetters: number
  services: ServiceStatus[]
}
export interface DeadLetter {
  id: string
  service: string
  reason: string
  why: string
  diedAt: string
  times: number
  type: string | null
  messageId: string | null
  tenantId: string | null
  guest: string | null
}

export type JourneyState = 'underway' | 'done' | 'stuck' | 'failed'
export interface JourneyHop {
  at: string
  service: string
  replica: string
  hop: string
  title: string
  outcome: 'ok' | 'wait' | 'bad' | 'note'
  platformId: string | null
  detail: Record<string, string | number | boolean>
}
export interface JourneySummary {
  message: string
  tenantId: string
  guest: string
  direction: 'toAgent' | 'toGuest'
  kind: string | null
  key: string | null
  platformIds: string[]
  text: string | null
  state: JourneyState
  summary: string
  stuckBecause: string | null
  incomplete: boolean
  startedAt: string
  lastAt: string
  tookMilliseconds: number | null
}
export interface Journey extends JourneySummary {
  hops: JourneyHop[]
  hopsLeftOut: number
}
export interface Me {
  user: string
  passwordChangedAt: string
  tokenExpiresAt: string
}
