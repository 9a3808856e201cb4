import { randomBytes } from 'node:crypto'
import { connect } from 'amqplib'
import { containerEngine } from './container.ts'
import type { Engine } from './engine.ts'
import { eventually } from './eventually.ts'
import { freePort } from './ports.ts'
import { provide } from './provision.ts'
import { rabbitProcess } from './rabbitmq-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface RabbitOptions {
  port?: number
  /** kept after `stop`; default: a temporary folder that goes with the server. */
  dataDir?: string
  /** of the only user, `guest`; default: guest */
  password?: string
  /** further lines of rabbitmq.conf */
  config?: readonly string[]
  /** gives up while it starts */
  signal?: AbortSignal
}
export interface RabbitServer {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly password: string
  /** for good: a server with a temporary folder cannot be started again */
  stop(): Promise<void>
  /**
   * SIGKILL; `restart` brings it back with what it had written. RabbitMQ 3.10 writes its register of quorum queues every half second: a queue declared less than
   * a second before never answers again, so let a test's queues grow older than that first.
   */
  kill9(): Promise<void>
  /** stops it in good order if it runs, starts it with its data and waits until it answers */
  restart(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** `rabbitmqctl ...args`; its output */
  ctl(...args: string[]): Promise<string>
  pids(): number[]
}

/** A RabbitMQ node of its own, without plugins, on the loopback interface only. */
export async function startRabbit(options: RabbitOptions = {}): Promise<RabbitServer> {
  const port = options.port ?? (await freePort())
  const password = options.password ?? 'guest'
  const folder = temporaryFolder('rabbitmq', options.dataDir)
  const config = [...sharedConfig(password), ...(options.config ?? [])]
  const source = await provide('rabbitmq')
  const engine =
    source.kind === 'docker'
      ? await inContainer(port, config, options.dataDir)
      : await rabbitProcess({ program: source.path, port, config, folder: folder.path })
  const url = `amqp://guest:${encodeURIComponent(password)}@${engine.host}:${port}`

  const start = async (): Promise<void> => {
    await engine.start()
    await untilReady(engine, url, port, options.signal)
  }
  const stop = async (): Promise<void> => {
    await engine.dispose()
    folder.remove()
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }

  return {
    url,
    host: engine.host,
    port,
    password,
    stop,
    kill9: engine.kill9,
    restart: async () => {
      await engine.stop()
      await start()
    },
    pause: engine.pause,
    resume: engine.resume,
    ctl: async (...args) => await engine.exec(['rabbitmqctl', ...args]),
    pids: engine.pids,
  }
}

/** Small logs of the quorum queues (64 MiB instead of 512 MiB) and of memory: this node carries tests and demonstrations. */
function sharedConfig(password: string): string[] {
  return [
    'default_user = guest',
    `default_pass = ${password}`,
    'vm_memory_high_watermark.absolute = 1GB',
    'disk_free_limit.absolute = 50MB',
    'raft.wal_max_size_bytes = 67108864',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
  ]
}

async function inContainer(port: number, config: string[], dataDir: string | undefined): Promise<Engine> {
  return await containerEngine({
    image: 'rabbitmq:3.13-alpine',
    containerPort: 5672,
    hostPort: port,
    // the node's name, and with it the place of its data, derives from this
    hostname: 'rabbitmq',
    environment: { RABBITMQ_ERLANG_COOKIE: randomBytes(16).toString('hex') },
    files: [{ target: '/etc/rabbitmq/conf.d/20-um.conf', content: `${[...config, 'loopback_users = none'].join('\n')}\n` }],
    ...(dataDir === undefined ? {} : { mount: { source: dataDir, target: '/var/lib/rabbitmq' } }),
  })
}

async function untilReady(engine: Engine, url: string, port: number, signal: AbortSignal | undefined): Promise<void> {
  let ended = false
  try {
    await eventually(
      async () => {
        ended = !(await engine.isRunning())
        if (ended) return
        const connection = await connect(url, { timeout: 5_000 })
        await connection.close()
      },
      { withinMs: 90_000, everyMs: 100, what: `rabbitmq on port ${port}`, ...(signal && { signal }) },
    )
    if (ended) throw new Error(`rabbitmq on port ${port} ended while it started`)
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${await engine.tail()}`, { cause: error })
  }
}
