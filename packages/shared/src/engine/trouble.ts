import { gateOf, type TenantGate } from '../flow/index.ts'
import type { Logger } from '../log/index.ts'
import type { EnvelopeOf } from '../model/index.ts'
import type { Notifier } from '../notify/index.ts'
import type { KnownTenant } from './tenants.ts'

/** What people hear of a tenant's troubles: once, at the right topic, with a way out. */
export class TenantTrouble {
  private readonly gate: TenantGate
  private readonly notifier: Notifier
  private readonly platform: string
  private readonly log: Logger
  private readonly report: (known: KnownTenant, status: 'working' | 'paused' | 'failing', error?: string) => Promise<void>
  constructor(options: { gate: TenantGate; notifier: Notifier; platform: string; log: Logger; report: TenantTrouble['report'] }) {
    this.gate = options.gate
    this.notifier = options.notifier
    this.platform = options.platform
    this.log = options.log
    this.report = options.report
  }

  /** The platform refuses the tenant's credentials: its messages wait until they work again. */
  async pause(known: KnownTenant, why: string, account?: string): Promise<void> {
    const first = await this.gate.pause(gateOf(known.tenant.id, account), why)
    // each time, since perhaps nobody has been told yet (no destination was known here): repeats are held back
    this.notifier.notify({
      event: 'subscription.error',
      message: `Tenant "${known.tenant.name}" (${this.platform}): ${why}`,
      tenant: { id: known.tenant.id, name: known.tenant.name },
      reason: 'refused',
    })
    if (!first) return
    this.log.warn({ tenant: known.tenant.id, account, why }, 'tenant is paused: its subscription does not work')
    // the other accounts go on
    await this.report(known, account === undefined ? 'paused' : 'failing', why)
  }
  /** Something is wrong with the subscription, but messages may still pass (a foreign webhook, failing deliveries). */
  async warn(known: KnownTenant, why: string): Promise<void> {
    this.mention(known, why)
    await this.report(known, 'failing', why)
  }
  /** People hear of it; the subscription as such works. */
  mention(known: KnownTenant, why: string): void {
    this.notifier.notify({
      event: 'subscription.error',
      message: `Tenant "${known.tenant.name}" (${this.platform}): ${why}`,
      tenant: { id: known.tenant.id, name: known.tenant.name },
      reason: 'watch',
    })
  }
  async recovered(known: KnownTenant): Promise<void> {
    this.log.info({ tenant: known.tenant.id }, 'tenant works again')
    this.notifier.notify({
      event: 'subscription.recovered',
      message: `Tenant "${known.tenant.name}" (${this.platform}): working again`,
      tenant: { id: known.tenant.id, name: known.tenant.name },
      reason: 'refused',
    })
    const waiting = (await this.gate.all()).get(known.tenant.id)
    if (waiting?.kind === 'paused') await this.report(known, 'failing', waiting.why)
    else await this.report(known, 'working')
  }
  async dead(message: EnvelopeOf<'um.message.v1'>, reason: string): Promise<void> {
    if (reason !== 'bug' && reason !== 'unavailable') return
    this.notifier.notify({
      event: 'message.dead',
      message: `A message could not be delivered (${reason}); it waits among the dead letters`,
      tenant: { id: message.data.tenantId, name: message.data.tenantId },
      reason,
    })
  }
}
