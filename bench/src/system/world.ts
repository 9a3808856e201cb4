import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Load, LoadResult, Reply, Request, WorldCalls } from '../world/protocol.ts'

/** The bench's side of the world's process. */
export interface World {
  readonly pid: number
  readonly telegramUrl: string
  readonly genesysUrl: string
  readonly s3Url: string
  target(ports: Parameters<WorldCalls['target']>[0]): Promise<void>
  run(load: Load): Promise<LoadResult>
  hang(tenant: number | null): Promise<void>
  stop(): void
}

export async function startWorld(population: Parameters<WorldCalls['start']>[0]): Promise<World> {
  const child = fork(join(import.meta.dirname, '../world/main.ts'), { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'inherit' })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0
  child.on('message', ({ id, result, error }: Reply) => {
    const entry = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) entry?.resolve(result)
    else entry?.reject(new Error(error))
  })
  child.on('exit', code => {
    for (const entry of waiting.values()) entry.reject(new Error(`the load generator has ended with code ${code}`))
    waiting.clear()
  })
  function call<Name extends keyof WorldCalls>(name: Name, argument: Parameters<WorldCalls[Name]>[0]): Promise<ReturnType<WorldCalls[Name]>> {
    last += 1
    const id = last
    return new Promise<ReturnType<WorldCalls[Name]>>((resolve, reject) => {
      waiting.set(id, { resolve: value => resolve(value as ReturnType<WorldCalls[Name]>), reject })
      child.send({ id, name, argument } satisfies Request)
    })
  }
  const { telegramPort, genesysPort, s3Port } = await call('start', population)
  return {
    pid: child.pid ?? 0,
    telegramUrl: `http://127.0.0.1:${telegramPort}`,
    genesysUrl: `http://127.0.0.1:${genesysPort}`,
    s3Url: `http://127.0.0.1:${s3Port}`,
    target: ports => call('target', ports),
    run: load => call('run', load),
    hang: tenant => call('hang', tenant),
    stop: () => child.disconnect(),
  }
}
