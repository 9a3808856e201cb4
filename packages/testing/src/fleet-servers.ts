import { join } from 'node:path'
import { allSettled } from './all-settled.ts'
import type { FleetOptions, LinkedServer } from './fleet-options.ts'
import { type RabbitServer, startRabbit } from './rabbitmq.ts'
import { type RedisServer, startRedis } from './redis.ts'
import { ownsRedis } from './repository.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** RabbitMQ, a Redis per service, and the wires to them. */
export interface Servers {
  readonly broker: RabbitServer
  redis(service: string): RedisServer | undefined
  link(service: string, to: LinkedServer): TcpProxy | undefined
  /** as the service is told them: those of the wires, if there are any */
  redisUrl(service: string): string | undefined
  rabbitUrl(service: string): string
}

export async function startServers(services: readonly string[], password: string, options: FleetOptions, cleanup: AsyncDisposableStack): Promise<Servers> {
  const redis = new Map<string, RedisServer>()
  const links = new Map<string, TcpProxy>()
  const serverOptions = (folder: string) => ({
    password,
    ...(options.dataDir !== undefined && { dataDir: join(options.dataDir, folder) }),
    ...(options.signal !== undefined && { signal: options.signal }),
  })

  async function ownBroker(): Promise<RabbitServer> {
    const started = await startRabbit(serverOptions('rabbitmq'))
    cleanup.defer(started.stop)
    return started
  }
  async function redisOf(service: string): Promise<void> {
    const started = await startRedis(serverOptions(`redis-${service}`))
    cleanup.defer(started.stop)
    redis.set(service, started)
  }
  async function linkOf(service: string, to: LinkedServer, server: { host: string; port: number }): Promise<void> {
    const started = await startTcpProxy(server)
    cleanup.defer(started.stop)
    links.set(`${service} ${to}`, started)
  }

  const [broker] = await allSettled([options.broker ?? ownBroker(), allSettled(services.filter(ownsRedis).map(redisOf))])
  if (options.links === true) {
    await allSettled(services.map(service => linkOf(service, 'rabbitmq', broker)))
    await allSettled([...redis].map(([service, server]) => linkOf(service, 'redis', server)))
  }

  const link = (service: string, to: LinkedServer): TcpProxy | undefined => links.get(`${service} ${to}`)
  return {
    broker,
    redis: service => redis.get(service),
    link,
    redisUrl: service => {
      const url = redis.get(service)?.url
      return url === undefined ? undefined : (link(service, 'redis')?.url(url) ?? url)
    },
    rabbitUrl: service => link(service, 'rabbitmq')?.url(broker.url) ?? broker.url,
  }
}
