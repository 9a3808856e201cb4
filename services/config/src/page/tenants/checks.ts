import type { JourneySummary, PartStatus, Storage, Tenant } from '../api/types.ts'

export interface Check {
  id: 'credentials' | 'webhook' | 'cx' | 'storage' | 'guestMessage' | 'agentMessage'
  state: 'done' | 'wrong' | 'open' | 'busy'
  why?: string
}

/** What has to be there for a tenant to work, in the order in which it comes about. `journeys`: the tenant's latest; undefined: not known. */
export function checks(tenant: Tenant | undefined, storages: readonly Storage[] | undefined, journeys: readonly JourneySummary[] | undefined): Check[] {
  const { messaging, cxPlatform } = tenant?.status ?? {}
  const storageId = tenant?.messaging.storageId ?? null
  const hasStorage = storages?.some(storage => (storageId === null ? storage.isDefault : storage.id === storageId)) === true
  const reached = (direction: JourneySummary['direction']) => journeys?.some(journey => journey.direction === direction && journey.state === 'done') === true
  return [
    { id: 'credentials', ...credentialsOf(messaging) },
    { id: 'webhook', ...registrationOf(messaging) },
    { id: 'cx', ...registrationOf(cxPlatform) },
    { id: 'storage', state: hasStorage ? 'done' : 'open' },
    { id: 'guestMessage', state: reached('toAgent') ? 'done' : 'open' },
    { id: 'agentMessage', state: reached('toGuest') ? 'done' : 'open' },
  ]
}

function credentialsOf(status: PartStatus | undefined): Pick<Check, 'state' | 'why'> {
  const checked = status?.steps.find(({ step }) => step === 'check')
  if (status?.status === 'paused') return wrong(status)
  if (checked !== undefined) return checked.ok ? { state: 'done' } : wrong(status, checked.message)
  return registrationOf(status)
}
function registrationOf(status: PartStatus | undefined): Pick<Check, 'state' | 'why'> {
  switch (status?.status) {
    case 'working':
      return { state: 'done' }
    case 'failing':
    case 'paused':
      return wrong(status)
    case 'registering':
      return { state: 'busy' }
    default:
      return { state: 'open' }
  }
}
function wrong(status: PartStatus | undefined, message?: string): Pick<Check, 'state' | 'why'> {
  const why = message ?? status?.lastError ?? undefined
  return why === undefined ? { state: 'wrong' } : { state: 'wrong', why }
}
