import { z } from 'zod'
import { connectorQueues, exchanges, laneQueues } from '../amqp/topology.ts'
import { type EnvelopeType, schemas } from './envelope.ts'

/** AsyncAPI 3.0 description of everything on RabbitMQ, made from the zod schemas and the topology that the services use. */
const summaries: Record<EnvelopeType, string> = {
  'um.event.v1': 'What a webhook said, verified and parsed; from a connector to itself.',
  'um.message.v1': 'A message of a guest, an agent, a bot or an IVR.',
  'um.typing.v1': 'Somebody is typing. Never retried.',
  'um.receipt.v1': 'What became of a message, told to the platform it came from.',
  'um.lifecycle.v1': 'A conversation began or ended, a guest left or came back.',
  'um.journey.v1': 'Hops of messages at one replica of a service, without their bodies. Best effort.',
  'um.config.v1': 'A sealed configuration document, or a request for all of them.',
  'um.state.v1': 'How a tenant or storage fares at one service.',
  'um.presence.v1': 'A replica of a service is there.',
  'um.flow.v1': 'Which tenants’ messages wait in a service, and for what.',
  'um.notifier.v1': 'How a notifier destination fares, as one replica sees it.',
  'um.command.v1': 'What `api` wants one replica of a service to do, sealed.',
  'um.answer.v1': 'What became of a command, sealed; sent straight to the queue that the command names.',
}
const channels: Record<string, { address: string; exchange: string; description: string; types: EnvelopeType[] }> = {
  events: {
    address: 'event.{connector}.{lane}',
    exchange: exchanges.messages,
    description: 'Towards the connector that received the webhook. The lane is a hash of tenant and guest.',
    types: ['um.event.v1'],
  },
  toAgents: {
    address: 'inbound.{connector}.{lane}',
    exchange: exchanges.messages,
    description: 'Towards a CX platform.',
    types: ['um.message.v1', 'um.typing.v1', 'um.receipt.v1', 'um.lifecycle.v1'],
  },
  toGuests: {
    address: 'outbound.{connector}.{lane}',
    exchange: exchanges.messages,
    description: 'Towards a messaging platform.',
    types: ['um.message.v1', 'um.typing.v1', 'um.receipt.v1', 'um.lifecycle.v1'],
  },
  documents: {
    address: 'document.{collection}',
    exchange: exchanges.config,
    description: 'Configuration, from `api` to all services.',
    types: ['um.config.v1'],
  },
  sync: { address: 'sync.{service}', exchange: exchanges.config, description: 'A service asks for the whole configuration.', types: ['um.config.v1'] },
  states: {
    address: 'state.{service}',
    exchange: exchanges.config,
    description: 'How tenants, storages and notifiers fare, to `api`.',
    types: ['um.state.v1', 'um.notifier.v1'],
  },
  presence: { address: 'presence.{service}', exchange: exchanges.config, description: 'Replicas, to `api`.', types: ['um.presence.v1'] },
  flow: {
    address: 'flow.{service}',
    exchange: exchanges.config,
    description: 'Which tenants’ messages wait, and for what, to `api`.',
    types: ['um.flow.v1'],
  },
  commands: {
    address: 'service.{service}',
    exchange: exchanges.commands,
    description: 'From `api` to one replica of a service. Those that somebody waits for expire.',
    types: ['um.command.v1'],
  },
  ended: {
    address: 'conversation.ended',
    exchange: exchanges.storage,
    description: 'A conversation ended: storage providers start its purge delay.',
    types: ['um.lifecycle.v1'],
  },
  journal: { address: '{service}', exchange: exchanges.journal, description: 'Hops of messages, not persistent.', types: ['um.journey.v1'] },
  dead: {
    address: 'dead.{service}',
    exchange: exchanges.dead,
    description: 'What could not be delivered. Headers: x-reason, x-why (percent-encoded), x-service, x-exchange, x-key.',
    types: ['um.message.v1', 'um.event.v1'],
  },
}

export function asyncApi(version: string): object {
  const types = Object.keys(schemas) as EnvelopeType[]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Universal Messaging on RabbitMQ',
      version,
      description:
        `CloudEvents 1.0 in JSON, one per AMQP message, confirmed, persistent and mandatory unless said otherwise. Durable topic exchanges. A connector owns ${connectorQueues('x').length} quorum queues with single active consumers, ` +
        `e.g. \`${laneQueues('telegram', 7).events.name}\` and \`${laneQueues('telegram', 7).messages.name}\`. Header \`x-conversation\` names the conversation whose order is kept.`,
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(
      Object.entries(channels).map(([name, channel]) => [
        name,
        {
          address: channel.address,
          description: channel.description,
          messages: Object.fromEntries(channel.types.map(type => [messageName(type), { $ref: `#/components/messages/${messageName(type)}` }])),
          parameters: Object.fromEntries([...channel.address.matchAll(/\{(\w+)\}/g)].map(match => [match[1], {}])),
          bindings: { amqp: { is: 'routingKey', exchange: { name: channel.exchange, type: 'topic', durable: true }, bindingVersion: '0.3.0' } },
        },
      ]),
    ),
    operations: Object.fromEntries(Object.keys(channels).map(name => [`publish-${name}`, { action: 'send', channel: { $ref: `#/channels/${name}` } }])),
    components: {
      messages: Object.fromEntries(
        types.map(type => [
          messageName(type),
          { name: type, summary: summaries[type], contentType: 'application/cloudevents+json', payload: envelopeSchema(type) },
        ]),
      ),
      schemas: Object.fromEntries(types.map(type => [messageName(type), dataSchema(type)])),
    },
  }
}

function messageName(type: EnvelopeType): string {
  return type.replace('um.', '').replace('.v1', 'V1')
}
function dataSchema(type: EnvelopeType): object {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(schemas[type], { io: 'output' })
  return schema
}
function envelopeSchema(type: EnvelopeType): object {
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', description: 'UUID; the same event has the same id everywhere' },
      source: { type: 'string' },
      type: { const: type },
      subject: { type: 'string', description: '<tenantId>/<guest>' },
      time: { type: 'string', format: 'date-time' },
      traceparent: { type: 'string' },
      datacontenttype: { const: 'application/json' },
      data: { $ref: `#/components/schemas/${messageName(type)}` },
    },
  }
}
