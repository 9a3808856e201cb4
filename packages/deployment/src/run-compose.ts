import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startProcess } from '@um/testing/process'
import { composeWorkloads } from './compose-workloads.ts'
import { repository } from './paths.ts'
import { ask, startServersOf, startWorkload, untilReady } from './run-workloads.ts'
import { insideOwnNetwork, openVirtualNetwork } from './virtual-network.ts'

/**
 * Runs docker/compose.yaml without Docker: its services as containers with just its images, variables and limits, in a network with
 * its names, on real RabbitMQ and Redis servers; its gateway with a Caddy of this machine. Ends with 1 when something does not work.
 *
 *   docker/build.sh --engine buildah ... && node packages/deployment/src/run-compose.ts [--caddy PROGRAM] [--without SERVICE]...
 *
 * Needs root, buildah (which has the images), crun, iproute2, Caddy, and RabbitMQ and Redis on this machine.
 */
const { values: options } = parseArgs({
  options: { caddy: { type: 'string', default: 'caddy' }, without: { type: 'string', multiple: true, default: [] } },
})

async function main(): Promise<void> {
  await using cleanup = new AsyncDisposableStack()
  const network = openVirtualNetwork()
  cleanup.defer(network.close)
  const { workloads: all, gateway } = composeWorkloads(readFileSync(join(repository, 'docker/compose.yaml'), 'utf8'), 'localhost/')
  const workloads = all.filter(({ name }) => !options.without.includes(name))
  const spaces = new Map(workloads.map(({ name }) => [name, network.addContainer(name)]))
  await startServersOf(workloads, network, cleanup)

  await Promise.all(
    workloads.map(async workload => {
      const container = await startWorkload(workload, network, spaces.get(workload.name) ?? '', cleanup)
      const seconds = await untilReady(container, `http://${network.addressOf(workload.name)}:32000/healthz/readiness`)
      console.log(`  ${workload.name} is ready after ${seconds.toFixed(1)} s`)
    }),
  )
  await startGateway(gateway)
  const address = 'http://10.222.0.1:8080'
  for (const [, path] of gateway.matchAll(/reverse_proxy (\/\S*)\*/g)) console.log(`  gateway${path} answers ${(await ask(`${address}${path}`)).status}`)
  const { status } = await ask(`${address}/api/v1/auth/login`, { user: 'admin', password: 'correct-horse-battery-staple' })
  console.log(`  login through the gateway answers ${status}`)
  if (status !== 200) throw new Error('the login was refused')

  /** It looks names up as every program does; this process, and nobody else, sees the other file of names. */
  async function startGateway(configuration: string): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-'))
    cleanup.defer(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'hosts'), network.hosts())
    writeFileSync(join(folder, 'Caddyfile'), configuration)
    execFileSync('mount', ['--bind', join(folder, 'hosts'), '/etc/hosts'])
    cleanup.defer(() => void execFileSync('umount', ['/etc/hosts']))
    const caddy = await startProcess(options.caddy, ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
      env: { HOME: folder, PATH: process.env.PATH ?? '' },
      logFile: join(folder, 'log'),
    })
    cleanup.defer(async () => void (await caddy.stop()))
    await untilReady({ isRunning: caddy.isRunning, logs: caddy.output }, 'http://10.222.0.1:8080/api/v1/openapi')
  }
}

if (insideOwnNetwork()) {
  try {
    await main()
    console.log('everything is as it should be')
    process.exit(0)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
