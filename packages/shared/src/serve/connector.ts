import { getHeapStatistics } from 'node:v8'
import { commandQueue, connectorQueues, laneQueues } from '../amqp/index.ts'
import { forgetKept, keptStateCommands } from '../backup/index.ts'
import { consumeCommands } from '../commands/index.ts'
import { ConfigProjection, reportState, startPresence } from '../config/index.ts'
import type { Definition, Implementation, InboundEvent } from '../contract/index.ts'
import { Attempts } from '../engine/attempts.ts'
import { connectorCommands } from '../engine/commands.ts'
import { createContext } from '../engine/context.ts'
import { Deliver } from '../engine/deliver.ts'
import { GuestBook } from '../engine/guests.ts'
import { Intake } from '../engine/intake.ts'
import { MediaService } from '../engine/media.ts'
import { PlatformClient } from '../engine/platform.ts'
import { Registrar, type RegistrationReport } from '../engine/registrar.ts'
import { Sender } from '../engine/sender.ts'
import { Spool } from '../engine/spool.ts'
import { type AnyImplementation, type Connector, type KnownTenant, TenantDirectory, type View } from '../engine/tenants.ts'
import { TenantTrouble } from '../engine/trouble.ts'
import { acceptEvent, mountWebhooks } from '../engine/webhooks.ts'
import { Budgets, FlowReport, gateOf, Slots, TenantGate } from '../flow/index.ts'
import { AgentPool, AllowList } from '../http/index.ts'
import { createJournal } from '../journal/index.ts'
import { ConversationRunner, LaneConsumer, LaneOwnership, Parking } from '../lanes/index.ts'
import { createNotifier, reportDestination } from '../notify/index.ts'
import { runService, type Service, type ServiceOptions } from '../service/service.ts'

/**
 * Runs a connector: everything but its platform's own facts and words happens here and in `engine/`, once for all.
 */
/** Of the heap that V8 may use, which follows the container's limit: a file that passes through holds up to a megabyte outside of it, most of it in the kernel. */
const heapBytesPerTransfer = 8 * 2 ** 20

/** How many files may pass through at a time. One tenant, whose platform may hang, has no more than its part. */
function transferSlots(): { total: number; perKey: number } {
  const total = Math.min(32, Math.max(4, Math.floor(getHeapStatistics().heap_size_limit / heapBytesPerTransfer)))
  return { total, perKey: Math.ceil(total / 3) }
}

export async function serve<D extends Definition>(definition: D, implementation: Implementation<D>): Promise<void> {
  await runService(connectorService({ definition, implementation: implementation as unknown as AnyImplementation }))
}

/** The service of a connector, for `serve` and for tests that start it in their own process. */
export function connectorService(connector: Connector): ServiceOptions {
  const { definition } = connector
  let begin: (service: Service) => Promise<void>
  return {
    name: `${definition.id}-connector`,
    label: `${definition.label} Connector`,
    queues: [...connectorQueues(definition.id), commandQueue(`${definition.id}-connector`)],
    setup: async service => {
      begin = await assemble(connector, service)
    },
    started: service => begin(service),
  }
}

