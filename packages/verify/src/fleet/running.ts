import { chaosKinds, labChaosKinds } from '../chaos/kinds.ts'
import { LabClient } from '../lab/client.ts'
import type { VerifyOptions } from '../options.ts'
import { FleetApi } from './api.ts'
import type { Subject } from './subject.ts'
import { makeTenants, type RunTenant, removeTenants } from './tenants.ts'

interface StoredStorage {
  id: string
  isDefault: boolean
}

/** A fleet that runs already, with the Lab: only what the Lab offers can be broken. */
export async function attach(running: NonNullable<VerifyOptions['running']>, tenantCount: number): Promise<Subject> {
  const lab = new LabClient(running.labUrl)
  const { simulators } = await lab.info()
  const urlOf = (id: string): string => {
    const found = simulators.find(simulator => simulator.id === id)
    if (found === undefined) throw new Error(`the Lab at ${running.labUrl} has no simulator "${id}"`)
    return found.url
  }
  const api = running.admin === undefined ? undefined : new FleetApi(running.gatewayUrl, running.admin)
  let tenants: readonly RunTenant[]
  if (api === undefined) {
    tenants = (await lab.accounts())
      .filter(({ platform, webhook }) => platform === 'telegram' && webhook.url.startsWith(running.gatewayUrl))
      .map(({ id }) => ({ id, bot: id }))
    if (tenants.length === 0)
      throw new Error(`no bot of the Lab has a webhook at ${running.gatewayUrl}; with --user and --password the run makes tenants of its own`)
  } else {
    const storage = (await api.list<StoredStorage>('/storages')).find(({ isDefault }) => isDefault)
    tenants = await makeTenants(api, { telegram: urlOf('telegram'), genesys: urlOf('genesys') }, tenantCount, storage?.id ?? null)
  }
  return {
    gatewayUrl: running.gatewayUrl,
    labUrl: running.labUrl,
    tenants,
    description: `the fleet at ${running.gatewayUrl}, ${tenants.length} tenant${tenants.length === 1 ? '' : 's'}${api === undefined ? ' of its own' : ' made for this run'}`,
    spared: chaosKinds.filter(kind => !labChaosKinds.some(possible => possible === kind)),
    breakDown: async action => {
      throw new Error(`a running fleet cannot be broken from outside (${action.do})`)
    },
    heal: async () => undefined,
    busy: async () => [],
    incidents: () => [],
    close: async () => {
      if (api !== undefined) await removeTenants(api, tenants)
    },
  }
}
