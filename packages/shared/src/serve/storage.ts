import type { z } from 'zod'
import { commandQueue, storageQueue } from '../amqp/index.ts'
import { keptStateCommands } from '../backup/index.ts'
import { consumeCommands } from '../commands/index.ts'
import { ConfigProjection, reportState, startPresence } from '../config/index.ts'
import type { StorageDefinition, StorageImplementation } from '../contract/index.ts'
import { AgentPool, AllowList } from '../http/index.ts'
import type { Logger } from '../log/index.ts'
import { type DataOf, readEnvelope } from '../model/index.ts'
import { createNotifier, reportDestination } from '../notify/index.ts'
import { runService, type Service, type ServiceOptions } from '../service/service.ts'
import { type StorageFact, type StoragePlumbing, storagePlumbing } from '../storage/index.ts'

/** Runs a storage provider: its internal addresses, its purge after conversations end, its configuration and health. */
export async function serveStorage<S extends z.ZodObject>(definition: StorageDefinition<S>, implementation: StorageImplementation<z.infer<S>>): Promise<void> {
  await runService(storageService(definition, implementation))
}

export function storageService<S extends z.ZodObject>(definition: StorageDefinition<S>, implementation: StorageImplementation<z.infer<S>>): ServiceOptions {
  let begin: () => void
  return {
    name: `${definition.id}-provider`,
    label: `${definition.label} Provider`,
    queues: [storageQueue(definition.id), commandQueue(`${definition.id}-provider`)],
    // large uploads take their time; the plumbing ends those in which nothing moves
    requestMilliseconds: 0,
    setup: async service => {
      begin = await assemble(definition, implementation, service)
    },
    started: async () => begin(),
  }
}

async function assemble<S extends z.ZodObject>(
  definition: StorageDefinition<S>,
  implementation: StorageImplementation<z.infer<S>>,
  service: Service,
): Promise<() => void> {
  const { redis, broker, log, environment, metrics, name } = service
  const config = new ConfigProjection({ service: name, redis, broker, key: environment.keys.seal, log })
  await config.load()
  const agents = new AgentPool(new AllowList(environment.allowedPrivateHosts), () => config.settings().outboundProxy)
  const notifier = createNotifier({ service, settings: () => config.settings(), agents, report: reportDestination(service) })
  const stored = metrics.counter('um_objects_stored_total', 'Attachments stored.')
  const bytes = metrics.counter('um_object_bytes_total', 'Bytes of attachments stored.')
  const refused = metrics.counter('um_objects_refused_total', 'Attachments that could not be stored, by reason.')
  const removed = metrics.counter('um_objects_removed_total', 'Attachments removed.')
  const seconds = metrics.histogram('um_store_seconds', 'Duration of storing an attachment.')
  const broken = new Set<string>()

  const trouble = (storageId: string, why: string | undefined) => {
    if ((why === undefined) === !broken.has(storageId)) return
    const storage = config.storage(storageId)
    const label = storage?.name ?? storageId
    if (why === undefined) broken.delete(storageId)
    else broken.add(storageId)
    notifier.notify({
      event: why === undefined ? 'subscription.recovered' : 'subscription.error',
      message: `Storage "${label}" (${definition.label}): ${why ?? 'working again'}`,
      tenant: { id: storageId, name: label },
      reason: 'storage',
    })
    void reportState(broker, log, {
      service: name,
      collection: 'storages',
      id: storageId,
      part: 'storage',
      status: why === undefined ? 'working' : 'failing',
      ...(why === undefined ? {} : { lastError: why }),
      at: new Date().toISOString(),
    })
  }
  const report = (fact: StorageFact) => {
    switch (fact.kind) {
      case 'stored':
        stored.increment({ storage: fact.storageId })
        bytes.increment({ storage: fact.storageId }, fact.bytes)
        seconds.observe(fact.milliseconds / 1000)
        return trouble(fact.storageId, undefined)
      case 'removed':
        return removed.increment({ storage: fact.storageId }, fact.objects)
      case 'refused':
      case 'removalFailed':
        refused.increment({ storage: fact.storageId, reason: fact.failure.kind })
        if (fact.failure.kind === 'subscription' || fact.failure.kind === 'unauthorized') trouble(fact.storageId, fact.failure.why)
    }
  }
  const plumbing = storagePlumbing({
    definition,
    implementation,
    redis,
    storages: id => {
      const storage = config.storage(id)
      return storage?.type === definition.id ? storage : undefined
    },
    internalToken: environment.internalToken,
    proxy: () => config.settings().outboundProxy ?? undefined,
    log,
    now: () => new Date(),
    report,
  })
  service.app.use(plumbing.router)
  consumeEnded(service, storageQueue(definition.id).name, plumbing, log)
  const now = () => new Date()
  const commands = consumeCommands({
    broker,
    service: name,
    key: environment.keys.seal,
    log,
    now,
    handlers: keptStateCommands({ redis, sealKey: environment.keys.seal, now }),
  })
  const presence = startPresence({
    broker,
    service: name,
    replica: environment.replica,
    version: service.version,
    startedAt: new Date(),
    isReady: () => broker.isConnected,
  })
  service.addReadiness('redis', () => redis.status === 'ready')
  service.onDrain('notice', () => notifier.close())
  service.onDrain('presence', async () => presence.stop())
  service.onDrain('commands', () => commands.stop())
  service.onDrain('purge', () => plumbing.worker.stop())
  return () => {
    plumbing.worker.start()
    notifier.notify({ event: 'service.started', message: `${service.label} ${service.version} has started` })
  }
}

/** Conversations that ended; taken off the queue only when their purge is recorded. */
function consumeEnded(service: Service, queue: string, plumbing: StoragePlumbing, log: Logger): void {
  service.broker.onUp(async connection => {
    const channel = await connection.createChannel()
    channel.on('error', error => log.warn({ err: error }, 'channel of ended conversations failed'))
    await channel.prefetch(20)
    await channel.consume(queue, message => {
      if (message === null) return
      const settle = async () => {
        const received = readEnvelope(message.content)
        if (received.type !== 'um.lifecycle.v1') return
        const { tenantId, guest, at } = received.data as DataOf<'um.lifecycle.v1'>
        await plumbing.conversationEnded(tenantId, guest, new Date(at))
      }
      settle().then(
        () => channel.ack(message),
        error => {
          log.warn({ err: error }, 'the end of a conversation could not be recorded; it is taken again')
          setTimeout(() => {
            try {
              channel.nack(message)
            } catch {
              // the channel is gone: the broker delivers again by itself
            }
          }, 1000).unref()
        },
      )
    })
  })
}
