import type { AgentPool } from '../http/index.ts'
import type { Service } from '../service/service.ts'
import type { FleetSettings } from '../settings/index.ts'
import type { NoticeFacts, Notifier } from './notice.ts'

export function createNotifier(options: { service: Service; settings: () => FleetSettings; agents: AgentPool }): Notifier {
  return {
    notify: (facts: NoticeFacts) => options.service.log.info({ notice: facts.event, tenant: facts.tenant?.id }, facts.message),
    close: async () => undefined,
  }
}
