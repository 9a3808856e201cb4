import type { Definition, StorageDefinition } from '@um/shared/contract'
import { z } from 'zod'
import { type Operation, operation } from '../http/operation.ts'
import type { Presences } from '../reports/presence.ts'
import type { QueueDepth } from './queues.ts'

const Replica = z.object({ replica: z.string(), version: z.string(), startedAt: z.string(), ready: z.boolean(), lastSeenAt: z.string() })
const ServiceStatus = z.object({
  service: z.string(),
  label: z.string().nullable(),
  replicas: z.array(Replica).meta({ description: 'Heard of in the last 30 s. Empty: not running, or not installed.' }),
  needed: z.boolean().meta({ description: 'An enabled tenant or a storage depends on it. Needed and without replicas: messages wait.' }),
  queues: z
    .object({ waiting: z.number().nullable(), consumers: z.number().nullable() })
    .nullable()
    .meta({ description: 'Messages that wait for the service in RabbitMQ.' }),
})
const StatusAnswer = z
  .object({
    version: z.string(),
    deployment: z.string(),
    broker: z.enum(['up', 'away']),
    configurationRevision: z.number(),
    deadLetters: z.number(),
    services: z.array(ServiceStatus),
  })
  .meta({ id: 'FleetStatus' })

export function statusOperations(options: {
  version: string
  deployment: string
  connectors: ReadonlyMap<string, Definition>
  storages: ReadonlyMap<string, StorageDefinition>
  presences: Presences
  /** services that the configuration depends on */
  needed(): Promise<ReadonlySet<string>>
  isBrokerUp(): boolean
  revision(): Promise<number>
  deadLetters(): Promise<number>
  queues(service: string): Promise<QueueDepth | undefined>
}): Operation[] {
  const labels = new Map<string, string>([
    ['api', 'API'],
    ...[...options.connectors.values()].map(({ id, label }) => [`${id}-connector`, label] as const),
    ...[...options.storages.values()].map(({ id, label }) => [`${id}-provider`, label] as const),
  ])
  return [
    operation({
      id: 'getStatus',
      method: 'GET',
      path: '/status',
      tag: 'Operation',
      summary: 'How the fleet fares',
      description: 'Services with their replicas, and how much waits for each.',
      access: 'administrator',
      answers: { 200: { description: 'Now.', schema: StatusAnswer } },
      problems: [],
      async handle() {
        const [present, needed] = await Promise.all([options.presences.list(), options.needed()])
        const names = [...new Set([...labels.keys(), ...present.keys()])].sort()
        const services = await Promise.all(
          names.map(async service => {
            const replicas = present.get(service) ?? []
            const isNeeded = needed.has(service)
            // what waits for a service that is down is what people want to know
            const queues = replicas.length === 0 && !isNeeded ? undefined : await options.queues(service)
            return { service, label: labels.get(service) ?? null, replicas, needed: isNeeded, queues: queues ?? null }
          }),
        )
        return {
          status: 200,
          body: {
            version: options.version,
            deployment: options.deployment,
            broker: options.isBrokerUp() ? 'up' : 'away',
            configurationRevision: await options.revision(),
            deadLetters: await options.deadLetters(),
            services,
          },
        }
      },
    }),
  ]
}
