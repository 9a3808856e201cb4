import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, isFree, type RabbitServer, startProcess } from '@um/testing'
import { repository } from '@um/testing/repository'
import { containerFlags, readRuntime } from './image.ts'
import type { Running } from './running.ts'
import { waitUntil } from './service.ts'
import type { World } from './world.ts'

const sides = [
  { side: 'telegram', other: 'gcloudcx' },
  { side: 'gcloudcx', other: 'telegram' },
] as const

/** The two processes of the bare pipeline (see `bare/main.ts`), with the flags that the services have. */
export async function startBare({ broker, world, memoryMiB }: { broker: RabbitServer; world: World; memoryMiB: number }): Promise<Running> {
  await using cleanup = new AsyncDisposableStack()
  const logs = join(repository, '.cache/bench/logs')
  mkdirSync(logs, { recursive: true })
  const started = new Map<string, { pid: number; port: number }>()
  for (const { side, other } of sides) {
    const port = await freePort()
    const running = await startProcess(
      process.execPath,
      [...containerFlags(memoryMiB), '--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../bare/main.ts')],
      {
        name: `bare ${side}`,
        logFile: join(logs, `${process.pid}-bare-${side}.log`),
        env: {
          PATH: process.env.PATH ?? '',
          NODE_ENV: 'production',
          ...readRuntime().environment,
          SIDE: side,
          OTHER: other,
          PORT: String(port),
          RABBITMQ_URL: broker.url,
          PLATFORM_URL: side === 'telegram' ? world.telegramUrl : world.genesysUrl,
        },
      },
    )
    cleanup.defer(async () => void (await running.stop()))
    await waitUntil(
      async () => {
        if (!running.isRunning()) throw new Error(`bare ${side} has ended:\n${running.tail()}`)
        return !(await isFree(port))
      },
      `bare ${side}`,
      20,
    )
    started.set(side, { pid: running.pid, port })
  }
  const all = cleanup.move()
  const portOf = (side: string): number => started.get(side)?.port ?? 0
  return {
    name: 'bare',
    ports: { telegram: [portOf('telegram')], openmessaging: [portOf('gcloudcx')] },
    processes: new Map<string, readonly number[]>([
      ...[...started].map(([side, { pid }]) => [`bare ${side}`, [pid]] as const),
      ['rabbitmq', broker.pids()],
      ['load generator', [world.pid]],
    ]),
    stop: () => all.disposeAsync(),
  }
}
