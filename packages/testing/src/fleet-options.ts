import type { RunningProcess } from './process.ts'
import type { RabbitServer } from './rabbitmq.ts'
import type { RedisServer } from './redis.ts'
import type { Replica } from './replica.ts'
import type { TcpProxy } from './tcp-proxy.ts'

export interface FleetOptions {
  /** default: all that exist */
  services?: readonly string[]
  /** how many processes of a service; default 1 */
  replicas?: Readonly<Record<string, number>>
  /** for all services, over what they get anyway */
  env?: Readonly<Record<string, string>>
  /** for one replica, over that; replicas are counted from 0 */
  replicaEnv?: (service: string, number: number) => Readonly<Record<string, string>>
  /** a broker that is shared with somebody else, and is left running; default: one of its own */
  broker?: RabbitServer
  /** services talk to Redis and RabbitMQ through wires that can be cut: see `Fleet.link` */
  links?: boolean
  /** starts again what dies, and tells so; default: what dies stays dead */
  reviveAndTell?: (line: string) => void
  gateway?: { host?: string; port?: number; links?: readonly { label: string; href: string }[] }
  admin?: { user?: string; password?: string }
  /** default: generated. Kept data can be read only with those that it was written with. */
  secrets?: FleetSecrets
  /** the memory that each service's V8 is tuned for; default: the 64 MiB of the chart's limits */
  memoryMiB?: number
  /** kept after `stop`; default: a temporary folder that goes with the fleet */
  dataDir?: string
  /** kept after `stop`; default: with the data */
  logDir?: string
  /** other programs that speak as services do (health, environment), by name, instead of services of this repository */
  programs?: Readonly<Record<string, { command: readonly [string, ...string[]]; path?: `/${string}` }>>
  /** gives up while it starts; what has been started is stopped */
  signal?: AbortSignal
}

export interface FleetSecrets {
  /** SECRET_KEY: encrypts what is at rest */
  key: string
  /** INTERNAL_TOKEN: between services */
  token: string
  /** password of RabbitMQ and of all Redis */
  servers: string
}

export type LinkedServer = 'redis' | 'rabbitmq'

export interface Fleet {
  /** the gateway: PUBLIC_URL of all services */
  readonly publicUrl: string
  readonly broker: RabbitServer
  readonly secrets: FleetSecrets
  readonly admin: { user: string; password: string }
  /** paths of the gateway, and the service behind each */
  readonly paths: ReadonlyMap<string, string>
  replica(service: string, number?: number): Replica
  replicas(service: string): readonly Replica[]
  /** base URLs of a service's replicas, past the gateway */
  urls(service: string): readonly string[]
  /** those that have been started, dead ones included */
  processes(service: string): readonly RunningProcess[]
  redis(service: string): RedisServer
  /** the wire of all replicas of a service; only with the option `links` */
  link(service: string, to: LinkedServer): TcpProxy
  /** each replica in turn: SIGTERM, wait for its end, start, wait until it is ready */
  restart(service: string): Promise<void>
  kill9(service: string, number?: number): Promise<void>
  /** what all replicas of a service have written */
  logs(service: string): string
  stop(): Promise<void>
}
