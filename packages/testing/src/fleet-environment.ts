import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FleetSecrets } from './fleet-options.ts'
import { repository } from './repository.ts'

/** What one replica is told by its environment, besides what is the same for all. */
export interface ReplicaPlace {
  service: string
  number: number
  port: number
  healthPort: number
  redisUrl: string | undefined
  rabbitUrl: string
}
export interface FleetFacts {
  publicUrl: string
  /** service name → base URL */
  serviceUrls: ReadonlyMap<string, string>
  secrets: FleetSecrets
  admin: { user: string; password: string }
  env: Readonly<Record<string, string>>
}

/** The whole environment of a service's process: nothing of ours leaks into it, so that a test means the same everywhere. */
export function replicaEnvironment(fleet: FleetFacts, place: ReplicaPlace): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(repository, '.cache/compile'),
    HOST: '127.0.0.1',
    PORT: String(place.port),
    HEALTH_PORT: String(place.healthPort),
    POD_NAME: `${place.service}-${place.number}`,
    ...(place.redisUrl !== undefined && { REDIS_URL: place.redisUrl }),
    RABBITMQ_URL: place.rabbitUrl,
    SECRET_KEY: fleet.secrets.key,
    INTERNAL_TOKEN: fleet.secrets.token,
    PUBLIC_URL: fleet.publicUrl,
    SERVICE_URLS: [...fleet.serviceUrls].map(([name, url]) => `${name}=${url}`).join(','),
    LOG_FLUSH_FREQUENCY: 'immediate',
    // only api knows administrators, and nobody else needs to be told
    ...(place.service === 'api' && { ADMIN_USER: fleet.admin.user, ADMIN_PASSWORD: fleet.admin.password }),
    ...fleet.env,
  }
}

/** V8 within a container of so many MiB: a third stays for what is not JavaScript heap (buffers, code, stacks). */
export function memoryFlags(limitMiB: number): string[] {
  return ['--max-semi-space-size=1', '--optimize-for-size', `--max-old-space-size=${Math.floor((limitMiB * 2) / 3)}`]
}

export function generatedSecrets(): FleetSecrets {
  return { key: generatedSecret(), token: generatedSecret(), servers: generatedSecret() }
}

/** Letters and digits only: it is put into URLs and configuration files. */
export function generatedSecret(): string {
  return randomBytes(24).toString('hex')
}
