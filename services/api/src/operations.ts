import type { Broker } from '@um/shared/amqp'
import type { CommandClient } from '@um/shared/commands'
import type { Definition, StorageDefinition } from '@um/shared/contract'
import type { Journal } from '@um/shared/journal'
import type { checkedNotifierSettings, TestAnswer } from '@um/shared/notify'
import type { Notifier } from '@um/shared/settings'
import { auditOperations } from './audit/operations.ts'
import type { AuditTrail } from './audit/trail.ts'
import type { RevokedTokens } from './auth/bearer.ts'
import type { CheckPassword } from './auth/login.ts'
import { authOperations } from './auth/operations.ts'
import type { Users } from './auth/users.ts'
import { backupOperations } from './backup/operations.ts'
import type { ConfigStore } from './config/store.ts'
import { deadLetterOperations } from './dead-letters/operations.ts'
import type { DeadLetters } from './dead-letters/store.ts'
import type { Operation } from './http/operation.ts'
import type { JourneyFinder } from './journeys/finder.ts'
import type { LiveJourneys } from './journeys/live.ts'
import { journeyOperations } from './journeys/operations.ts'
import type { RememberedAnswers } from './messages/idempotency.ts'
import { messageOperations } from './messages/operations.ts'
import type { MessageStates } from './messages/states.ts'
import type { AdmitCaller } from './messages/tenant-access.ts'
import { openApiOperations } from './openapi/operations.ts'
import { platformOperations } from './platforms/operations.ts'
import type { FlowReports } from './reports/flow.ts'
import type { NotifierReports } from './reports/notifiers.ts'
import type { Presences } from './reports/presence.ts'
import type { States } from './reports/states.ts'
import { notifierOperations } from './settings/notifier-operations.ts'
import { settingsOperations } from './settings/operations.ts'
import { neededServices } from './status/needed.ts'
import { statusOperations } from './status/operations.ts'
import type { QueueDepth } from './status/queues.ts'
import { storageOperations } from './storages/operations.ts'
import type { TryStorage } from './storages/provider.ts'
import { switchOperations } from './switch/operations.ts'
import { tenantOperations } from './tenants/operations.ts'
import { tryTenantOperations } from './tenants/try.ts'

export interface ApiParts {
  store: ConfigStore
  states: States
  flows: FlowReports
  presences: Presences
  notifierReports: NotifierReports
  letters: DeadLetters
  messageStates: MessageStates
  users: Users
  revoked: RevokedTokens
  audit: AuditTrail
  checkPassword: CheckPassword
  remembered: RememberedAnswers
  admit: AdmitCaller
  journal: Pick<Journal, 'tell'>
  journeys: JourneyFinder
  live: LiveJourneys
  broker: Broker
  commands: CommandClient
  connectors: ReadonlyMap<string, Definition>
  storages: ReadonlyMap<string, StorageDefinition>
  notifiers: ReturnType<typeof checkedNotifierSettings>
  tryStorage: TryStorage
  testNotifier(notifier: Pick<Notifier, 'id' | 'type' | 'settings'>): Promise<TestAnswer>
  queues(service: string): Promise<QueueDepth | undefined>
  announced(): Promise<void>
  signKey: Buffer
  sealKey: Buffer
  tokenLifetimeSeconds: number
  version: string
  deployment: string
  publicUrl: string
  now: () => Date
}

/** The whole API, below `/api/v1`. */
export function apiOperations(parts: ApiParts): Operation[] {
  const operations = [
    ...authOperations({ ...parts, key: parts.signKey }),
    ...tenantOperations(parts),
    ...tryTenantOperations(parts),
    ...storageOperations(parts),
    ...settingsOperations(parts),
    ...notifierOperations(parts),
    ...platformOperations(parts),
    ...messageOperations({ ...parts, states: parts.messageStates }),
    ...switchOperations(parts),
    ...deadLetterOperations(parts),
    ...journeyOperations(parts),
    ...backupOperations(parts),
    ...auditOperations(parts.audit),
    ...statusOperations({
      ...parts,
      isBrokerUp: () => parts.broker.isUp,
      revision: async () => (await parts.store.read()).revision,
      needed: async () => neededServices(await parts.store.read()),
      deadLetters: () => parts.letters.count(),
    }),
  ]
  return [...operations, ...openApiOperations(operations, parts)]
}
