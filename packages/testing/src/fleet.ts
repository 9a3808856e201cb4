import { allSettled } from './all-settled.ts'
import { type FleetFacts, generatedSecret, generatedSecrets } from './fleet-environment.ts'
import { choosePlaces, type Places, startMembers, urlsOf } from './fleet-members.ts'
import type { Fleet, FleetOptions } from './fleet-options.ts'
import { type Servers, startServers } from './fleet-servers.ts'
import { frontPage } from './front-page.ts'
import { startGateway } from './gateway.ts'
import { run } from './process.ts'
import type { Replica } from './replica.ts'
import { findServices, ingressPath, repository } from './repository.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type { Fleet, FleetOptions, FleetSecrets, LinkedServer } from './fleet-options.ts'

/**
 * Starts services as they run in production: bundled, each in its own process with its own environment, a Redis per service that its replicas share, one RabbitMQ,
 * and a gateway in front. Returns when all are ready. When one is not in time, everything is stopped again and the end of its log is in the error.
 */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  await using cleanup = new AsyncDisposableStack()
  const services = [...new Set([...(options.services ?? findServices()), ...Object.keys(options.programs ?? {})])]
  const secrets = options.secrets ?? generatedSecrets()
  const folder = temporaryFolder('fleet')
  cleanup.defer(folder.remove)

  const bundled = services.filter(service => options.programs?.[service] === undefined)
  const [servers, places] = await allSettled([
    startServers(services, secrets.servers, options, cleanup),
    choosePlaces(services, options),
    buildBundles(bundled),
  ])
  const paths = await publicPaths(services, options)
  const gateway = await startGateway({
    ...options.gateway,
    routes: [...paths].map(([path, service]) => ({ path, replicas: () => urlsOf(places, service) })),
    frontPage: () => frontPage(paths, options.gateway?.links ?? []),
  })
  cleanup.defer(gateway.stop)

  const facts: FleetFacts = {
    publicUrl: options.env?.PUBLIC_URL ?? gateway.url,
    serviceUrls: await startServiceAddresses(places, cleanup),
    secrets,
    admin: { user: options.admin?.user ?? 'admin', password: options.admin?.password ?? generatedSecret() },
    env: options.env ?? {},
  }
  const members = await startMembers(places, facts, servers, { ...options, logDir: options.logDir ?? folder.path }, cleanup)

  const running = cleanup.move()
  const { publicUrl, admin } = facts
  return { publicUrl, secrets, admin, paths, ...access(members, servers), stop: () => running.disposeAsync() }
}

/** What the tests reach for. */
function access(members: ReadonlyMap<string, readonly Replica[]>, servers: Servers): Omit<Fleet, keyof FleetFacts | 'paths' | 'stop'> {
  const replicas = (service: string): readonly Replica[] => known(members.get(service), `service ${service}`)
  const replica = (service: string, number = 0): Replica => known(replicas(service)[number], `replica ${number} of ${service}`)
  return {
    broker: servers.broker,
    replica,
    replicas,
    urls: service => replicas(service).map(({ url }) => url),
    processes: service => replicas(service).flatMap(one => one.process() ?? []),
    redis: service => known(servers.redis(service), `Redis of ${service}`),
    link: (service, to) => known(servers.link(service, to), `link of ${service} to ${to} (see the option "links")`),
    restart: async service => {
      for (const one of replicas(service)) {
        await one.stop()
        await one.start()
      }
    },
    kill9: async (service, number) => await replica(service, number).kill9(),
    logs: service =>
      replicas(service)
        .map(one => one.logs())
        .join(''),
  }
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`this fleet has no ${what}`)
  return value
}

/** In a process of its own: the bundler is a tool, and its threads would keep a test from ending. */
async function buildBundles(services: readonly string[]): Promise<void> {
  if (services.length > 0) await run(process.execPath, ['scripts/build.ts', '--quiet', '--services', services.join(',')], { cwd: repository })
}

async function publicPaths(services: readonly string[], options: FleetOptions): Promise<Map<`/${string}`, string>> {
  const paths = new Map<`/${string}`, string>()
  for (const service of services) {
    const program = options.programs?.[service]
    const path = program === undefined ? await ingressPath(service) : program.path
    if (path !== undefined) paths.set(path, service)
  }
  return paths
}

/** The address under which services find each other, as a Kubernetes Service is: one, however many replicas there are. */
async function startServiceAddresses(places: Places, cleanup: AsyncDisposableStack): Promise<Map<string, string>> {
  const addresses = new Map<string, string>()
  for (const service of places.keys()) {
    const [only, ...others] = urlsOf(places, service)
    if (only === undefined) continue
    if (others.length === 0) {
      addresses.set(service, only)
      continue
    }
    const balancer = await startGateway({ routes: [{ path: '/', replicas: () => [only, ...others] }] })
    cleanup.defer(balancer.stop)
    addresses.set(service, balancer.url)
  }
  return addresses
}
