import { randomUUID } from 'node:crypto'
import type { Channel } from 'amqplib'
import { type Broker, type Consumption, commandQueue, consumeQueue, Unreadable } from '../amqp/index.ts'
import { isPlumbing } from '../engine/plumbing.ts'
import type { Logger } from '../log/index.ts'
import { type DataOf, type EnvelopeOf, envelope, readEnvelope } from '../model/index.ts'
import { type CommandHandlers, commands } from './catalog.ts'
import { type SealedAnswer, sealAnswer, unsealCommand } from './protocol.ts'

/**
 * Does what `api` asks of this service; any one replica takes a command. A command that somebody waits for is dropped when its time is over, and fails when Redis is away;
 * one that nobody waits for is tried until it works. Handlers are idempotent: a command comes again when its replica has died over it.
 */
export function consumeCommands(options: {
  broker: Broker
  service: string
  key: Buffer
  log: Logger
  now: () => Date
  handlers: CommandHandlers
}): Consumption {
  const { broker, service, key, log, now } = options

  const perform = async (command: EnvelopeOf<'um.command.v1'>): Promise<SealedAnswer> => {
    const { name, input } = open(command, key)
    if (!isKnown(name)) return { kind: 'unknown' }
    // the catalog gives each name its own input: the compiler cannot follow a name that came from outside
    const handler = options.handlers[name] as ((input: unknown) => Promise<unknown>) | undefined
    if (handler === undefined) return { kind: 'unknown' }
    const started = performance.now()
    const result = await handler(commands[name].input.parse(input))
    log.debug({ command: name, milliseconds: Math.round(performance.now() - started) }, 'command done')
    return { kind: 'done', result }
  }

  return consumeQueue({
    broker,
    queue: commandQueue(service).name,
    prefetch: 8,
    log,
    async handle(message, channel) {
      const command = readCommand(message.content)
      const { expiresAt, replyTo } = command.data
      if (expiresAt !== undefined && now().getTime() > Date.parse(expiresAt)) return
      const answer = await perform(command).catch((error: unknown): SealedAnswer => {
        if (error instanceof Unreadable || (expiresAt === undefined && isPlumbing(error))) throw error
        log.error({ err: error }, 'a command has failed')
        return { kind: 'failed' }
      })
      reply(channel, replyTo, command.id, answer)
    },
  })

  function reply(channel: Channel, replyTo: string, of: string, answer: SealedAnswer): void {
    const told = envelope('um.answer.v1', { id: randomUUID(), source: `/${service}`, subject: of, time: now() }, { of, sealed: sealAnswer(answer, key, of) })
    channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(told)), { type: told.type, messageId: told.id, contentType: 'application/cloudevents+json' })
  }
}

function readCommand(body: Buffer): EnvelopeOf<'um.command.v1'> {
  try {
    const received = readEnvelope(body)
    if (received.type === 'um.command.v1') return { ...received, type: 'um.command.v1', data: received.data as DataOf<'um.command.v1'> }
  } catch (error) {
    throw new Unreadable('not one of our envelopes', { cause: error })
  }
  throw new Unreadable('not a command')
}
function open(command: EnvelopeOf<'um.command.v1'>, key: Buffer): { name: string; input: unknown } {
  try {
    const { name, input } = unsealCommand(command.data.sealed, key, command.id)
    return { name, input }
  } catch (error) {
    throw new Unreadable('the command was not sealed with the SECRET_KEY of this service', { cause: error })
  }
}
function isKnown(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name)
}
