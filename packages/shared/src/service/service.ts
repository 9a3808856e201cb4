import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import express, { type Express } from 'express'
import { Broker, type QueueSpec } from '../amqp/index.ts'
import { problemHandler } from '../errors/index.ts'
import { createLogger, type Logger } from '../log/index.ts'
import { createMetrics, type Metrics } from '../metrics/index.ts'
import { createRedis, type Redis, whenReady } from '../redis/index.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { startHealth } from './health.ts'
import { version } from './version.ts'

/** What every service stands on. Handed to `setup`. */
export interface Service {
  /** 'telegram-connector' */
  readonly name: string
  /** 'Telegram Connector' */
  readonly label: string
  readonly version: string
  readonly environment: Environment
  readonly log: Logger
  readonly metrics: Metrics
  readonly redis: Redis
  readonly broker: Broker
  /** routes go here; `problemHandler` is added behind them */
  readonly app: Express
  /** aborted when the drain begins */
  readonly stopping: AbortSignal
  /** What has to happen on SIGTERM, in the order of registration: stop taking work, finish what is in hand. */
  onDrain(name: string, work: () => Promise<void>): void
  /** ready only while all of these say so */
  addReadiness(name: string, check: () => boolean): void
}
export interface ServiceOptions {
  name: string
  label: string
  queues?: readonly QueueSpec[]
  /** false: no RabbitMQ (and no Redis), e.g. the web site */
  plumbing?: boolean
  /** 0: a request may take as long as its bytes flow; default two minutes */
  requestMilliseconds?: number
  setup(service: Service): Promise<void>
  /** after everything listens and is ready for the first time */
  started?(service: Service): Promise<void>
}

const drainMilliseconds = 25_000
const silentMilliseconds = 1000

/** Starts a service and runs it until SIGTERM or SIGINT. Exits 0 after a drain, 1 when it cannot start or breaks. */
export async function runService(options: ServiceOptions): Promise<void> {
  let environment: Environment
  try {
    environment = readEnvironment()
  } catch (error) {
    process.stderr.write(`${options.name}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
  const log = createLogger({ name: options.name, level: environment.logLevel, flushMilliseconds: environment.logFlushMilliseconds })
  const fail = (error: unknown, message: string) => {
    log.fatal({ err: error }, message)
    log.flush()
    process.exit(1)
  }
  process.on('uncaughtException', error => fail(error, 'uncaught exception'))
  process.on('unhandledRejection', error => fail(error, 'unhandled rejection'))
  const aborter = new AbortController()
  let running: Promise<RunningService> | undefined
  let stopped = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopped) process.exit(1)
    stopped = true
    log.info({ signal }, 'stopping')
    aborter.abort()
    // a start that waits for Redis is given up; one that is nearly done is drained
    Promise.resolve(running)
      .then(
        started => started?.stop(),
        () => undefined,
      )
      .then(
        () => {
          log.info({}, 'stopped')
          log.flush()
          process.exit(0)
        },
        error => fail(error, 'drain failed'),
      )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  running = startService(options, environment, log, aborter)
  running.catch(error => {
    if (!stopped) fail(error, 'start failed')
  })
  await running.catch(() => undefined)
}

export interface RunningService {
  service: Service
  port: number
  healthPort: number
  stop(): Promise<void>
}

/** The same without signals and exits, for tests. */
export async function startService(options: ServiceOptions, environment: Environment, log: Logger, aborter = new AbortController()): Promise<RunningService> {
  const drains: { name: string; work: () => Promise<void> }[] = []
  const readiness = new Map<string, () => boolean>()
  const metrics = createMetrics({ service: options.name, replica: environment.replica })
  const health = await startHealth({ host: environment.host, port: environment.healthPort, metrics, readiness, log })
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // one proxy is in front of us, the ingress: what it says of the client counts, what the client says of itself does not
  app.set('trust proxy', 1)
  const redis = createRedis(environment.redisUrl, log.child({ component: 'redis' }))
  const broker = new Broker({ url: environment.rabbitUrl, queues: options.queues ?? [], log: log.child({ component: 'amqp' }) })
  const service: Service = {
    name: options.name,
    label: options.label,
    version,
    environment,
    log,
    metrics,
    redis,
    broker,
    app,
    stopping: aborter.signal,
    onDrain: (name, work) => drains.push({ name, work }),
    addReadiness: (name, check) => readiness.set(name, check),
  }
  let listening = false
  readiness.set('started', () => listening && !aborter.signal.aborted)
  if (options.plumbing !== false) await whenReady(redis, aborter.signal)
  await options.setup(service)
  app.use(problemHandler((error, req) => log.error({ err: error, method: req.method, path: req.path }, 'request failed')))
  const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 66_000, requestTimeout: options.requestMilliseconds ?? 120_000 }, app)
  const silent = silentSockets(server)
  if (options.plumbing !== false) broker.start()
  await listen(server, environment.port, environment.host)
  listening = true
  const { port } = server.address() as AddressInfo
  log.info({ port, healthPort: health.port, version }, 'started')
  if (options.started) await options.started(service)
  return {
    service,
    port,
    healthPort: health.port,
    async stop() {
      aborter.abort()
      const closed = closeServer(server, silent)
      const within = timeLimit(drainMilliseconds)
      const steps = [
        ...drains,
        { name: 'requests', work: () => closed },
        { name: 'broker', work: () => broker.close() },
        { name: 'health', work: () => health.close() },
      ]
      for (const { name, work } of steps) {
        await within(work()).then(
          done => done || log.warn({ step: name }, 'drain step took too long'),
          error => log.error({ err: error, step: name }, 'drain step failed'),
        )
      }
      redis.disconnect()
      within.end()
    },
  }
}

/** Waits for work until the common deadline; false when that came first. */
function timeLimit(milliseconds: number): ((work: Promise<void>) => Promise<boolean>) & { end(): void } {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const within = (work: Promise<void>) => Promise.race([work.then(() => true as const), over])
  return Object.assign(within, { end: () => clearTimeout(timer) })
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

/**
 * Idle keep-alive connections end at once, busy ones after their answer. Connections on which nothing was ever asked (browsers and HTTP clients open them in advance) do
 * not count as idle for Node: they get a moment, then they go too, so that they hold up no drain.
 */
function closeServer(server: Server, silent: ReadonlySet<Socket>): Promise<void> {
  return new Promise(resolve => {
    const sweep = setInterval(() => server.closeIdleConnections(), 100)
    const last = setTimeout(() => {
      for (const socket of silent) socket.destroy()
    }, silentMilliseconds)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(last)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** Connections on which no request has come yet. */
function silentSockets(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', socket => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }) => silent.delete(socket))
  return silent
}
