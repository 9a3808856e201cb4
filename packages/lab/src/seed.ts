import { setTimeout as sleep } from 'node:timers/promises'
import { type FleetApi, FleetRefused } from './fleet-api.ts'
import { randomToken } from './kit/random.ts'
import type { Ownership } from './kit/simulator.ts'
import type { SeededTenant, SeedStatus } from './protocol.ts'
import { type DemoTenant, demoStorage, type SeedTargets, tenantDocument } from './seed-documents.ts'

interface SeedOptions {
  api: FleetApi
  targets: SeedTargets
  tenants: readonly DemoTenant[]
  /** of the fleet */
  publicUrl: string
  changed: () => void
  now: () => Date
  /** wait before the first repeat; doubles up to 30 times that */
  retryMs?: number
}
interface StoredStorage {
  id: string
  name: string
  isDefault?: boolean
  purgeDelay?: number
  settings?: unknown
}
interface StoredTenant {
  id: string
  name: string
  messaging?: { settings?: unknown }
  cxPlatform?: { settings?: unknown }
}

const maxSteps = 200
const connectAttempts = 30

/**
 * Puts a storage and one demo tenant per messaging platform into the fleet, over its public API. What is there by name is kept; it is saved again
 * when it points to other addresses than the simulators', or when the simulators have forgotten it (they keep their state in memory only).
 */
export class Seed implements Ownership {
  private readonly options: SeedOptions
  private readonly steps: SeedStatus['steps'] = []
  private readonly tenants = new Map<string, SeededTenant>()
  private state: SeedStatus['state'] = 'waiting'
  private running: Promise<void> | undefined
  private readonly ending = new AbortController()

  constructor(options: SeedOptions) {
    this.options = options
  }

  get status(): SeedStatus {
    const desks = new Map(this.options.targets.desks().map(desk => [desk.name, desk.id]))
    const tenants = [...this.tenants.values()].map(tenant => {
      const desk = desks.get(tenant.name)
      return desk === undefined ? tenant : { ...tenant, desk }
    })
    return { state: this.state, steps: [...this.steps], tenants }
  }
  ofAccount(platform: string, account: string): { tenantId: string; tenantName: string } | undefined {
    for (const tenant of this.tenants.values())
      if (tenant.platform === platform && tenant.account === account) return { tenantId: tenant.id, tenantName: tenant.name }
    return undefined
  }
  ofDesk(deskName: string): { tenantId: string; tenantName: string } | undefined {
    const tenant = this.tenants.get(deskName)
    return tenant === undefined ? undefined : { tenantId: tenant.id, tenantName: tenant.name }
  }

  /** Runs until everything is in; again when called again later. Never throws: see `status`. */
  start(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = undefined
    })
    return this.running
  }
  async stop(): Promise<void> {
    this.ending.abort()
    await this.running
  }

  /** The API may be still starting, or be away: that is waited for. What it refuses for good is told, and the rest goes on. */
  private async run(): Promise<void> {
    const firstWait = this.options.retryMs ?? 1000
    for (let wait = firstWait; !this.ending.signal.aborted; wait = Math.min(wait * 2, firstWait * 30)) {
      try {
        const allIn = await this.seedOnce()
        this.become(allIn ? 'done' : 'failed')
        return
      } catch (error) {
        if (this.ending.signal.aborted) return
        this.note('API', error)
        this.become('waiting')
        await sleep(wait, undefined, { signal: this.ending.signal }).catch(() => undefined)
      }
    }
  }

  private async seedOnce(): Promise<boolean> {
    const { api, targets, tenants } = this.options
    await api.logIn(this.ending.signal)
    this.become('running')
    this.note('log in')
    const storageId = await this.attempt('storage', async () => {
      const wanted = demoStorage(targets)
      const found = await api.findByName<StoredStorage>('/storages', wanted.name, this.ending.signal)
      if (found === undefined) return (await api.create<StoredStorage>('/storages', wanted, this.ending.signal)).id
      if (!leadsTo(found.settings, wanted.settings)) {
        const { id, isDefault, purgeDelay } = found
        await api.replace(`/storages/${encodeURIComponent(id)}`, { ...wanted, id, isDefault, purgeDelay }, this.ending.signal)
      }
      return found.id
    })
    let allIn = storageId !== undefined
    for (const demo of tenants) {
      const id = await this.attempt(demo.name, () => this.saveTenant(demo, storageId))
      if (id === undefined) {
        allIn = false
        continue
      }
      this.tenants.set(demo.name, { id, name: demo.name, platform: demo.platform, account: demo.account })
      await this.connect(demo, id)
    }
    return allIn
  }

  /** Creates it, or leads it to the simulators again unless it is as it should be: what an administrator changed otherwise stays. */
  private async saveTenant(demo: DemoTenant, storageId: string | undefined): Promise<string> {
    const { api, targets } = this.options
    const { signal } = this.ending
    const wanted = tenantDocument(demo, targets, storageId, randomToken(32))
    const found = await api.findByName<StoredTenant>('/tenants', demo.name, signal)
    if (found === undefined) return (await api.create<StoredTenant>('/tenants', wanted, signal)).id
    const isLed = leadsTo(found.messaging?.settings, wanted.messaging.settings) && leadsTo(found.cxPlatform?.settings, wanted.cxPlatform.settings)
    if (!isLed || !targets.isRegistered(demo)) {
      const change = { messaging: { settings: wanted.messaging.settings }, cxPlatform: { settings: wanted.cxPlatform.settings } }
      await api.change(`/tenants/${encodeURIComponent(found.id)}`, change, signal)
    }
    return found.id
  }

  /** What the platform's console needs; the tenant may still be on its way to the connector, so it is tried again for a while. */
  private async connect(demo: DemoTenant, id: string): Promise<void> {
    if (demo.connect === undefined) return
    const { api, publicUrl } = this.options
    const { signal } = this.ending
    const status = () => api.read(`/tenants/${encodeURIComponent(id)}/status`, signal)
    const wait = this.options.retryMs ?? 1000
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await demo.connect({ id, publicUrl, status })
        this.note(`${demo.name}: connected`)
        return
      } catch (error) {
        this.note(`${demo.name}: connect`, error)
        if (attempt === connectAttempts) return
        await sleep(wait, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** undefined: refused for good. Throws when it is worth repeating. */
  private async attempt(step: string, work: () => Promise<string>): Promise<string | undefined> {
    try {
      const id = await work()
      this.note(step)
      return id
    } catch (error) {
      if (!(error instanceof FleetRefused) || error.isTemporary) throw error
      this.note(step, error)
      return undefined
    }
  }

  private note(step: string, error?: unknown): void {
    const message = error instanceof Error ? error.message : undefined
    const last = this.steps.at(-1)
    if (last !== undefined && last.step === step && last.message === message && error !== undefined) return
    this.steps.push({ step, ok: error === undefined, ...(message === undefined ? {} : { message }), at: this.options.now().toISOString() })
    if (this.steps.length > maxSteps) this.steps.shift()
    this.options.changed()
  }
  private become(state: SeedStatus['state']): void {
    this.state = state
    this.options.changed()
  }
}

/** All addresses of the wanted settings are also those of the stored ones. */
function leadsTo(stored: unknown, wanted: Record<string, unknown>): boolean {
  const known = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {}
  return Object.entries(wanted).every(([name, value]) => !/Url$/.test(name) || known[name] === value)
}
