import { join } from 'node:path'
import { controlApp } from './control.ts'
import { FleetApi } from './fleet-api.ts'
import { GatewayWatch, noGateway } from './gateway.ts'
import { JournalListener, Journeys } from './journey.ts'
import { defaultLimits, type HistoryLimits, type LabContext } from './kit/context.ts'
import { EventHub } from './kit/event-hub.ts'
import { ExchangeLog } from './kit/exchange-log.ts'
import { Listener } from './kit/listener.ts'
import { MediaStore } from './kit/media-store.ts'
import type { LabPlatform } from './kit/platform.ts'
import { randomToken } from './kit/random.ts'
import type { GuestSide, Ownership, Simulator } from './kit/simulator.ts'
import { labPlatforms, type PlatformId, type PlatformOptions, platformIds, type Sides } from './platforms.ts'
import type { LabInfo } from './protocol.ts'
import { Seed } from './seed.ts'
import { demoClient } from './seed-documents.ts'
import { Genesys, type GenesysOptions } from './simulators/genesys/index.ts'
import { type S3Options, S3Store } from './simulators/s3/index.ts'
import type { Telegram } from './simulators/telegram/index.ts'

export interface LabOptions {
  /** default 127.0.0.1 */
  host?: string
  /** host name by which the fleet reaches the simulators; default: `host` */
  publicHost?: string
  /** of the control API and the page; default: a free one */
  port?: number
  /** messaging platforms to simulate; default: all */
  only?: readonly PlatformId[]
  platforms?: PlatformOptions
  genesys?: GenesysOptions
  s3?: S3Options
  /** with all three a storage and demo tenants are seeded */
  gatewayUrl?: string
  adminUser?: string
  adminPassword?: string
  /** the fleet's broker, to show journeys */
  rabbitUrl?: string
  pageDirectory?: string
  /** factor of the platforms' own waits (webhook repeats): 1 is as in reality, 0.01 suits tests */
  timeScale?: number
  limits?: Partial<HistoryLimits>
  mediaBytes?: number
  /** events that a page which comes back can catch up with */
  eventHistory?: number
  now?: () => Date
  random?: () => number
  report?: (error: unknown, what: string) => void
}

/** A running Lab, with direct handles for tests in the same process. */
export interface Lab {
  /** of the page; the control API is below `/lab/api` */
  readonly url: string
  /** of a messaging platform; throws when this Lab does not simulate it */
  side<K extends PlatformId>(platform: K): Sides[K]
  readonly telegram: Telegram
  readonly genesys: Genesys
  readonly s3: S3Store
  readonly journeys: Journeys
  readonly media: MediaStore
  /** undefined: no fleet was named */
  readonly seed: Seed | undefined
  info(): LabInfo
  /** Forgets phones, conversations, journeys and exchanges; accounts, integrations and faults stay. */
  reset(): void
  close(): Promise<void>
}

