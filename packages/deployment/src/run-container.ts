import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventualValue } from '@um/testing/eventually'
import { type Exit, type RunningProcess, startProcess } from '@um/testing/process'

/** What a container runtime is told about one container; the limits are those of Kubernetes. */
export interface ContainerOptions {
  readonly name: string
  /** root file system, as `buildah mount` gives it */
  readonly root: string
  readonly isRootReadOnly: boolean
  readonly user: number
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cpuMilli?: number | undefined
  readonly memoryMebibytes?: number | undefined
  /** path of a network name space; that of this machine when absent */
  readonly network?: string
  /** content of /etc/hosts */
  readonly hosts?: string
}

export interface RunningContainer {
  /** all that it has written */
  logs(): string
  isRunning(): boolean
  readonly exited: Promise<Exit>
  /** highest memory use since the start, if this machine counts it */
  peakMebibytes(): number | undefined
  /** SIGTERM to the program; ends with its exit code */
  stop(): Promise<Exit & { killed: boolean }>
}

/** The image's part of the configuration, as Docker knows it. */
export interface ImageConfiguration {
  readonly Entrypoint: readonly string[]
  readonly Env: readonly string[]
  readonly User: string
}

/** An image that buildah has, mounted; `dispose` forgets the mount. */
export function mountImage(image: string): { root: string; configuration: ImageConfiguration; environment: Record<string, string>; dispose(): void } {
  const container = buildah('from', '--pull-never', image)
  const inspected = JSON.parse(buildah('inspect', '--type', 'image', image)) as { Docker: { config: ImageConfiguration } }
  const configuration = inspected.Docker.config
  const environment = Object.fromEntries(configuration.Env.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  return { root: buildah('mount', container), configuration, environment, dispose: () => void buildah('rm', container) }
}

/** Starts a container with crun, without capabilities, as the chart's security context asks for it. Needs root. */
export async function runContainer(options: ContainerOptions): Promise<RunningContainer> {
  const id = `um-${process.pid}-${options.name}`
  const bundle = mkdtempSync(join(tmpdir(), 'container-'))
  const pidFile = join(bundle, 'pid')
  if (options.hosts !== undefined) writeFileSync(join(bundle, 'hosts'), options.hosts)
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(specification(id, bundle, options)))
  const crun = `exec crun --cgroup-manager=cgroupfs run --bundle ${bundle} --pid-file ${pidFile} ${id}`
  // crun refuses machines that mount the old and the new control groups side by side; it is shown the old ones only.
  const script = `umount /sys/fs/cgroup/unified 2>/dev/null || true\n${crun}`
  const child: RunningProcess = await startProcess('unshare', ['--mount', 'sh', '-c', script], {
    name: options.name,
    env: { PATH: process.env.PATH ?? '' },
    logFile: join(bundle, 'log'),
  })
  const pid = await eventualValue(() => (child.isRunning() ? Number(readFileSync(pidFile, 'utf8')) || undefined : 0), { what: `the start of ${options.name}` })
  let logs = ''
  const readLogs = (): string => (logs = child.isRunning() || logs === '' ? child.output() : logs)
  void child.exited.then(() => {
    logs = child.output()
    rmSync(bundle, { recursive: true, force: true })
  })
  return {
    logs: readLogs,
    isRunning: () => child.isRunning(),
    exited: child.exited,
    peakMebibytes: () => peakMebibytes(id),
    stop: async () => {
      if (pid > 0 && child.isRunning()) process.kill(pid, 'SIGTERM')
      const killed = await Promise.race([child.exited.then(() => false), new Promise<boolean>(resolve => setTimeout(() => resolve(true), 40_000).unref())])
      if (killed && child.isRunning()) process.kill(pid, 'SIGKILL')
      return { ...(await child.exited), killed }
    },
  }
}

/** The runtime's own file format (OCI). Control groups are mounted as in Kubernetes: Node reads its memory limit from there. */
function specification(id: string, bundle: string, options: ContainerOptions): object {
  const { cpuMilli, memoryMebibytes } = options
  const mount = (destination: string, type: string, source: string, ...settings: string[]) => ({ destination, type, source, options: settings })
  return {
    ociVersion: '1.0.0',
    process: {
      user: { uid: options.user, gid: options.user },
      args: options.words,
      env: Object.entries(options.environment).map(([name, value]) => `${name}=${value}`),
      cwd: '/app',
      capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
      noNewPrivileges: true,
    },
    root: { path: options.root, readonly: options.isRootReadOnly },
    hostname: options.name.slice(0, 63),
    mounts: [
      mount('/proc', 'proc', 'proc'),
      mount('/dev', 'tmpfs', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
      mount('/sys/fs/cgroup', 'cgroup', 'cgroup', 'ro', 'nosuid', 'noexec', 'nodev'),
      mount('/tmp', 'tmpfs', 'tmpfs', 'nosuid', 'nodev', 'mode=1777', 'size=64m'),
      ...(options.hosts === undefined ? [] : [mount('/etc/hosts', 'bind', join(bundle, 'hosts'), 'bind', 'ro')]),
    ],
    linux: {
      namespaces: [
        { type: 'pid' },
        { type: 'mount' },
        { type: 'ipc' },
        { type: 'uts' },
        { type: 'cgroup' },
        ...(options.network === undefined ? [] : [{ type: 'network', path: options.network }]),
      ],
      cgroupsPath: `/${id}`,
      resources: {
        ...(memoryMebibytes === undefined ? {} : { memory: { limit: memoryMebibytes * 2 ** 20 } }),
        ...(cpuMilli === undefined ? {} : { cpu: { quota: cpuMilli * 100, period: 100_000 } }),
      },
    },
  }
}

function peakMebibytes(id: string): number | undefined {
  for (const file of [`/sys/fs/cgroup/memory/${id}/memory.max_usage_in_bytes`, `/sys/fs/cgroup/${id}/memory.peak`]) {
    try {
      return Number(readFileSync(file, 'utf8')) / 2 ** 20
    } catch {
      // the other kind of control groups, or none
    }
  }
  return undefined
}

function buildah(...words: string[]): string {
  return execFileSync('buildah', words, { encoding: 'utf8' }).trim()
}
