import type { Fleet } from '@um/testing'
import type { Action } from '../chaos/actions.ts'
import type { Clocks } from './clocks.ts'
import { refuseWrites, takeWrites } from './redis-refusal.ts'
import type { Mend } from './subject.ts'

/** Breaks and mends a fleet of ours. */
export class Breaker {
  private readonly fleet: Fleet
  private readonly services: readonly string[]
  private readonly clocks: Clocks | undefined
  /** what is broken now, and how to mend it */
  private readonly broken = new Map<string, Mend>()
  private readonly seen: string[] = []

  constructor(fleet: Fleet, services: readonly string[], clocks: Clocks | undefined) {
    this.fleet = fleet
    this.services = services
    this.clocks = clocks
  }

  async breakDown(action: Action): Promise<Mend | undefined> {
    const target = targetOf(action)
    if (this.broken.has(target)) return undefined
    this.broken.set(target, async () => undefined)
    const mend = await this.perform(action)
    this.broken.set(target, mend)
    return async () => {
      await mend()
      this.broken.delete(target)
    }
  }

  /** Also what could not be mended when it was due. */
  async heal(): Promise<void> {
    for (const [target, mend] of this.broken) {
      await mend()
      this.broken.delete(target)
    }
    for (const service of this.services) {
      for (const replica of this.fleet.replicas(service)) if (!isRunning(replica)) await replica.start({ withinMs: 120_000 })
    }
  }

  /** A replica that is away although nobody has killed it has died by itself: told once, and started again. */
  incidents(): readonly string[] {
    for (const service of this.services) {
      for (const replica of this.fleet.replicas(service)) {
        if (isRunning(replica) || this.broken.has(targetOf({ do: 'killReplica', service, replica: replica.number }))) continue
        this.seen.push(`${replica.name} ended by itself:\n${replica.process()?.tail(15) ?? ''}`)
        void replica.start({ withinMs: 120_000 }).catch(error => this.seen.push(String(error)))
      }
    }
    return this.seen
  }

  private async perform(action: Action): Promise<Mend> {
    const { fleet } = this
    switch (action.do) {
      case 'killReplica':
        await fleet.kill9(action.service, action.replica)
        return () => fleet.replica(action.service, action.replica).start({ withinMs: 120_000 })
      case 'killRedis': {
        const redis = fleet.redis(action.service)
        await redis.kill9()
        return redis.restart
      }
      case 'killRabbit':
        await fleet.broker.kill9()
        return fleet.broker.restart
      case 'cut': {
        const link = fleet.link(action.service, action.to)
        if (action.how === 'reset') link.cut()
        else if (action.how === 'down') await link.down()
        else link.blackHole()
        return link.restore
      }
      case 'slow': {
        const link = fleet.link(action.service, action.to)
        link.delay({ toServerMs: action.delayMs, toClientMs: action.delayMs })
        if (action.bytesPerSecond !== undefined) link.throttle({ toServerBytesPerSecond: action.bytesPerSecond, toClientBytesPerSecond: action.bytesPerSecond })
        return link.restore
      }
      case 'clock': {
        const { clocks } = this
        if (clocks === undefined) throw new Error('this fleet has no clocks that can be moved')
        clocks.move(action.service, action.offsetSeconds)
        return async () => clocks.move(action.service, 0)
      }
      case 'refuseWrites': {
        const { url } = fleet.redis(action.service)
        await refuseWrites(url, action.how)
        return () => takeWrites(url)
      }
      case 'fault':
        throw new Error('faults of platforms are set at the Lab')
    }
  }
}

/** A service's wire is either cut or slow, and a Redis is either dead or full. */
function targetOf(action: Action): string {
  switch (action.do) {
    case 'killReplica':
      return `replica ${action.service} ${action.replica}`
    case 'killRedis':
    case 'refuseWrites':
      return `redis ${action.service}`
    case 'killRabbit':
      return 'rabbitmq'
    case 'cut':
    case 'slow':
      return `link ${action.service} ${action.to}`
    case 'clock':
      return `clock ${action.service}`
    case 'fault':
      return `fault ${action.fault.simulator}`
  }
}
function isRunning(replica: { process(): { isRunning(): boolean } | undefined }): boolean {
  return replica.process()?.isRunning() === true
}
