import { setTimeout as sleep } from 'node:timers/promises'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { startRedis } from '@um/testing/redis'
import { mountImage, type RunningContainer, runContainer } from './run-container.ts'
import type { VirtualNetwork } from './virtual-network.ts'
import type { Workload } from './workloads.ts'

/** Starts the RabbitMQ and every Redis that the workloads name, under just those names, ports, users and passwords. */
export async function startServersOf(workloads: readonly Workload[], network: VirtualNetwork, cleanup: AsyncDisposableStack): Promise<void> {
  const redises = new Map<string, { port: number; password: string | undefined }>()
  let broker: { host: string; port: number; user: string; password: string; vhost: string } | undefined
  for (const { environment } of workloads) {
    const { REDIS_HOST, REDIS_PORT = '6379', REDIS_PASSWORD, RABBITMQ_HOST, RABBITMQ_PORT = '5672' } = environment
    if (REDIS_HOST !== undefined) redises.set(REDIS_HOST, { port: Number(REDIS_PORT), password: REDIS_PASSWORD })
    const { RABBITMQ_USER = 'user', RABBITMQ_PASSWORD, RABBITMQ_VHOST = '/' } = environment
    if (RABBITMQ_HOST !== undefined && RABBITMQ_PASSWORD !== undefined)
      broker = { host: RABBITMQ_HOST, port: Number(RABBITMQ_PORT), user: RABBITMQ_USER, password: RABBITMQ_PASSWORD, vhost: RABBITMQ_VHOST }
  }
  for (const [host, { port, password }] of redises) {
    const redis = await startRedis(password === undefined ? {} : { password })
    cleanup.defer(redis.stop)
    await network.relay(host, port, redis)
  }
  if (broker === undefined) return
  const rabbit = await startRabbit()
  cleanup.defer(rabbit.stop)
  await admit(rabbit, broker)
  await network.relay(broker.host, broker.port, rabbit)
}

async function admit(rabbit: RabbitServer, { user, password, vhost }: { user: string; password: string; vhost: string }): Promise<void> {
  await rabbit.ctl('add_user', user, password)
  if (vhost !== '/') await rabbit.ctl('add_vhost', vhost)
  await rabbit.ctl('set_permissions', '--vhost', vhost, user, '.*', '.*', '.*')
}

/** Starts one workload as its description says; what the image sets holds unless the description says otherwise. */
export async function startWorkload(workload: Workload, network: VirtualNetwork, space: string, cleanup: AsyncDisposableStack): Promise<RunningContainer> {
  const mounted = mountImage(workload.image)
  cleanup.defer(mounted.dispose)
  const { command, args, name, user, isRootReadOnly, cpuMilli, memoryMebibytes } = workload
  const container = await runContainer({
    ...{ name, user, isRootReadOnly, cpuMilli, memoryMebibytes },
    root: mounted.root,
    words: [...(command.length > 0 ? command : mounted.configuration.Entrypoint), ...args],
    environment: { ...mounted.environment, ...workload.environment },
    network: space,
    hosts: network.hosts(),
  })
  cleanup.defer(async () => void (await container.stop()))
  return container
}

/** Waits until the workload's own readiness probe succeeds; answers how long that took, in seconds. */
export async function untilReady(container: Pick<RunningContainer, 'isRunning' | 'logs'>, url: string, withinMs = 120_000): Promise<number> {
  const began = performance.now()
  let answer = 'no answer'
  while (performance.now() - began < withinMs) {
    if (!container.isRunning()) throw new Error(`it ended: ${container.logs().trim().split('\n').at(-1)}`)
    try {
      const { status } = await fetch(url, { signal: AbortSignal.timeout(5000) })
      if (status < 400) return (performance.now() - began) / 1000
      answer = `status ${status}`
    } catch {
      answer = 'no answer'
    }
    await sleep(100)
  }
  throw new Error(`${url} is not ready within ${withinMs / 1000} s: ${answer}`)
}

/** For scripts: the whole text of an answer, whatever its status. */
export async function ask(url: string, body?: object): Promise<{ status: number; text: string }> {
  const options = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(url, { ...options, redirect: 'manual', signal: AbortSignal.timeout(10_000) })
  return { status: answer.status, text: await answer.text() }
}
