import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { freePort } from '@um/testing/ports'
import { type RunningProcess, run, startProcess } from '@um/testing/process'
import { startRabbit } from '@um/testing/rabbitmq'
import { startRedis } from '@um/testing/redis'
import { type Replica, replicaOf } from '@um/testing/replica'
import { findServices } from '@um/testing/repository'
import { readChartValues } from '../src/chart-values.ts'
import { repository } from '../src/paths.ts'
import { flagsFor, runtime } from '../src/runtime.ts'
import { type Workload, workloadsOf } from '../src/workloads.ts'
import { install } from './look.ts'

/**
 * What the chart renders for a service is what the service reads: one of each kind is started with exactly the variables of its
 * Deployment, users and passwords among them; only hosts and ports are those of this machine.
 */
const password = 'correct-horse-battery-staple'
const values = {
  rabbitmq: { auth: { password: 'rabbit-Secret/1' } },
  global: { redis: { password: 'redis-Secret/1' }, rabbitmq: { vhost: 'gum/prod', user: 'gum' } },
}
const workloads = workloadsOf(install(values))
const oneOfEachKind = [
  ...new Map(
    readChartValues()
      .services.filter(({ name }) => findServices().includes(name))
      .map(({ kind, name }) => [kind, name]),
  ).values(),
]
const cleanup = new AsyncDisposableStack()
const replicas = new Map<string, Replica>()
let apiAddress: Record<string, string>
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rendered-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  await run(process.execPath, ['scripts/build.ts', '--quiet', '--services', oneOfEachKind.join(',')], { cwd: repository })
  const rabbit = await startRabbit()
  cleanup.defer(rabbit.stop)
  await rabbit.ctl('add_user', 'gum', 'rabbit-Secret/1')
  await rabbit.ctl('add_vhost', 'gum/prod')
  await rabbit.ctl('set_permissions', '--vhost', 'gum/prod', 'gum', '.*', '.*', '.*')
  for (const service of oneOfEachKind) {
    const { environment } = workloadOf(service)
    const address: Record<string, string> =
      environment.RABBITMQ_PASSWORD === undefined ? {} : { RABBITMQ_HOST: rabbit.host, RABBITMQ_PORT: String(rabbit.port) }
    if (environment.REDIS_HOST !== undefined) {
      const redis = await startRedis({ password: 'redis-Secret/1' })
      cleanup.defer(redis.stop)
      Object.assign(address, { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port) })
    }
    if (service === 'api') apiAddress = address
    const [port, healthPort] = [await freePort(), await freePort()]
    const env = { ...environment, ...runtime.environment, ...address, HOST: '127.0.0.1', PORT: String(port), HEALTH_PORT: String(healthPort) }
    const command = [process.execPath, ...flagsFor(workloadOf(service).memoryMebibytes ?? 64), join(repository, 'services', service, 'dist/main.mjs')] as const
    replicas.set(service, replicaOf({ service, number: 0, port, healthPort, env, cwd: folder, command: [...command], logFile: join(folder, `${service}.log`) }))
  }
}, 180_000)

afterAll(async () => {
  await Promise.all([...replicas.values()].map(replica => replica.stop()))
  await cleanup.disposeAsync()
}, 60_000)

describe('with the variables that the chart renders', () => {
  it.each(oneOfEachKind)(
    '%s starts and is ready',
    async service => {
      const replica = replicas.get(service)

      await replica?.start()

      expect(await replica?.isReady()).toBe(true)
    },
    90_000,
  )

  it('the job refuses a weak password and says why', async () => {
    const { code, output } = await runJob('summer2024')

    expect(code).toBe(1)
    expect(output).toMatch(/too easy to guess.*at least 3/)
    expect(output).not.toContain('summer2024')
  }, 60_000)

  it('the job sets a strong one, with which the administrator can log in', async () => {
    const { code, output } = await runJob(password)
    const login = async (tried: string) => {
      const body = JSON.stringify({ user: 'admin', password: tried })
      return (await fetch(`${replicas.get('api')?.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status
    }

    expect([code, output.trim()]).toEqual([0, 'the password of "admin" is set'])
    expect(await login(password)).toBe(200)
    expect(await login('summer2024')).toBe(401)
  }, 60_000)
})

async function runJob(chosen: string): Promise<{ code: number | null; output: string }> {
  const job = workloadsOf(install(values, { flags: ['--set', `api.admin.password=${chosen}`] })).find(({ name }) => name === 'prod-set-admin-password')
  if (job === undefined) throw new Error('no job is rendered')
  const logFile = join(folder, `job-${chosen.length}.log`)
  const bundle = join(repository, 'services/api/dist/main.mjs')
  const child: RunningProcess = await startProcess(process.execPath, [bundle, ...job.args], {
    env: { ...job.environment, ...apiAddress },
    logFile,
  })
  const { code } = await child.exited
  return { code, output: child.output() }
}

function workloadOf(service: string): Workload {
  const found = workloads.find(({ name }) => name === `prod-${service}`)
  if (found === undefined) throw new Error(`no Deployment is rendered for ${service}`)
  return found
}
