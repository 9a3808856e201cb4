import { randomUUID } from 'node:crypto'
import type { ChannelModel, ConsumeMessage } from 'amqplib'
import { type Broker, BrokerAway, commandKey, commandQueue, exchanges, Unroutable } from '../amqp/index.ts'
import type { Logger } from '../log/index.ts'
import { type DataOf, envelope, readEnvelope } from '../model/index.ts'
import { type CommandInput, type CommandName, type CommandResult, commands } from './catalog.ts'
import { type SealedAnswer, sealCommand, unsealAnswer } from './protocol.ts'

/**
 * Why a command came to nothing. notInstalled: the service was never there. unanswered: it did not answer in time, and may or may not have done it.
 * unknown: its version does not have this command. failed: it could not do it now, or has a bug; its log tells.
 */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly service: string
  readonly reason: 'notInstalled' | 'unanswered' | 'unknown' | 'failed'
  constructor(service: string, reason: CommandFailed['reason']) {
    super(`${service}: ${reason}`)
    this.service = service
    this.reason = reason
  }
}

/** Asks one replica of a service to do something. Broker errors (BrokerAway, Unconfirmed) come through. */
export interface CommandClient {
  /** Waits for the answer at most `withinMilliseconds`; what has not been begun by then is not done any more. Throws CommandFailed. */
  ask<N extends CommandName>(service: string, name: N, input: CommandInput<N>, withinMilliseconds: number): Promise<CommandResult<N>>
  /** Resolves once RabbitMQ keeps the command: it is done whenever the service is there. Waits for the answer as long as told, but does not need it; false: there was none. */
  tell<N extends CommandName>(service: string, name: N, input: CommandInput<N>, waitMilliseconds: number): Promise<boolean>
}

export function commandClient(options: { broker: Broker; key: Buffer; source: string; log: Logger; now: () => Date }): CommandClient {
  const { broker, key, log, now } = options
  const waiting = new Map<string, (answer: SealedAnswer) => void>()
  let replyTo: string | undefined

  const receive = (message: ConsumeMessage): void => {
    const received = readEnvelope(message.content)
    if (received.type !== 'um.answer.v1') return
    const { of, sealed } = received.data as DataOf<'um.answer.v1'>
    waiting.get(of)?.(unsealAnswer(sealed, key, of))
  }
  broker.onUp(async (connection: ChannelModel) => {
    const channel = await connection.createChannel()
    channel.on('error', error => log.warn({ err: error }, 'channel of answers failed'))
    channel.on('close', () => {
      replyTo = undefined
    })
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false })
    const take = (message: ConsumeMessage | null) => {
      if (message === null) return
      try {
        receive(message)
      } catch (error) {
        log.error({ err: error }, 'an answer cannot be read: is SECRET_KEY the same everywhere?')
      }
    }
    await channel.consume(queue, take, { noAck: true })
    replyTo = queue
  })

  const send = async (
    service: string,
    name: CommandName,
    input: unknown,
    expiration: number | undefined,
  ): Promise<{ id: string; answered: Promise<SealedAnswer> }> => {
    if (replyTo === undefined) throw new BrokerAway('RabbitMQ is away')
    const id = randomUUID()
    const at = now()
    const expiresAt = expiration === undefined ? undefined : new Date(at.getTime() + expiration).toISOString()
    const command = envelope(
      'um.command.v1',
      { id, source: options.source, subject: service, time: at },
      { service, replyTo, ...(expiresAt === undefined ? {} : { expiresAt }), sealed: sealCommand({ name, input }, key, id) },
    )
    const answered = new Promise<SealedAnswer>(resolve => waiting.set(id, resolve))
    try {
      await broker.publish(exchanges.commands, commandKey(service), command, expiration === undefined ? {} : { expiration })
    } catch (error) {
      waiting.delete(id)
      throw error instanceof Unroutable ? new CommandFailed(service, 'notInstalled') : error
    }
    return { id, answered }
  }
  const withTimeLimit = async (sent: { id: string; answered: Promise<SealedAnswer> }, milliseconds: number): Promise<SealedAnswer | undefined> => {
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<undefined>(resolve => {
      timer = setTimeout(() => resolve(undefined), milliseconds)
    })
    try {
      return await Promise.race([sent.answered, over])
    } finally {
      clearTimeout(timer)
      waiting.delete(sent.id)
    }
  }

  return {
    async ask(service, name, input, withinMilliseconds) {
      const answer = await withTimeLimit(await send(service, name, input, withinMilliseconds), withinMilliseconds)
      if (answer === undefined) throw new CommandFailed(service, 'unanswered')
      if (answer.kind !== 'done') throw new CommandFailed(service, answer.kind)
      return commands[name].result.parse(answer.result) as CommandResult<typeof name>
    },
    async tell(service, name, input, waitMilliseconds) {
      const channel = await broker.channel()
      if (channel === undefined) throw new BrokerAway('RabbitMQ is away')
      // the service may not have been there yet: its queue keeps the command until it is
      const queue = commandQueue(service)
      await channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments })
      for (const binding of queue.bindings) await channel.bindQueue(queue.name, queue.exchange, binding)
      await channel.close()
      const answer = await withTimeLimit(await send(service, name, input, undefined), waitMilliseconds)
      if (answer !== undefined && answer.kind !== 'done') throw new CommandFailed(service, answer.kind)
      return answer !== undefined
    },
  }
}
