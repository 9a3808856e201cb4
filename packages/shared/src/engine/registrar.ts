import { setTimeout as sleep } from 'node:timers/promises'
import { forgetKept } from '../backup/kept-state.ts'
import { CallFailed, type Context, type InboundEvent } from '../contract/index.ts'
import type { TenantGate } from '../flow/index.ts'
import type { Logger } from '../log/index.ts'
import { LockTimeout, type Redis, withLock } from '../redis/index.ts'
import type { Connector, KnownTenant, TenantDirectory, View } from './tenants.ts'
import type { TenantTrouble } from './trouble.ts'

export interface RegistrationStep {
  step: string
  ok: boolean
  message?: string
  at: string
}
export interface RegistrationReport {
  status: 'registering' | 'working' | 'failing' | 'paused' | 'removed'
  steps?: RegistrationStep[]
  lastError?: string
  facts?: Record<string, string>
}
interface Parts {
  connector: Connector
  tenants: TenantDirectory
  redis: Redis
  gate: TenantGate
  trouble: TenantTrouble
  contextOf(view: View): Context<unknown>
  emit(known: KnownTenant, events: InboundEvent[]): Promise<void>
  report(tenantId: string, report: RegistrationReport): Promise<void>
  /** the tenant may send again: its parked conversations are due */
  wake(tenantId: string): Promise<void>
  forgetToken(tenantId: string): Promise<void>
  log: Logger
  stopping: AbortSignal
}
const retrySeconds = [2, 5, 15, 30, 60, 120, 300] as const

/**
 * Keeps the platform in step with the tenants: check the credentials, register the webhook, tidy up when a tenant goes. One replica at a time works on a tenant, and what was done for a
 * revision of a tenant is not done again at a restart.
 */
export class Registrar {
  private readonly parts: Parts
  private readonly pending = new Map<string, { attempt: number; timer?: NodeJS.Timeout }>()
  private readonly jobsDue = new Map<string, number>()
  private readonly timer: NodeJS.Timeout
  private running = new Set<Promise<void>>()

  constructor(parts: Parts) {
    this.parts = parts
    parts.tenants.onChange((id, before, after) => {
      if (after !== undefined) {
        if (before?.fingerprint !== after.fingerprint) this.settingsChanged(id)
        this.schedule(id, 0)
      } else if (before !== undefined) this.begin(this.remove(before))
    })
    this.timer = setInterval(() => this.runDueJobs(), 1000)
    this.timer.unref()
  }

  /** At the start: whatever is not registered yet. */
  start(): void {
    for (const known of this.parts.tenants.all()) this.schedule(known.tenant.id, 0)
  }
  /** The tenant has been given what it lacked (a restored token): whatever has failed or waits is tried now. */
  again(id: string): void {
    if (this.parts.tenants.find(id) === undefined) return
    this.settingsChanged(id)
    this.schedule(id, 0)
  }
  /** The tenant's credentials work (again): one that is not registered yet does not wait for its turn, which may be minutes away. */
  async resumed(id: string): Promise<void> {
    const known = this.parts.tenants.active(id)
    if (known !== undefined && !(await this.isRegistered(known))) this.schedule(id, 0)
  }
  async stop(): Promise<void> {
    clearInterval(this.timer)
    for (const { timer } of this.pending.values()) clearTimeout(timer)
    await Promise.allSettled(this.running)
  }

  private begin(work: Promise<void>): void {
    const guarded = work.catch(error => this.parts.log.error({ err: error }, 'registration failed unexpectedly')).finally(() => this.running.delete(guarded))
    this.running.add(guarded)
  }

  private settingsChanged(id: string): void {
    this.begin(
      (async () => {
        await this.parts.forgetToken(id)
        await this.parts.gate.openAll(id)
        await this.parts.wake(id)
      })(),
    )
  }

  private schedule(id: string, attempt: number): void {
    clearTimeout(this.pending.get(id)?.timer)
    const seconds = attempt === 0 ? 0 : (retrySeconds[Math.min(attempt - 1, retrySeconds.length - 1)] ?? 300)
    const timer = setTimeout(
      () => {
        this.pending.delete(id)
        this.begin(this.register(id, attempt))
      },
      seconds * 1000 * (0.9 + Math.random() * 0.2),
    )
    timer.unref()
    this.pending.set(id, { attempt, timer })
  }

