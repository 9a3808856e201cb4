import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { type Engine, processEngine } from './engine.ts'
import { eventually } from './eventually.ts'
import { freePort } from './ports.ts'
import { type RunningProcess, run, startProcess } from './process.ts'

export interface RabbitProcessFacts {
  /** the real `rabbitmq-server` script */
  program: string
  port: number
  config: string[]
  folder: string
}

/**
 * A node of its own user, name, cookie, ports and folders. The Erlang port mapper (epmd), which nodes would otherwise start as a daemon that outlives them and is
 * shared with whatever else runs on this machine, is ours too: in the foreground, on its own port, and ended with the node.
 */
export async function rabbitProcess({ program, port, config, folder }: RabbitProcessFacts): Promise<Engine> {
  const mapperPort = await freePort()
  const env = nodeEnvironment({ port, distributionPort: await freePort(), mapperPort, folder })
  writeFiles(folder, [...config, `listeners.tcp.1 = 127.0.0.1:${port}`])
  const control = join(dirname(program), 'rabbitmqctl')
  let mapper: RunningProcess | undefined

  const launch = async (): Promise<RunningProcess> => {
    if (!mapper?.isRunning()) mapper = await startMapper(env, mapperPort, folder)
    return await startProcess(program, [], { name: `rabbitmq on port ${port}`, env, logFile: join(folder, 'rabbitmq.log'), cwd: folder })
  }
  const node = processEngine(launch, 20_000)

  return {
    ...node,
    dispose: async () => {
      await node.dispose()
      await mapper?.stop({ withinMs: 2_000 })
    },
    pids: () => [...node.pids(), ...(mapper?.isRunning() ? [mapper.pid] : [])],
    exec: async ([command = '', ...args]) => await run(command === 'rabbitmqctl' ? control : command, args, { env }),
  }
}

function writeFiles(folder: string, config: string[]): void {
  mkdirSync(join(folder, 'home'), { recursive: true, mode: 0o700 })
  mkdirSync(join(folder, 'log'), { recursive: true })
  const cookie = join(folder, 'home', '.erlang.cookie')
  if (!existsSync(cookie)) writeFileSync(cookie, randomBytes(20).toString('hex'), { mode: 0o400 })
  writeFileSync(join(folder, 'rabbitmq.conf'), `${config.join('\n')}\n`, { mode: 0o600 })
  writeFileSync(join(folder, 'enabled_plugins'), '[].\n')
}

function nodeEnvironment(facts: { port: number; distributionPort: number; mapperPort: number; folder: string }): Record<string, string> {
  const { port, distributionPort, mapperPort, folder } = facts
  const schedulers = Math.min(2, availableParallelism())
  const loopback = '-kernel inet_dist_use_interface {127,0,0,1}'
  return {
    PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`,
    LANG: 'C.UTF-8',
    HOME: join(folder, 'home'),
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // an Erlang node reserves tables for this many ports and processes
    ERL_MAX_PORTS: '8192',
    RABBITMQ_MAX_NUMBER_OF_PROCESSES: '262144',
    // the name binds the data to the node; it may be the same for all, as each has a port mapper of its own
    RABBITMQ_NODENAME: 'um@localhost',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'no-rabbitmq-env.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'no-advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
    RABBITMQ_PID_FILE: join(folder, 'rabbitmq.pid'),
    // the script then becomes the node, instead of waiting for it: the process that we started is the one to signal
    RABBITMQ_ALLOW_INPUT: 'true',
    RABBITMQ_SERVER_START_ARGS: '-noinput',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `+S ${schedulers}:${schedulers} ${loopback}`,
    RABBITMQ_CTL_ERL_ARGS: `+S 1:1 ${loopback}`,
    // any free port: several calls may run side by side
    RABBITMQ_CTL_DIST_PORT_MIN: '0',
    RABBITMQ_CTL_DIST_PORT_MAX: '0',
  }
}

async function startMapper(env: Record<string, string>, port: number, folder: string): Promise<RunningProcess> {
  const mapper = await startProcess('epmd', ['-port', String(port), '-address', '127.0.0.1'], { env, logFile: join(folder, 'epmd.log') })
  await eventually(() => canConnect(port), { withinMs: 10_000, what: 'epmd' })
  return mapper
}

function canConnect(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