/** Builds and wires the parts; answers what has to begin once the service listens. */
async function assemble(connector: Connector, service: Service): Promise<(service: Service) => Promise<void>> {
  const { definition } = connector
  const { redis, broker, log, environment, metrics, name } = service
  const config = new ConfigProjection({ service: name, redis, broker, key: environment.keys.seal, log })
  const tenants = new TenantDirectory({ connector, config, redis, publicUrl: environment.publicUrl, log })
  await config.load()
  await tenants.load()

  const allow = new AllowList(environment.allowedPrivateHosts)
  const agents = new AgentPool(allow, () => config.settings().outboundProxy)
  const guests = new GuestBook(redis)
  const attempts = new Attempts(redis)
  const budgetWaits = metrics.counter('um_budget_waits_total', 'Calls that had to wait for a budget, by priority.')
  const rateLimits = metrics.counter('um_rate_limits_total', 'Calls that the platform itself refused as too many (429).')
  const budgets = new Budgets(redis, { waited: priority => budgetWaits.increment({ priority }), limited: () => rateLimits.increment() })
  const gate = new TenantGate({ redis, name: definition.id })
  const transfers = new Slots(transferSlots())
  const journal = createJournal(service)
  const notifier = createNotifier({ service, settings: () => config.settings(), agents, report: reportDestination(service) })

  const report = async (tenantId: string, state: RegistrationReport) =>
    reportState(broker, log, {
      service: name,
      collection: 'tenants',
      id: tenantId,
      part: definition.role === 'messaging' ? 'messaging' : 'cxPlatform',
      webhookUrl: `${environment.publicUrl}${definition.ingress ?? ''}`,
      ...state,
      ...(state.facts === undefined ? {} : { facts: shownFacts(state.facts) }),
      at: new Date().toISOString(),
    })
  const factsOf = (tenantId: string) => ({ ...(tenants.find(tenantId)?.view.state ?? {}) })
  const trouble = new TenantTrouble({
    gate,
    notifier,
    platform: definition.label,
    log,
    report: (known, status, lastError) =>
      report(known.tenant.id, { status, ...(lastError === undefined ? {} : { lastError }), facts: factsOf(known.tenant.id) }),
  })
  const contextOf = (view: View) =>
    createContext(tenants.find(view.id)?.view ?? view, { redis, log, platform, media, tenants, stateSaved, resume, sealKey: environment.keys.seal })
  const media = new MediaService({
    connector,
    config,
    environment,
    agents,
    allow,
    contextOf,
    authorizationOf: (view, account) => platform.authorizations.of(view, account),
    refuseAuthorization: (view, account, refused) => platform.authorizations.refuse(view.id, account ?? '', refused),
    storageIdOf: id => {
      const known = tenants.find(id)
      return known === undefined ? null : tenants.storageId(known.tenant)
    },
  })
  const platform = new PlatformClient({
    connector,
    redis,
    budgets,
    agents,
    allow,
    sealKey: environment.keys.seal,
    log,
    calls: metrics.counter('um_platform_calls_total', 'Calls to the platform by outcome.'),
    seconds: metrics.histogram('um_platform_call_seconds', 'Duration of platform calls.'),
    transfers,
    openMedia: (view, ref) => media.open(view, ref),
    contextOf,
  })
  /** other replicas read a tenant's new state when they hear of it */
  const stateSaved = async (tenantId: string) => {
    await redis.publish('tenant-news', JSON.stringify({ tenantId, replica: environment.replica })).catch(() => undefined)
  }

  const wake = async (tenantId: string) => {
    await wakeHere(tenantId)
    await stateSaved(tenantId)
  }
  const resume = async (tenantId: string, account: string | undefined) => {
    await platform.authorizations.forget(tenantId, account)
    const before = await (account === undefined ? gate.openAll(tenantId) : gate.open(gateOf(tenantId, account)))
    const known = tenants.find(tenantId)
    if (before?.kind === 'paused' && known !== undefined) await trouble.recovered(known)
    else if ((await gate.all()).get(tenantId)?.kind !== 'paused') await report(tenantId, { status: 'working', facts: factsOf(tenantId) })
    await wake(tenantId)
    await registrar.resumed(tenantId)
  }

  const spool = new Spool({ redis, broker, log, depth: metrics.gauge('um_spooled_messages', 'Messages kept in Redis while RabbitMQ is away.') })
  const counter = metrics.counter('um_webhooks_total', 'Webhooks by outcome.')
  mountWebhooks(service.app, { connector, tenants, spool, journal, log, counter, budgets, isSynced: () => config.isSynced, contextOf })

  const sender = new Sender({ connector, redis, guests, platform, contextOf, log })
  const discard: MediaService['discard'] = (view, guest, sourceId) => media.discard(view, guest, sourceId)
  const intake = new Intake({ service: name, connector, tenants, guests, attempts, broker, platform, transfers, trouble, discard, contextOf, journal, log })
  const deliver = new Deliver({ service: name, connector, tenants, guests, attempts, gate, broker, redis, sender, trouble, wake, journal, log })
  const eventParking = new Parking({ redis, kind: 'event' })
  const messageParking = new Parking({ redis, kind: 'message' })
  const handled = metrics.histogram('um_handle_seconds', 'Duration of handling one message.')
  const timed = (queue: string, handle: (body: Buffer) => ReturnType<Intake['handle']>) => async (body: Buffer) => {
    const started = performance.now()
    const step = await handle(body)
    handled.observe((performance.now() - started) / 1000, { queue, outcome: step.kind })
    return step
  }
  const events = new ConversationRunner({ handle: timed('event', body => intake.handle(body)), parking: eventParking, log })
  const messages = new ConversationRunner({ handle: timed('message', body => deliver.handle(body)), parking: messageParking, log })
  const consumer = new LaneConsumer({
    broker,
    queues: [
      { queue: lane => laneQueues(definition.id, lane).events, runner: events },
      { queue: lane => laneQueues(definition.id, lane).messages, runner: messages },
    ],
    log,
  })
  const lanes = new LaneOwnership({ redis, replica: environment.replica, worker: consumer, log })
  const age = (oldest: number | undefined) => (oldest === undefined ? 0 : Math.max(0, (Date.now() - oldest) / 1000))
  metrics.gauge('um_oldest_message_age_seconds', 'Age of the oldest message that this replica could handle now; parked ones do not count.', () => [
    [{ queue: 'event' }, age(events.oldest())],
    [{ queue: 'message' }, age(messages.oldest())],
  ])
  metrics.gauge('um_lanes', 'Lanes that this replica owns.', () => lanes.lanes().size)
  metrics.gauge('um_parked_conversations', 'Conversations that wait for their tenant or budget.', () => eventParking.count() + messageParking.count())
  metrics.gauge('um_conversations_in_hand', 'Conversations being handled.', () => events.size + messages.size)
  metrics.gauge('um_tenants', 'Tenants that use this connector.', () => tenants.all().length)

  const flow = new FlowReport({
    ...{ service: name, scope: definition.id, redis, broker, gate, budgets, metrics, log },
    waiting: [eventParking, messageParking],
  })

  const wakeHere = async (id: string) => {
    await messageParking.wake(id)
    await eventParking.wake(id)
  }
  await hearOfTenants(service, async id => {
    platform.authorizations.drop(id)
    gate.expire()
    await tenants.reloadState(id)
    await wakeHere(id)
  })
  const emit = async (known: KnownTenant, found: InboundEvent[]) => {
    for (const event of found) await acceptEvent(event, known, { connector, spool, journal }, new Date())
  }
  const registrar = new Registrar({
    connector,
    tenants,
    redis,
    gate,
    trouble,
    contextOf,
    emit,
    report,
    wake,
    forgetToken: id => platform.authorizations.forget(id),
    log,
    stopping: service.stopping,
  })
  const now = () => new Date()
  const commands = consumeCommands({
    ...{ broker, service: name, key: environment.keys.seal, log, now },
    handlers: {
      ...connectorCommands({
        ...{ connector, tenants, contextOf, webhookUrl: `${environment.publicUrl}${definition.ingress ?? ''}` },
        forget: async id => {
          await platform.authorizations.forget(id)
          await forgetKept(redis, id)
        },
      }),
      ...keptStateCommands({
        ...{ redis, sealKey: environment.keys.seal, now },
        given: async ids => {
          for (const id of ids) {
            await tenants.reloadState(id)
            await stateSaved(id)
            registrar.again(id)
          }
        },
      }),
    },
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
  // first: what is in hand has to be finished and marked, whatever else takes its time
  service.onDrain('lanes', () => lanes.stop())
  service.onDrain('commands', () => commands.stop())
  service.onDrain('registrations', () => registrar.stop())
  service.onDrain('flow', () => flow.stop())
  service.onDrain('spool', () => spool.stop())
  service.onDrain('journal', async () => journal.close())
  return async () => {
    await broker.whenUp(service.stopping).catch(() => undefined)
    if (service.stopping.aborted) return
    await lanes.start()
    registrar.start()
    flow.start()
    notifier.notify({ event: 'service.started', message: `${service.label} ${service.version} has started` })
  }
}

/** What other replicas tell of a tenant: its state has changed, it may send again. A second connection, because a subscribed one can do nothing else. */
async function hearOfTenants(service: Service, changed: (tenantId: string) => Promise<void>): Promise<void> {
  const subscriber = service.redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null })
  subscriber.on('error', () => undefined)
  subscriber.on('message', (_channel: string, text: string) => {
    const { tenantId, replica } = JSON.parse(text) as { tenantId: string; replica: string }
    if (replica !== service.environment.replica) changed(tenantId).catch(error => service.log.warn({ err: error }, 'news of a tenant could not be taken in'))
  })
  service.onDrain('news', async () => subscriber.disconnect())
  await subscriber.connect().catch(() => undefined)
  subscriber.subscribe('tenant-news').catch(() => undefined)
}

/** Facts that people may see: nothing that is named like a secret. */
function shownFacts(facts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).filter(([key]) => !/secret|token|password|key/i.test(key)))
}
