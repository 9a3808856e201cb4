import { type Broker, exchanges } from '../amqp/index.ts'
import type { Logger } from '../log/index.ts'
import type { Metrics } from '../metrics/index.ts'
import { type DataOf, derivedId, envelope } from '../model/index.ts'
import type { Redis } from '../redis/index.ts'
import type { Budgets } from './budget.ts'
import type { TenantGate } from './gate.ts'

type Flow = DataOf<'um.flow.v1'>
type TenantFlow = Flow['tenants'][number]

/** Set aside in order, per tenant: parked conversations. */
interface Waiting {
  byTenant(): Promise<Map<string, number>>
}
interface Parts {
  /** 'line-connector' */
  service: string
  /** connector id: scope of its budgets */
  scope: string
  redis: Redis
  broker: Broker
  gate: TenantGate
  budgets: Budgets
  waiting: readonly Waiting[]
  metrics: Metrics
  log: Logger
}

const everyMilliseconds = 10_000
/** the longest-waiting ones; a report stays small whatever happens */
const maxTenants = 1000

/** Why messages do not move: paused and broken tenants, what waits, what the platform has limited. All replicas see the same; each exports it, one tells `api`. */
export class FlowReport {
  private readonly parts: Parts
  private tenants: readonly TenantFlow[] = []
  private timer: NodeJS.Timeout | undefined
  private telling: Promise<void> | undefined

  constructor(parts: Parts) {
    this.parts = parts
    const { metrics } = parts
    const count = (wanted: (flow: TenantFlow) => boolean) => this.tenants.filter(wanted).length
    metrics.gauge('um_tenants_held', 'Tenants whose messages wait, by reason; of the whole service, the same at each replica.', () => [
      [{ reason: 'paused' }, count(({ gate }) => gate?.kind === 'paused')],
      [{ reason: 'broken' }, count(({ gate }) => gate?.kind === 'broken')],
      [{ reason: 'rate_limited' }, count(({ rateLimitedUntil }) => rateLimitedUntil !== undefined)],
    ])
    metrics.gauge('um_waiting_messages', 'Messages that are set aside until their tenant or budget lets them pass; of the whole service.', () =>
      this.tenants.reduce((sum, { waiting }) => sum + waiting, 0),
    )
  }

  start(): void {
    this.timer ??= setInterval(() => {
      this.telling ??= this.tell()
        .catch(error => this.parts.log.debug({ err: error }, 'the state of the flow could not be read'))
        .finally(() => {
          this.telling = undefined
        })
    }, everyMilliseconds)
    this.timer.unref()
  }
  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.telling
  }

  /** Throws while Redis is away. */
  async tell(): Promise<void> {
    const { redis, broker, service } = this.parts
    this.tenants = await this.read()
    if ((await redis.set('flow:teller', '1', 'PX', everyMilliseconds - 500, 'NX')) !== 'OK') return
    const now = new Date()
    broker.publishLightly(
      exchanges.config,
      `flow.${service}`,
      envelope(
        'um.flow.v1',
        { id: derivedId('flow', service, now.toISOString()), source: `/${service}`, subject: service, time: now },
        { service, tenants: [...this.tenants], at: now.toISOString() },
      ),
    )
  }

  private async read(): Promise<TenantFlow[]> {
    const { gate, budgets, scope, waiting } = this.parts
    const [gates, limited, ...counts] = await Promise.all([gate.all(), budgets.limited(scope, Date.now()), ...waiting.map(each => each.byTenant())])
    const tenantIds = new Set([...gates.keys(), ...limited.keys(), ...counts.flatMap(count => [...count.keys()])])
    const flows = [...tenantIds].map((tenantId): TenantFlow => {
      const state = gates.get(tenantId)
      const until = limited.get(tenantId)
      return {
        tenantId,
        ...(state === undefined ? {} : { gate: { kind: state.kind, why: state.why, since: isoTime(state.since), nextTryAt: isoTime(state.nextProbe) } }),
        waiting: counts.reduce((sum, count) => sum + (count.get(tenantId) ?? 0), 0),
        ...(until === undefined ? {} : { rateLimitedUntil: isoTime(until) }),
      }
    })
    return flows.sort((a, b) => b.waiting - a.waiting).slice(0, maxTenants)
  }
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