const statusEveryMs = 1000

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const host = options.host ?? '127.0.0.1'
  const now = options.now ?? (() => new Date())
  const startedAt = now().toISOString()
  const instance = randomToken(6)
  const report = options.report ?? (() => undefined)
  const events = new EventHub({ capacity: options.eventHistory ?? 10_000, now: () => now().getTime() })
  const exchanges = new ExchangeLog(2000, events)
  const media = new MediaStore(options.mediaBytes ?? 256 * 1024 * 1024)
  const journeys = new Journeys(5000, events)
  const simulators: Simulator[] = []
  const context: LabContext = {
    host,
    publicHost: options.publicHost ?? (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host),
    media,
    events,
    exchanges,
    limits: { ...defaultLimits, ...options.limits },
    timeScale: options.timeScale ?? 1,
    now,
    random: options.random ?? Math.random,
    faultsChanged: () => events.touch('faults', () => ({ type: 'faults', faults: simulators.flatMap(({ faults }) => faults.list()) })),
    report,
  }
  let seed: Seed | undefined
  const owners: Ownership = {
    ofAccount: (platform, account) => seed?.ofAccount(platform, account),
    ofDesk: deskName => seed?.ofDesk(deskName),
  }

  const sides = new Map<PlatformId, Simulator & GuestSide>()
  for (const id of options.only ?? platformIds) {
    // each platform is started with its own options: the map from ids to options says so, a union of both cannot
    const platform = labPlatforms[id] as LabPlatform
    sides.set(id, await platform.start(context, owners, options.platforms?.[id] ?? {}))
  }
  simulators.push(...sides.values())
  const side = <K extends PlatformId>(id: K): Sides[K] => {
    const found = sides.get(id)
    if (found === undefined) throw new Error(`this Lab does not simulate ${id}`)
    return found as Sides[K]
  }
  const genesys = await Genesys.start(context, owners, options.genesys)
  simulators.push(genesys)
  const s3 = await S3Store.start(context, options.s3)
  simulators.push(s3)

  const info = (): LabInfo => ({
    instance,
    startedAt,
    platforms: [...sides.values()].map(({ platform }) => platform),
    simulators: simulators.map(each => ({ id: each.id, label: each.label, url: each.url, up: each.isUp, counters: each.counters() })),
    gateway: gateway?.status ?? noGateway,
    journal: journal?.status ?? { state: 'none', hops: journeys.hops },
    seed: seed?.status ?? { state: 'none', steps: [], tenants: [] },
  })
  let lastStatus = ''
  const tellStatus = () => {
    if (events.isIdle) return
    const current = info()
    const text = JSON.stringify(current)
    if (text === lastStatus) return
    lastStatus = text
    events.touch('status', () => ({ type: 'status', info: current }))
  }
  const statusTimer = setInterval(tellStatus, statusEveryMs).unref()

  const gateway = options.gatewayUrl === undefined ? undefined : new GatewayWatch(options.gatewayUrl, tellStatus)
  const journal = options.rabbitUrl === undefined ? undefined : new JournalListener(options.rabbitUrl, journeys, tellStatus)
  journal?.start()
  if (options.gatewayUrl !== undefined && options.adminUser !== undefined && options.adminPassword !== undefined) {
    const demos = [...sides].map(([id, started]) => (labPlatforms[id] as LabPlatform).demo(started))
    genesys.addClient(demoClient.id, demoClient.secret)
    seed = new Seed({
      api: new FleetApi({ gatewayUrl: options.gatewayUrl, user: options.adminUser, password: options.adminPassword }),
      targets: {
        genesys: { url: genesys.url, clientId: demoClient.id, clientSecret: demoClient.secret },
        s3: { url: s3.url, bucket: s3.bucket, ...s3.keys },
        desks: () => genesys.desks(),
        isRegistered: ({ name, platform, account }) => {
          const accounts = [...sides.values()].flatMap(each => each.accounts())
          const hasWebhook = accounts.some(each => each.platform === platform && each.id === account && each.webhook.url !== '')
          return hasWebhook && genesys.desks().some(desk => desk.name === name)
        },
      },
      tenants: demos,
      publicUrl: options.gatewayUrl,
      changed: tellStatus,
      now,
    })
    void seed.start()
  }

  const reset = () => {
    for (const simulator of simulators) simulator.reset()
    journeys.clear()
    exchanges.clear()
    events.touch('cleared', () => ({ type: 'cleared' }))
  }
  const app = controlApp({
    instance,
    pageDirectory: options.pageDirectory ?? join(import.meta.dirname, '..', 'dist', 'page'),
    simulators,
    guestSides: [...sides.values()],
    deskSide: genesys,
    media,
    events,
    exchanges,
    journeys,
    info,
    seed: () => {
      void seed?.start()
      return seed?.status
    },
    reset,
    report,
  })
  const control = await Listener.open(app, host, options.port ?? 0)

  return {
    url: `http://${context.publicHost}:${control.port}`,
    side,
    get telegram() {
      return side('telegram')
    },
    genesys,
    s3,
    journeys,
    media,
    seed,
    info,
    reset,
    async close() {
      clearInterval(statusTimer)
      gateway?.stop()
      await Promise.all([seed?.stop(), journal?.stop(), control.down()])
      events.close()
      await Promise.all(simulators.map(simulator => simulator.close()))
    },
  }
}
