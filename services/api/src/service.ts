import { connectors, storages } from '@um/catalog'
import { journeyQueue } from '@um/shared/amqp'
import { commandClient } from '@um/shared/commands'
import { ApiError } from '@um/shared/errors'
import { AgentPool, AllowList } from '@um/shared/http'
import { createJournal } from '@um/shared/journal'
import { checkedNotifierSettings, createNotifier, reportDestination, sendTest } from '@um/shared/notify'
import type { Service, ServiceOptions } from '@um/shared/service'
import { redisAuditTrail } from './audit/trail.ts'
import { redisAttempts } from './auth/attempts.ts'
import { bearerAuthentication, redisRevokedTokens } from './auth/bearer.ts'
import { ensureFirstAdministrator } from './auth/first-administrator.ts'
import { passwordCheck } from './auth/login.ts'
import { redisUsers } from './auth/users.ts'
import { deliverKept } from './backup/kept-outbox.ts'
import { Distribution } from './config/distribution.ts'
import { configStore } from './config/store.ts'
import { consumeDeadLetters } from './dead-letters/consumer.ts'
import { redisDeadLetters } from './dead-letters/store.ts'
import type { ApiEnvironment } from './environment.ts'
import { securityHeaders } from './http/headers.ts'
import { operationsRouter, unknownPath } from './http/router.ts'
import { consumeJourneys } from './journeys/consumer.ts'
import { tenantFacts } from './journeys/facts.ts'
import { journeyFinder } from './journeys/finder.ts'
import { liveJourneys } from './journeys/live.ts'
import { redisJourneys } from './journeys/store.ts'
import { redisRememberedAnswers } from './messages/idempotency.ts'
import { consumeReceipts, receiptQueue } from './messages/receipts.ts'
import { redisMessageStates } from './messages/states.ts'
import { tenantAccess } from './messages/tenant-access.ts'
import { openApiUi } from './openapi/ui.ts'
import { apiOperations } from './operations.ts'
import { consumeReports } from './reports/consumer.ts'
import { redisFlowReports } from './reports/flow.ts'
import { redisNotifierReports } from './reports/notifiers.ts'
import { startOwnPresence } from './reports/own-presence.ts'
import { redisPresences } from './reports/presence.ts'
import { redisStates } from './reports/states.ts'
import { queueDepths } from './status/queues.ts'
import { providerClient } from './storages/provider.ts'

const now = () => new Date()
/** A service that is there hears of a change within this; the answer does not wait longer for the others. */
const announceMilliseconds = 2000

export function apiService(own: ApiEnvironment): ServiceOptions {
  let begin: () => void
  return {
    name: 'api',
    label: 'API',
    queues: [receiptQueue, journeyQueue],
    setup: async service => {
      begin = await assemble(service, own)
    },
    started: async () => begin(),
  }
}

/** Builds and wires the parts; answers what has to be said once the service listens. */
async function assemble(service: Service, own: ApiEnvironment): Promise<() => void> {
  const { app, broker, environment, log, metrics, redis } = service
  const users = redisUsers(redis)
  await ensureFirstAdministrator({ users, name: environment.adminUser, password: environment.adminPassword, now: now(), log })

  const { seal: sealKey, sign: signKey } = environment.keys
  const commands = commandClient({ broker, key: sealKey, source: `/${service.name}`, log, now })
  const distribution = new Distribution({ redis, broker, log, before: () => deliverKept({ redis, commands, sealKey, log }) })
  const store = configStore({ redis, key: sealKey, log, now, stored: () => distribution.kick() })
  await store.read()
  const states = redisStates(redis)
  const presences = redisPresences(redis, now)
  const flows = redisFlowReports(redis, now)
  const notifierReports = redisNotifierReports(redis, now)
  const letters = redisDeadLetters(redis, { key: sealKey, maxLetters: 10_000, keepDays: 30, now })
  const messageStates = redisMessageStates(redis)
  const journal = createJournal(service)
  const keptJourneys = redisJourneys(redis, { now })
  const consumptions = [
    consumeReports({ broker, redis, states, presences, flows, notifierReports, distribution, log }),
    consumeDeadLetters({ broker, letters, metrics, log, now }),
    consumeReceipts({ broker, states: messageStates, journal, log }),
    consumeJourneys({ broker, journeys: keptJourneys, limits: own.journeys, metrics, log }),
  ]

  const settings = () => store.recall().settings().document
  const agents = new AgentPool(new AllowList(environment.allowedPrivateHosts), () => settings().outboundProxy)
  const notifier = createNotifier({ service, settings, agents, report: reportDestination(service) })

  const audit = redisAuditTrail(redis, now)
  const attempts = redisAttempts(redis)
  const revoked = redisRevokedTokens(redis)
  const authenticate = bearerAuthentication({ key: signKey, users, revoked, now })
  const journeys = journeyFinder(keptJourneys, tenantFacts(store, states), now)
  const live = liveJourneys({
    redis,
    finder: journeys,
    isStillAllowed: async authorization =>
      authenticate(authorization).then(
        () => true,
        error => !(error instanceof ApiError),
      ),
    slow: metrics.counter('um_journey_clients_dropped_total', 'Listeners to the live stream that did not keep up.'),
    log,
    now,
  })
  metrics.gauge('um_journey_clients', 'Listeners to the live stream.', () => live.size)
  const operations = apiOperations({
    ...{ store, states, flows, presences, letters, messageStates, users, revoked, broker, connectors, storages, now },
    ...{ journal, journeys, live, notifierReports, commands, audit, sealKey, signKey },
    checkPassword: passwordCheck({ users, attempts, audit }),
    remembered: redisRememberedAnswers(redis),
    admit: tenantAccess({ authenticate, attempts, audit }),
    notifiers: checkedNotifierSettings({ allowAnyHost: environment.notifierAllowAnyHost }),
    tryStorage: providerClient(environment),
    testNotifier: destination => sendTest(destination, { service, agents }),
    queues: queueDepths(broker, Date.now),
    announced: () => distribution.settled(announceMilliseconds),
    tokenLifetimeSeconds: own.tokenLifetimeSeconds,
    version: service.version,
    deployment: environment.deployment,
    publicUrl: environment.publicUrl,
  })
  // one proxy is in front of us, the ingress: what it says of the client counts, what the client says of itself does not
  app.set('trust proxy', 1)
  app.use(securityHeaders({ https: environment.publicUrl.startsWith('https:') }))
  app.use('/api/v1', operationsRouter(operations, authenticate))
  app.use('/api/v1/openapi-ui', openApiUi())
  app.use(unknownPath)

  const presence = startOwnPresence({ presences, self: { service: service.name, replica: environment.replica, version: service.version }, now, log })
  service.addReadiness('redis', () => redis.status === 'ready')
  service.onDrain('notice', () => notifier.close())
  service.onDrain('presence', () => presence.stop())
  service.onDrain('live journeys', async () => live.close())
  service.onDrain('queues', async () => {
    await Promise.all(consumptions.map(consumption => consumption.stop()))
  })
  service.onDrain('configuration', () => distribution.stop())
  service.onDrain('journal', async () => journal.close())
  return () => notifier.notify({ event: 'service.started', message: `${service.label} ${service.version} has started` })
}
