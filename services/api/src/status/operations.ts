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
        const present = await options.presences.list()
        const names = [...new Set([...labels.keys(), ...present.keys()])].sort()
        const services = await Promise.all(
          names.map(async service => {
            const replicas = present.get(service) ?? []
            const queues = replicas.length === 0 ? undefined : await options.queues(service)
            return { service, label: labels.get(service) ?? null, replicas, queues: queues ?? null }
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
