import { type RabbitServer, type RedisServer, type Replica, startRedis } from '@um/testing'
import type { Cgroup } from './cgroup.ts'
import type { Running } from './running.ts'
import { registeredCount, seedConfiguration } from './seed.ts'
import { pidOf, portOf, type ServiceOptions, serviceProcess, waitUntil } from './service.ts'
import type { World } from './world.ts'

export type ConnectorName = 'telegram-connector' | 'gcloudcx-connector'
export const connectors: readonly ConnectorName[] = ['telegram-connector', 'gcloudcx-connector']

export interface RelayOptions {
  broker: RabbitServer
  world: World
  tenants: number
  /** of each connector; default 1 */
  replicas?: number
  /** default: without limits */
  cgroupOf?: (service: string, number: number) => Cgroup | undefined
  programOf?: (service: string) => ServiceOptions['program']
  flags?: readonly string[]
  memoryMiB?: number
  storage?: boolean
  serviceUrls?: ReadonlyMap<string, string>
  /** with the Redis of each connector, before its processes start */
  seed?: (service: ConnectorName, redis: RedisServer) => Promise<void>
  /** default 120 */
  readyWithinSeconds?: number
  /** for all tenants to be registered at their platforms; default 120 */
  registeredWithinSeconds?: number
}
export interface Relay extends Running {
  replicas(service: ConnectorName): readonly Replica[]
  redis(service: ConnectorName): RedisServer
}

/** telegram-connector and gcloudcx-connector, each with its Redis, on a broker that is there already. Ready when all tenants are registered. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  await using cleanup = new AsyncDisposableStack()
  const { broker, world, tenants, replicas: count = 1 } = options
  const servers = new Map<ConnectorName, RedisServer>()
  const replicas = new Map<ConnectorName, Replica[]>()
  for (const service of connectors) {
    const redis = await startRedis()
    cleanup.defer(redis.stop)
    servers.set(service, redis)
    await seedConfiguration(redis, tenants, { telegram: world.telegramUrl, genesys: world.genesysUrl, ...(options.storage ? { s3: world.s3Url } : {}) })
    await options.seed?.(service, redis)
    const processes = await Promise.all(
      Array.from({ length: count }, (_, number) => {
        const program = options.programOf?.(service)
        return serviceProcess({
          service,
          number,
          broker,
          redis,
          cgroup: options.cgroupOf?.(service, number),
          ...(program === undefined ? {} : { program }),
          ...(options.flags === undefined ? {} : { flags: options.flags }),
          ...(options.memoryMiB === undefined ? {} : { memoryMiB: options.memoryMiB }),
          ...(options.serviceUrls === undefined ? {} : { serviceUrls: options.serviceUrls }),
        })
      }),
    )
    replicas.set(service, processes)
  }
  const all = [...replicas.values()].flat()
  cleanup.defer(async () => void (await Promise.all(all.map(replica => replica.stop()))))
  await Promise.all(all.map(replica => replica.start({ withinMs: (options.readyWithinSeconds ?? 120) * 1000 })))
  for (const [service, server] of servers) {
    await waitUntil(
      async () => (await registeredCount(server)) === tenants,
      `${service}: registration of ${tenants} tenants`,
      options.registeredWithinSeconds ?? 120,
    )
  }

  const running = cleanup.move()
  const of = <T>(map: ReadonlyMap<ConnectorName, T>, service: ConnectorName): T => {
    const found = map.get(service)
    if (found === undefined) throw new Error(`there is no ${service}`)
    return found
  }
  return {
    name: 'relay',
    ports: { telegram: of(replicas, 'telegram-connector').map(portOf), openmessaging: of(replicas, 'gcloudcx-connector').map(portOf) },
    processes: new Map([
      ...connectors.map(service => [service, of(replicas, service).map(pidOf)] as const),
      ['rabbitmq', broker.pids()],
      ...connectors.map(service => [`redis of ${service}`, of(servers, service).pids()] as const),
      ['load generator', [world.pid]],
    ]),
    replicas: service => of(replicas, service),
    redis: service => of(servers, service),
    stop: () => running.disposeAsync(),
  }
}
