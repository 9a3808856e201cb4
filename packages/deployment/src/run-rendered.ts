import { parseArgs } from 'node:util'
import { eventually } from '@um/testing/eventually'
import { type Route, startGateway } from '@um/testing/gateway'
import { stringify } from 'yaml'
import { type KubernetesObject, render } from './render.ts'
import { ask, startServersOf, startWorkload, untilReady } from './run-workloads.ts'
import { valueAt } from './values-file.ts'
import { insideOwnNetwork, openVirtualNetwork, type VirtualNetwork } from './virtual-network.ts'
import { type Workload, workloadsOf } from './workloads.ts'

/**
 * Runs what "helm template" renders, without Kubernetes: a container per Deployment with just the image, words, variables, user and
 * limits that are rendered for it, in a network where the names of its services lead where they would, with a real RabbitMQ and a
 * Redis per service. Tells when each is ready, runs the job that sets the administrator's password, logs in, and asks each path of
 * the ingress. Ends with 1 when anything is not as it should be.
 *
 *   docker/build.sh --engine buildah ... && node packages/deployment/src/run-rendered.ts [--values FILE] [--registry localhost]
 *
 * Needs root, buildah (which has the images), crun, iproute2, and RabbitMQ and Redis on this machine.
 */
const password = 'correct-horse-battery-staple'
const { values: options } = parseArgs({
  options: { values: { type: 'string', multiple: true, default: [] }, registry: { type: 'string', default: 'localhost' } },
})

async function main(): Promise<void> {
  await using cleanup = new AsyncDisposableStack()
  const network = openVirtualNetwork()
  cleanup.defer(network.close)
  const objects = render({ files: options.values, values: valuesWith(password) })
  const workloads = workloadsOf(objects)
  const job = workloads.find(({ name }) => name.endsWith('set-admin-password'))
  const services = workloads.filter(workload => workload !== job)

  const gatewayAddress = network.nameMachine('gateway')
  const spaces = new Map(workloads.map(({ name }) => [name, network.addContainer(`pod-${name}`, ...headlessNamesOf(objects, name))]))
  await startServersOf(workloads, network, cleanup)
  for (const { name } of services) await network.relay(name, 80, { host: network.addressOf(`pod-${name}`), port: 3000 })
  const gateway = await startGateway({ host: gatewayAddress, port: 80, routes: routesOf(objects, network) })
  cleanup.defer(gateway.stop)

  console.log(`${services.length} deployments, started together, each inside its own limits:`)
  await Promise.all(services.map(service => startAndTell(service)))
  if (job !== undefined) await setPassword(job)
  await logIn()
  for (const { path } of routesOf(objects, network)) console.log(`  gateway${path} answers ${(await ask(`http://${gatewayAddress}${path}`)).status}`)
  if (services.some(({ name }) => name.endsWith('-lab'))) await lookAtLab()

  async function startAndTell(service: Workload): Promise<void> {
    const container = await startWorkload(service, network, spaces.get(service.name) ?? '', cleanup)
    if (service.probe === undefined) throw new Error(`${service.name} has no readiness probe`)
    const seconds = await untilReady(container, `http://${network.addressOf(`pod-${service.name}`)}:${service.probe.port}${service.probe.path}`)
    console.log(`  ${service.name} (${service.cpuMilli}m, ${service.memoryMebibytes}Mi) is ready after ${seconds.toFixed(1)} s`)
  }

  /** The weak one first: it must fail, and say why. */
  async function setPassword(rendered: Workload): Promise<void> {
    for (const [chosen, expected] of [
      ['summer2024', 1],
      [password, 0],
    ] as const) {
      const weak = { ...rendered, environment: { ...rendered.environment, ADMIN_PASSWORD: chosen } }
      const container = await startWorkload(weak, network, spaces.get(rendered.name) ?? '', cleanup)
      const { code } = await container.exited
      console.log(`  job with the password ${chosen} ends with ${code}: ${container.logs().trim().split('\n').at(-1)}`)
      if (code !== expected) throw new Error(`the job should have ended with ${expected}`)
    }
  }

  async function logIn(): Promise<void> {
    const { status } = await ask(`http://${gatewayAddress}/api/v1/auth/login`, { user: 'admin', password })
    console.log(`  login with that password answers ${status}`)
    if (status !== 200) throw new Error('the login was refused')
  }

  /** It logs in with the password that the job has set, and puts its tenants into the fleet. */
  async function lookAtLab(): Promise<void> {
    const lab = network.addressOf('pod-prod-lab')
    let told = ''
    await eventually(
      async () => {
        const { text } = await ask(`http://${lab}:3000/lab/api/info`)
        const info = JSON.parse(text) as { seed: { state: string; steps: unknown[] }; journal: { state: string } }
        told = `seed ${info.seed.state}, journal ${info.journal.state}`
        if (info.seed.state !== 'done') throw new Error(`${told}: ${JSON.stringify(info.seed.steps.slice(-3))}`)
      },
      { withinMs: 90_000, everyMs: 1000, what: 'the tenants of the Lab' },
    )
    console.log(`  the Lab: ${told}`)
  }
}

function valuesWith(adminPassword: string): string {
  return stringify({
    global: { image: { registry: options.registry } },
    api: { admin: { password: adminPassword }, api_root: 'http://gateway' },
  })
}

function headlessNamesOf(objects: readonly KubernetesObject[], deployment: string): string[] {
  const labels = valueAt(
    objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment),
    ['spec', 'selector', 'matchLabels'],
  )
  const headless = objects.filter(object => object.kind === 'Service' && valueAt(object, ['spec', 'clusterIP']) === 'None')
  return headless.filter(object => JSON.stringify(valueAt(object, ['spec', 'selector'])) === JSON.stringify(labels)).map(({ metadata }) => metadata.name)
}

function routesOf(objects: readonly KubernetesObject[], network: VirtualNetwork): Route[] {
  const paths = valueAt(
    objects.find(({ kind }) => kind === 'Ingress'),
    ['spec', 'rules', '0', 'http', 'paths'],
  )
  return (Array.isArray(paths) ? paths : []).map(entry => {
    const path = String(valueAt(entry, ['path'])) as `/${string}`
    return { path, replicas: () => [`http://${network.addressOf(String(valueAt(entry, ['backend', 'service', 'name'])))}`] }
  })
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
