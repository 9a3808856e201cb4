import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { containerEngine } from './container.ts'
import { type Engine, processEngine } from './engine.ts'
import { eventually } from './eventually.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'
import { provide } from './provision.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface RedisOptions {
  port?: number
  /** kept after `stop`; default: a temporary folder that goes with the server */
  dataDir?: string
  password?: string
  /** gives up while it starts */
  signal?: AbortSignal
}
export interface RedisServer {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly password: string | undefined
  /** for good: a server with a temporary folder cannot be started again */
  stop(): Promise<void>
  /** SIGKILL; `restart` brings it back with what it had written */
  kill9(): Promise<void>
  /** stops it in good order if it runs, starts it with its data and waits until it answers */
  restart(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  pids(): number[]
}

/** A Redis as the services want theirs: append-only, written to the disk every second, no snapshots. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort())
  const folder = temporaryFolder('redis', options.dataDir)
  const settings = [
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'daemonize no',
    ...(options.password === undefined ? [] : [`requirepass ${options.password}`]),
  ]
  const source = await provide('redis')
  const engine = source.kind === 'docker' ? await inContainer(port, settings, options.dataDir) : asProcess(source.path, port, settings, folder.path)

  const start = async (): Promise<void> => {
    await engine.start()
    await untilReady(engine, port, options)
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

  const credentials = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`
  return {
    url: `redis://${credentials}${engine.host}:${port}`,
    host: engine.host,
    port,
    password: options.password,
    stop,
    kill9: engine.kill9,
    restart: async () => {
      await engine.stop()
      await start()
    },
    pause: engine.pause,
    resume: engine.resume,
    pids: engine.pids,
  }
}

function asProcess(program: string, port: number, settings: string[], folder: string): Engine {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { recursive: true })
  const configFile = join(folder, 'redis.conf')
  writeFileSync(configFile, [...settings, 'bind 127.0.0.1', `port ${port}`, `dir ${dataDir}`, ''].join('\n'), { mode: 0o600 })
  const launch = () =>
    startProcess(program, [configFile], {
      name: `redis on port ${port}`,
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
      logFile: join(folder, 'redis.log'),
    })
  return processEngine(launch, 10_000)
}

async function inContainer(port: number, settings: string[], dataDir: string | undefined): Promise<Engine> {
  const target = '/etc/um-redis.conf'
  return await containerEngine({
    image: 'redis:7-alpine',
    containerPort: 6379,
    hostPort: port,
    hostname: 'redis',
    command: ['redis-server', target],
    files: [{ target, content: [...settings, 'protected-mode no', 'dir /data', ''].join('\n') }],
    ...(dataDir === undefined ? {} : { mount: { source: dataDir, target: '/data' } }),
  })
}

async function untilReady(engine: Engine, port: number, { password, signal }: RedisOptions): Promise<void> {
  try {
    await eventually(
      async () => {
        if (!(await engine.isRunning())) return true
        return await answersPing(engine.host, port, password)
      },
      { withinMs: 20_000, what: `redis on port ${port}`, ...(signal && { signal }) },
    )
    if (await engine.isRunning()) return
    throw new Error(`redis on port ${port} ended while it started`)
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${await engine.tail()}`, { cause: error })
  }
}

/** +PONG, and not the -LOADING of a server that still reads its data. */
function answersPing(host: string, port: number, password: string | undefined): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    let answer = ''
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer to PING')))
    socket.once('error', reject)
    socket.on('data', chunk => {
      answer += chunk.toString('latin1')
      const line = answer.split('\r\n').find(part => part === '+PONG' || part.startsWith('-'))
      if (line === undefined) return
      socket.destroy()
      resolve(line === '+PONG')
    })
    socket.write(password === undefined ? 'PING\r\n' : `AUTH ${password}\r\nPING\r\n`)
  })
}
