import { type Replica, startRabbit, startRedis } from '@um/testing'
import { describeMachine, type Machine } from '../report/machine.ts'
import { mebibytes } from '../report/table.ts'
import { type Cgroup, type CgroupUsage, findCgroups, type Limits } from '../system/cgroup.ts'
import { limitsOf } from '../system/guide-limits.ts'
import { layOut, type PageCache, type Program } from '../system/image.ts'
import { connectors, startRelay } from '../system/relay.ts'
import { seedConfiguration } from '../system/seed.ts'
import { serviceProcess } from '../system/service.ts'
import { startWorld, type World } from '../system/world.ts'
import type { LoadResult } from '../world/protocol.ts'

export interface GuideOptions {
  texts: number
  images: number
  imageBytes: number
  tenants: number
  /** instead of the guide's */
  memoryMiB?: number
  cpuFactor?: number
  /** own: a container is charged for the pages of Node's program, as the first of its image on a machine is; shared: another one has been */
  pageCache: PageCache
  /** tries larger limits, memory first, until the test passes */
  search: boolean
  tell(line: string): void
}
export const usualGuideOptions = { texts: 10_000, images: 1_000, imageBytes: 2 ** 20, tenants: 100, pageCache: 'own' as PageCache, search: false }
export const quickGuideOptions = { texts: 100, images: 5, imageBytes: 2 ** 20, tenants: 5, pageCache: 'shared' as PageCache, search: false, cpuFactor: 10 }

export interface GuideAttempt {
  limits: Record<string, Limits>
  startSeconds: number
  /** null: it did not get so far */
  texts: LoadResult | null
  images: LoadResult | null
  /** why it did not start */
  notStarted?: string
  groups: Record<string, CgroupUsage>
  /** processes that ended during the test, for whatever reason */
  deaths: string[]
  passed: boolean
}
export interface GuideBench {
  what: 'guide'
  machine: Machine
  skipped?: string
  options: Omit<GuideOptions, 'tell'>
  attempts: GuideAttempt[]
}

const steps: readonly { memoryFactor: number; cpuFactor: number }[] = [
  { memoryFactor: 1, cpuFactor: 1 },
  { memoryFactor: 1.25, cpuFactor: 1 },
  { memoryFactor: 1.5, cpuFactor: 1 },
  { memoryFactor: 2, cpuFactor: 1 },
  { memoryFactor: 2, cpuFactor: 2 },
  { memoryFactor: 4, cpuFactor: 4 },
]
/** A container that is not ready by then would have been restarted by any probe. */
const readyWithinSeconds = 180

/** The guide's own load test, at its limits: texts in a burst, then images. RabbitMQ, Redis and the platforms are outside of the limits. */
export async function benchGuide({ tell, ...options }: GuideOptions): Promise<GuideBench> {
  const machine = describeMachine()
  const cgroups = findCgroups()
  if (typeof cgroups === 'string') {
    tell(`skipped: ${cgroups}`)
    return { what: 'guide', machine, skipped: cgroups, options, attempts: [] }
  }
  const attempts: GuideAttempt[] = []
  for (const { memoryFactor, cpuFactor } of options.search ? steps : [{ memoryFactor: 1, cpuFactor: 1 }]) {
    const scaled = (service: string): Required<Limits> => {
      const { cpuMillicores, memoryMiB } = limitsOf(service)
      return {
        cpuMillicores: cpuMillicores * cpuFactor * (options.cpuFactor ?? 1),
        memoryMiB: Math.round((options.memoryMiB ?? memoryMiB) * memoryFactor),
      }
    }
    const attempt = await attemptWith({ limitsFor: scaled, create: cgroups.create }, options, tell)
    attempts.push(attempt)
    tell(attempt.passed ? 'passed' : `not passed: ${reasons(attempt).join(', ')}`)
    if (attempt.passed) break
  }
  return { what: 'guide', machine, options, attempts }
}

interface Place {
  limitsFor(service: string): Required<Limits>
  create(name: string, limits: Limits): Cgroup
}
const services = [...connectors, 'aws-provider']

