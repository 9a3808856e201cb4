import { laneCount, laneName } from '../model/ids.ts'

/** All of RabbitMQ's objects, as data. RabbitMQ 3.10 or later, no plugin. */
export const exchanges = {
  /** events, messages, receipts, typing, lifecycle between connectors: `<direction>.<connector>.<lane>` */
  messages: 'gum.messages',
  /** configuration, its projections' state, presence of replicas */
  config: 'gum.config',
  /** agents' commands to the commander, and what `api` wants services to do */
  commands: 'gum.commands',
  /** what storage providers must hear: ended conversations */
  storage: 'gum.storage',
  /** hops of messages; best effort */
  journal: 'gum.journal',
  /** what could not be delivered, with its reason */
  dead: 'gum.dead',
} as const
export type Exchange = (typeof exchanges)[keyof typeof exchanges]

/** event: a connector's webhook to itself. inbound: towards the agent. outbound: towards the guest. */
export type Direction = 'event' | 'inbound' | 'outbound'
export function messageKey(direction: Direction, connector: string, lane: string): string {
  return `${direction}.${connector}.${lane}`
}

export interface QueueSpec {
  readonly name: string
  readonly exchange: Exchange
  readonly bindings: readonly string[]
  readonly arguments: Readonly<Record<string, string | number | boolean>>
}

/** Quorum queues survive a node; a broken message is never dropped by a delivery count (4.x drops after 20 by default). */
const durable = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000 } as const
const lane = { ...durable, 'x-single-active-consumer': true } as const

/** Two queues per lane: what came in by webhook, and what is to be sent to the platform; a slow platform does not hold up its guests' messages. */
export function laneQueues(connector: string, number: number): { events: QueueSpec; messages: QueueSpec } {
  const name = laneName(number)
  return {
    events: { name: `${connector}-connector:event:${name}`, exchange: exchanges.messages, bindings: [messageKey('event', connector, name)], arguments: lane },
    messages: {
      name: `${connector}-connector:message:${name}`,
      exchange: exchanges.messages,
      bindings: [messageKey('inbound', connector, name), messageKey('outbound', connector, name)],
      arguments: lane,
    },
  }
}
export function connectorQueues(connector: string): QueueSpec[] {
  return Array.from({ length: laneCount }, (_, number) => laneQueues(connector, number)).flatMap(({ events, messages }) => [events, messages])
}
export function storageQueue(provider: string): QueueSpec {
  return { name: `${provider}-provider:conversation:ended`, exchange: exchanges.storage, bindings: ['conversation.ended'], arguments: durable }
}
/** What `api` wants done by any one replica of a service. */
export function commandQueue(service: string): QueueSpec {
  return { name: `${service}:command`, exchange: exchanges.commands, bindings: [commandKey(service)], arguments: durable }
}
export function commandKey(service: string): string {
  return `service.${service}`
}
/** Kept by RabbitMQ until `api` takes them into its list. */
export const deadQueue: QueueSpec = { name: 'api:dead', exchange: exchanges.dead, bindings: ['#'], arguments: durable }
/** States, presence and the flow for `api`; what is missed is told again, so a bounded queue is enough. */
export const stateQueue: QueueSpec = {
  name: 'api:state',
  exchange: exchanges.config,
  bindings: ['state.#', 'presence.#', 'flow.#', 'sync.#'],
  arguments: durable,
}
/** Hops of messages for `api`. Without it they may fill no more than this, and the oldest go first: nobody reads a journey of yesterday from here. */
export const journeyQueue: QueueSpec = {
  name: 'api:journey',
  exchange: exchanges.journal,
  bindings: ['#'],
  arguments: { ...durable, 'x-max-length': 20_000, 'x-max-length-bytes': 64 * 1024 * 1024, 'x-overflow': 'drop-head', 'x-message-ttl': 3_600_000 },
}

/** Declared by every service at every connection: idempotent, and nothing is unroutable because someone started later. */
export const commonQueues: readonly QueueSpec[] = [deadQueue, stateQueue]
