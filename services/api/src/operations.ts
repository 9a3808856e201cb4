import type { Broker } from '@um/shared/amqp'
import type { Definition, StorageDefinition } from '@um/shared/contract'
import type { checkedNotifierSettings, TestAnswer } from '@um/shared/notify'
import type { Notifier } from '@um/shared/settings'
import { auditOperations } from './audit/operations.ts'
import type { AuditTrail } from './audit/trail.ts'
import type { RevokedTokens } from './auth/bearer.ts'
import type { CheckPassword } from './auth/login.ts'
import { authOperations } from './auth/operations.ts'
import type { Users } from './auth/users.ts'
import type { ConfigStore } from './config/store.ts'
import { deadLetterOperations } from './dead-letters/operations.ts'
import type { DeadLetters } from './dead-letters/store.ts'
import type { Operation } from './http/operation.ts'
import type { RememberedAnswers } from './messages/idempotency.ts'
import { messageOperations } from './messages/operations.ts'
import type { MessageStates } from './messages/states.ts'
import type { AdmitCaller } from './messages/tenant-access.ts'
import { openApiOperations } from './openapi/operations.ts'
import { platformOperations } from './platforms/operations.ts'
import type { Presences } from './reports/presence.ts'
import type { States } from './reports/states.ts'
import { settingsOperations } from './settings/operations.ts'
import { statusOperations } from './status/operations.ts'
import type { QueueDepth } from './status/queues.ts'
import { storageOperations } from './storages/operations.ts'
import type { TryStorage } from './storages/provider.ts'
import { tenantOperations } from './tenants/operations.ts'

export interface ApiParts {
  store: ConfigStore
  states: States
  presences: Presences
  letters: DeadLetters
  messageStates: MessageStates
  users: Users
  revoked: RevokedTokens
  audit: AuditTrail
  checkPassword: CheckPassword
  remembered: RememberedAnswers
  admit: AdmitCaller
  broker: Broker
  connectors: ReadonlyMap<string, Definition>
  storages: ReadonlyMap<string, StorageDefinition>
  notifiers: ReturnType<typeof checkedNotifierSettings>
  tryStorage: TryStorage
  testNotifier(notifier: Notifier): Promise<TestAnswer>
  queues(service: string): Promise<QueueDepth | undefined>
  announced(): Promise<void>
  signKey: Buffer
  tokenLifetimeSeconds: number
  version: string
  deployment: string
  replica: string
  publicUrl: string
  now: () => Date
}

/** The whole API, below `/api/v1`. */
export function apiOperations(parts: ApiParts): Operation[] {
  const operations = [
    ...authOperations({ ...parts, key: parts.signKey }),
    ...tenantOperations(parts),
    ...storageOperations(parts),
    ...settingsOperations(parts),
    ...platformOperations(parts),
    ...messageOperations({ ...parts, states: parts.messageStates }),
    ...deadLetterOperations(parts),
    ...auditOperations(parts.audit),
    ...statusOperations({
      ...parts,
      isBrokerUp: () => parts.broker.isUp,
      revision: async () => (await parts.store.read()).revision,
      deadLetters: () => parts.letters.count(),
    }),
  ]
  return [...operations, ...openApiOperations(operations, parts)]
}
