import type { Engine } from './engine.ts'
import { run } from './process.ts'

export interface ContainerFacts {
  image: string
  containerPort: number
  hostPort: number
  command?: string[]
  environment?: Record<string, string>
  /** small files put into the container before it starts */
  files?: { target: string; content: string }[]
  hostname: string
  /** a folder of this machine that outlives the container */
  mount?: { source: string; target: string }
}

/**
 * The same server in a container. testcontainers makes it, and removes it even when this process dies; the engine's own commands do what testcontainers has no
 * word for: kill, pause, and start again with the same data and port.
 */
export async function containerEngine(facts: ContainerFacts): Promise<Engine> {
  const { GenericContainer, Wait } = await import('testcontainers')
  let container = new GenericContainer(facts.image)
    .withExposedPorts({ container: facts.containerPort, host: facts.hostPort })
    .withHostname(facts.hostname)
    .withEnvironment(facts.environment ?? {})
    .withCopyContentToContainer(facts.files ?? [])
    .withWaitStrategy(Wait.forListeningPorts())
  if (facts.command !== undefined) container = container.withCommand(facts.command)
  if (facts.mount !== undefined) container = container.withBindMounts([{ ...facts.mount, mode: 'rw' }])

  const started = await container.start()
  const id = started.getId()
  const docker = async (...args: string[]): Promise<string> => await run('docker', args, { withinMs: 60_000 })
  const isRunning = async (): Promise<boolean> => (await docker('inspect', '--format', '{{.State.Running}}', id)).trim() === 'true'

  return {
    host: started.getHost(),
    start: async () => {
      if (!(await isRunning())) await docker('start', id)
    },
    stop: async () => {
      if (await isRunning()) await docker('stop', '--time', '20', id)
    },
    kill9: async () => {
      if (await isRunning()) await docker('kill', '--signal', 'KILL', id)
    },
    pause: async () => {
      await docker('pause', id)
    },
    resume: async () => {
      await docker('unpause', id)
    },
    dispose: async () => {
      await docker('rm', '--force', '--volumes', id)
    },
    isRunning,
    tail: async () => await docker('logs', '--tail', '40', id),
    pids: () => [],
    exec: async command => await docker('exec', id, ...command),
  }
}
