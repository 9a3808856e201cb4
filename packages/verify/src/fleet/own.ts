import { mkdirSync } from 'node:fs'
import { type Lab, startLab } from '@um/lab'
import { type Fleet, startFleet } from '@um/testing'
import { temporaryFolder } from '@um/testing/temporary-folder'
import { FleetApi } from './api.ts'
import { Breaker } from './breaker.ts'
import { provideClocks } from './clocks.ts'
import type { Subject } from './subject.ts'
import { makeTenants } from './tenants.ts'

/** The path of a message: what is killed, cut and slowed. */
export const services = ['telegram-connector', 'gcloudcx-connector', 'api', 'aws-provider'] as const

export interface OwnFleetOptions {
  replicas: number
  tenants: number
  /** what stands between the fleet and its servers can be cut */
  links: boolean
  /** the clocks of the first replicas can be moved */
  clocks: boolean
  logs?: string
  tell: (line: string) => void
}

/** Starts a fleet with its own servers behind wires, the Lab in this process, and tenants made over the REST API. */
export async function startOwnFleet(options: OwnFleetOptions): Promise<Subject> {
  await using cleanup = new AsyncDisposableStack()
  const folder = temporaryFolder('verify')
  cleanup.defer(folder.remove)
  const clocks = options.clocks ? await provideClocks(folder.path, options.tell) : undefined
  if (options.logs !== undefined) mkdirSync(options.logs, { recursive: true })
  const fleet = await startFleet({
    services,
    replicas: Object.fromEntries(services.map(service => [service, options.replicas])),
    links: options.links,
    env: { ALLOWED_PRIVATE_HOSTS: '127.0.0.1', LOG_LEVEL: 'INFO' },
    ...(clocks === undefined ? {} : { replicaEnv: (service, number) => (number === 0 ? clocks.environment(service) : {}) }),
    ...(options.logs === undefined ? {} : { logDir: options.logs }),
  })
  cleanup.defer(fleet.stop)
  // what a guest and an agent say in a whole run stays readable
  const lab = await startLab({ limits: { entries: 1000, conversations: 2000 } })
  cleanup.defer(lab.close)

  const api = new FleetApi(fleet.publicUrl, fleet.admin)
  const { id: storageId } = await api.create<{ id: string }>('/storages', storageDocument(lab))
  const tenants = await makeTenants(api, { telegram: lab.telegram.url, genesys: lab.genesys.url }, options.tenants, storageId)
  const breaker = new Breaker(fleet, services, clocks)
  const running = cleanup.move()
  return {
    gatewayUrl: fleet.publicUrl,
    labUrl: lab.url,
    tenants,
    description: `a fleet of its own, ${options.replicas} replica${options.replicas === 1 ? '' : 's'} of each of ${services.length} services, ${tenants.length} tenants`,
    spared: clocks === undefined ? ['clock'] : [],
    breakDown: action => breaker.breakDown(action),
    heal: () => breaker.heal(),
    busy: () => busyIn(fleet),
    incidents: () => breaker.incidents(),
    close: () => running.disposeAsync(),
  }
}

function storageDocument({ s3 }: Lab): object {
  const { accessKeyId, secretAccessKey } = s3.keys
  return {
    type: 'aws',
    name: 'verify',
    isDefault: true,
    purgeDelay: 300,
    settings: { accessKeyId, secretAccessKey, region: 'us-east-1', bucket: s3.bucket, apiUrl: s3.url, forcePathStyle: true },
  }
}

const gauges = /^um_(parked_conversations|conversations_in_hand|spooled_messages)(?:\{[^}]*\})? (\S+)$/gm

/** By the metrics of each replica. */
async function busyIn(fleet: Fleet): Promise<string[]> {
  const replicas = services.flatMap(service => fleet.replicas(service))
  const found = await Promise.all(
    replicas.map(async ({ name, healthUrl }) => {
      try {
        const text = await (await fetch(`${healthUrl}/metrics`, { signal: AbortSignal.timeout(5000) })).text()
        return [...text.matchAll(gauges)].filter(([, , value]) => Number(value) !== 0).map(([, gauge, value]) => `${name}: ${value} ${gauge}`)
      } catch {
        return [`${name}: does not tell`]
      }
    }),
  )
  return found.flat()
}
