import { join } from 'node:path'
import { allSettled } from './all-settled.ts'
import { type FleetFacts, memoryFlags, replicaEnvironment } from './fleet-environment.ts'
import type { FleetOptions } from './fleet-options.ts'
import type { Servers } from './fleet-servers.ts'
import { freePort } from './ports.ts'
import { describe, type Exit } from './process.ts'
import { type Replica, replicaOf, revive } from './replica.ts'
import { repository } from './repository.ts'

/** Where the replicas of a service are: known before they are told of each other. */
export type Places = ReadonlyMap<string, readonly { port: number; healthPort: number }[]>

export async function choosePlaces(services: readonly string[], options: FleetOptions): Promise<Places> {
  const places = new Map<string, { port: number; healthPort: number }[]>()
  for (const service of services) {
    const count = options.replicas?.[service] ?? 1
    places.set(service, await Promise.all(Array.from({ length: count }, async () => ({ port: await freePort(), healthPort: await freePort() }))))
  }
  return places
}

export function urlsOf(places: Places, service: string): string[] {
  return (places.get(service) ?? []).map(({ port }) => `http://127.0.0.1:${port}`)
}

/** All processes of the services. `cleanup` stops them, all at the same time. */
export async function startMembers(
  places: Places,
  facts: FleetFacts,
  servers: Servers,
  options: FleetOptions & { logDir: string },
  cleanup: AsyncDisposableStack,
): Promise<ReadonlyMap<string, readonly Replica[]>> {
  const stopping = new AbortController()
  const members = new Map<string, Replica[]>()

  function died(replica: Replica, exit: Exit): void {
    const tell = options.reviveAndTell
    if (tell === undefined || stopping.signal.aborted) return
    tell(`${replica.name} ended with ${describe(exit)}; starting it again`)
    void revive(replica, tell, stopping.signal)
  }
  for (const [service, ofService] of places) {
    const made = ofService.map((place, number) => {
      const env = {
        ...replicaEnvironment(facts, { service, number, ...place, redisUrl: servers.redisUrl(service), rabbitUrl: servers.rabbitUrl(service) }),
        ...options.replicaEnv?.(service, number),
      }
      const logFile = join(options.logDir, number === 0 ? `${service}.log` : `${service}-${number + 1}.log`)
      return replicaOf({ service, number, ...place, env, cwd: repository, command: commandOf(service, options), logFile }, died)
    })
    members.set(service, made)
  }

  const all = [...members.values()].flat()
  cleanup.defer(async () => {
    stopping.abort()
    await allSettled(all.map(replica => replica.stop()))
  })
  await allSettled(all.map(replica => replica.start(options.signal === undefined ? {} : { signal: options.signal })))
  return members
}

function commandOf(service: string, options: FleetOptions): readonly [string, ...string[]] {
  const bundle = join(repository, 'services', service, 'dist/main.mjs')
  return options.programs?.[service]?.command ?? [process.execPath, ...memoryFlags(options.memoryMiB ?? 64), bundle]
}