async function attemptWith(place: Place, options: Omit<GuideOptions, 'tell'>, tell: (line: string) => void): Promise<GuideAttempt> {
  await using cleanup = new AsyncDisposableStack()
  const limits = Object.fromEntries(services.map(service => [service, place.limitsFor(service)]))
  tell(services.map(service => `${service} ${limits[service]?.cpuMillicores}m ${limits[service]?.memoryMiB} MiB`).join(', '))
  const groups = new Map(services.map(service => [service, place.create(service, place.limitsFor(service))]))
  for (const group of groups.values()) cleanup.defer(group.remove)
  const measured = (facts: Pick<GuideAttempt, 'startSeconds' | 'texts' | 'images' | 'deaths'> & { notStarted?: string }): GuideAttempt => {
    const attempt = { limits, groups: Object.fromEntries([...groups].map(([service, group]) => [service, group.usage()])), passed: false, ...facts }
    for (const [service, usage] of Object.entries(attempt.groups))
      tell(
        `  ${service}: peak ${mebibytes(usage.peakBytes)} MiB, anonymous at the end ${mebibytes(usage.anonymousBytes)} MiB, limit met ${usage.limitHits} times, ${usage.oomKills} killed`,
      )
    return { ...attempt, passed: reasons(attempt).length === 0 }
  }

  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  let fleet: GuideFleet
  try {
    fleet = await startGuideFleet(place, groups, options, cleanup)
  } catch (error) {
    const notStarted = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return measured({ startSeconds: seconds(), texts: null, images: null, deaths: [], notStarted })
  }
  const startSeconds = seconds()
  tell(`  all ready and ${options.tenants} tenants registered after ${startSeconds.toFixed(0)} s`)
  const run = async (what: string, messages: number, picture: { pictureBytes?: number }): Promise<LoadResult> => {
    const result = await fleet.world.run({ kind: 'burst', flow: 'toAgent', messages, drainSeconds: 7200, quietSeconds: 180, ...picture })
    tell(`  ${messages} ${what}: taken within ${result.acceptedSeconds.toFixed(0)} s, delivered within ${result.seconds.toFixed(0)} s, ${result.lost} lost`)
    return result
  }
  const texts = await run('texts', options.texts, {})
  const images = await run('images', options.images, { pictureBytes: options.imageBytes })
  const deaths = fleet.replicas.filter(replica => !replica.process()?.isRunning()).map(({ name }) => name)
  return measured({ startSeconds, texts, images, deaths })
}

interface GuideFleet {
  world: World
  replicas: readonly Replica[]
}

/** Throws when a service is not ready in time, as a probe would find. What was started until then is stopped by `cleanup`. */
async function startGuideFleet(
  place: Place,
  groups: ReadonlyMap<string, Cgroup>,
  { tenants, pageCache }: Omit<GuideOptions, 'tell'>,
  cleanup: AsyncDisposableStack,
): Promise<GuideFleet> {
  const programs = new Map<string, Program>()
  for (const service of services) programs.set(service, await layOut(service, place.limitsFor(service).memoryMiB, pageCache))
  const [broker, redis] = await Promise.all([startRabbit(), startRedis()])
  cleanup.defer(broker.stop)
  cleanup.defer(redis.stop)
  const world = await startWorld({ tenants, guestsPerTenant: 10 })
  cleanup.defer(() => world.stop())
  await seedConfiguration(redis, 0, { telegram: world.telegramUrl, genesys: world.genesysUrl, s3: world.s3Url })
  const program = programs.get('aws-provider')
  const provider = await serviceProcess({
    ...{ service: 'aws-provider', broker, redis, cgroup: groups.get('aws-provider'), memoryMiB: place.limitsFor('aws-provider').memoryMiB },
    ...(program === undefined ? {} : { program }),
  })
  cleanup.defer(async () => void (await provider.stop()))
  await provider.start({ withinMs: readyWithinSeconds * 1000 })
  const relay = await startRelay({
    ...{ broker, world, tenants, storage: true, serviceUrls: new Map([['aws-provider', provider.url]]) },
    cgroupOf: service => groups.get(service),
    programOf: service => programs.get(service),
    memoryMiB: place.limitsFor('telegram-connector').memoryMiB,
    readyWithinSeconds,
    registeredWithinSeconds: 900,
  })
  cleanup.defer(relay.stop)
  await world.target({ ...relay.ports, connections: 200 })
  return { world, replicas: [provider, ...connectors.flatMap(service => relay.replicas(service))] }
}

function reasons({ texts, images, groups, deaths, notStarted }: GuideAttempt): string[] {
  const lost = (texts?.lost ?? 0) + (images?.lost ?? 0)
  const kills = Object.values(groups).reduce((sum, { oomKills }) => sum + oomKills, 0)
  return [
    ...(notStarted === undefined ? [] : [notStarted]),
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(kills > 0 ? [`${kills} killed by the kernel`] : []),
    ...deaths.map(name => `${name} ended`),
  ]
}