  private async register(id: string, attempt: number): Promise<void> {
    const { tenants, redis, connector, log, stopping } = this.parts
    const known = tenants.active(id)
    if (known === undefined || stopping.aborted) return
    try {
      await withLock(redis, `lock:register:${id}`, { ttlMilliseconds: 30_000, waitMilliseconds: 120_000 }, async () => {
        if (await this.isRegistered(known)) {
          await tenants.reloadState(id)
          return this.parts.report(id, {
            status: (await this.parts.gate.all()).get(id)?.kind === 'paused' ? 'paused' : 'working',
            facts: { ...(tenants.find(id)?.view.state ?? {}) },
          })
        }
        const steps: RegistrationStep[] = []
        await this.parts.report(id, { status: 'registering', steps })
        try {
          const ctx = this.parts.contextOf(known.view)
          if (connector.implementation.check) await this.step(steps, 'check', () => connector.implementation.check?.(ctx))
          if (connector.implementation.register) {
            const facts = await this.step(steps, 'register', () => connector.implementation.register?.(ctx))
            if (facts !== undefined) await ctx.saveState(facts)
          }
          await redis.set(registeredKey(id), registration(known))
          if ((await this.parts.gate.openAll(id))?.kind === 'paused') await this.parts.trouble.recovered(known)
          await this.parts.wake(id)
          await this.parts.report(id, { status: 'working', steps, facts: { ...(tenants.find(id)?.view.state ?? {}) } })
          log.info({ tenant: id }, 'tenant is registered at its platform')
        } catch (error) {
          await this.failed(known, attempt, steps, error)
        }
      })
    } catch (error) {
      if (!(error instanceof LockTimeout)) log.warn({ err: error, tenant: id }, 'registration will be tried again')
      this.schedule(id, attempt + 1)
    }
  }

  private async isRegistered(known: KnownTenant): Promise<boolean> {
    return (await this.parts.redis.get(registeredKey(known.tenant.id))) === registration(known)
  }

  private async step<T>(steps: RegistrationStep[], step: string, work: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      const result = await work()
      steps.push({ step, ok: true, at: new Date().toISOString() })
      return result
    } catch (error) {
      steps.push({ step, ok: false, message: reasonOf(error), at: new Date().toISOString() })
      throw error
    }
  }

  private async failed(known: KnownTenant, attempt: number, steps: RegistrationStep[], error: unknown): Promise<void> {
    const { log } = this.parts
    const id = known.tenant.id
    const why = reasonOf(error)
    const acts =
      error instanceof CallFailed && (error.failure.kind === 'subscription' || error.failure.kind === 'unauthorized' || error.failure.kind === 'content')
    if (!(error instanceof CallFailed)) log.error({ err: error, tenant: id }, 'registration failed')
    else log.warn({ tenant: id, why, attempt }, 'tenant could not be registered')
    if (acts) await this.parts.trouble.pause(known, why)
    await this.parts.report(id, { status: 'failing', steps, lastError: why })
    this.schedule(id, acts ? Math.max(attempt + 1, retrySeconds.length) : attempt + 1)
  }

  private async remove(before: KnownTenant): Promise<void> {
    const { connector, redis, log, tenants } = this.parts
    const id = before.tenant.id
    clearTimeout(this.pending.get(id)?.timer)
    this.pending.delete(id)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        await withLock(redis, `lock:register:${id}`, { ttlMilliseconds: 30_000, waitMilliseconds: 60_000 }, async () => {
          if (tenants.find(id) !== undefined) return
          await this.parts.gate.openAll(id)
          await this.parts.forgetToken(id)
          if ((await redis.get(registeredKey(id))) === null) return
          await connector.implementation.unregister?.(this.parts.contextOf(before.view))
          await redis.del(registeredKey(id))
          await tenants.clearState(id)
          await forgetKept(redis, id)
          await this.parts.forgetToken(id)
          await this.parts.report(id, { status: 'removed' })
          log.info({ tenant: id }, 'tenant is removed from its platform')
        })
        return
      } catch (error) {
        log.warn({ tenant: id, why: reasonOf(error), attempt }, 'tenant could not be removed from its platform')
        if (this.parts.stopping.aborted) return
        await sleep(2000 * (attempt + 1), undefined, { ref: false })
      }
    }
  }

  /** Due jobs of active tenants; a key in Redis lets one replica do each. */
  private runDueJobs(): void {
    const { connector, tenants, redis, log, stopping } = this.parts
    if (redis.status !== 'ready' || stopping.aborted) return
    for (const job of connector.implementation.jobs ?? []) {
      for (const known of tenants.all()) {
        if (!known.tenant.enabled) continue
        const seconds = job.everySeconds(known.view.settings)
        const key = `${known.tenant.id}:${job.name}`
        const due = this.jobsDue.get(key)
        if (seconds <= 0 || (due !== undefined && due > Date.now())) continue
        this.jobsDue.set(key, Date.now() + seconds * 1000)
        if (due === undefined) continue
        this.begin(
          (async () => {
            if ((await redis.set(`job:${key}`, '1', 'PX', Math.max(500, Math.floor(seconds * 900)), 'NX')) !== 'OK') return
            try {
              await job.run(this.parts.contextOf(known.view), events => this.parts.emit(known, events))
            } catch (error) {
              if (error instanceof CallFailed && error.failure.kind === 'subscription') await this.parts.trouble.warn(known, error.failure.why)
              log.warn({ tenant: known.tenant.id, job: job.name, why: reasonOf(error) }, 'job failed')
            }
          })(),
        )
      }
    }
  }
}

/** Saving a tenant again registers it again, whatever was changed: it is what an admin does to mend things. A restart does not. */
function registration(known: KnownTenant): string {
  return `${known.revision}:${known.fingerprint}`
}
function registeredKey(id: string): string {
  return `registered:${id}`
}
function reasonOf(error: unknown): string {
  if (error instanceof CallFailed) return error.failure.why
  return error instanceof Error ? error.message : String(error)
}
