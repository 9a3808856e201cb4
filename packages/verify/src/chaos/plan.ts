import { seeded } from '@um/lab/kit/random'
import type { NewFaultInput } from '@um/lab/protocol'
import type { Action, Breakage } from './actions.ts'
import type { ChaosKind } from './kinds.ts'

export interface PlanShape {
  seed: number
  kinds: readonly ChaosKind[]
  services: readonly string[]
  replicas: number
}

/** Draws for the breakages must not follow those for the load. */
const streamOfBreakages = 0x5eed

/**
 * What is broken in which order: the same for the same shape, without end. Every kind and every target of a kind comes in turn, in random order, so that a short
 * run has met as much as possible.
 */
export function* breakages({ seed, kinds, services, replicas }: PlanShape): Generator<Breakage> {
  if (kinds.length === 0) return
  const draw = seeded(seed ^ streamOfBreakages)
  const nextKind = bag(kinds, draw)
  const makers: Record<ChaosKind, () => { action: Action; forMs: number }> = {
    kill: killing(services, replicas, draw),
    cut: cutting(services, draw),
    slow: slowing(services, draw),
    platform: spoiling(draw),
    duplicates: duplicating(draw),
    reorder: reordering(draw),
    clock: clocking(services, draw),
    disk: refusing(services, draw),
  }
  for (let number = 1; ; number += 1) {
    const kind = nextKind()
    yield { number, kind, ...makers[kind]() }
  }
}

type Draw = () => number
type Maker = () => { action: Action; forMs: number }

function killing(services: readonly string[], replicas: number, draw: Draw): Maker {
  const ofReplicas = services.flatMap(service => Array.from({ length: replicas }, (_, replica): Action => ({ do: 'killReplica', service, replica })))
  // all depend on RabbitMQ: it dies as often as all Redis together
  const ofServers = services.flatMap((service): Action[] => [{ do: 'killRedis', service }, { do: 'killRabbit' }])
  const next = bag<Action>([...ofReplicas, ...ofServers], draw)
  return () => ({ action: next(), forMs: between(300, 3000, draw) })
}

function cutting(services: readonly string[], draw: Draw): Maker {
  const next = bag(
    wires(services).flatMap(wire => (['reset', 'down', 'silent'] as const).map((how): Action => ({ do: 'cut', ...wire, how }))),
    draw,
  )
  // silence must be longer than what a caller waits for an answer (5 s) once in a while
  return () => ({ action: next(), forMs: between(500, 7000, draw) })
}

function slowing(services: readonly string[], draw: Draw): Maker {
  const next = bag(wires(services), draw)
  return () => ({
    action: { do: 'slow', ...next(), delayMs: between(20, 400, draw), ...(draw() < 0.3 ? { bytesPerSecond: between(8, 64, draw) * 1024 } : {}) },
    forMs: between(2000, 6000, draw),
  })
}

/** What platforms do. A 5xx says that nothing was delivered, but for the 504 of a gateway that has waited in vain. */
function spoiling(draw: Draw): Maker {
  const kinds: readonly (() => Omit<NewFaultInput, 'simulator'>)[] = [
    () => ({ kind: 'rateLimit', params: { retryAfterSeconds: between(1, 3, draw) }, probability: 0.3 }),
    () => ({ kind: 'serverError', params: { status: pick([500, 502, 503], draw), when: 'before' }, probability: 0.6 }),
    () => ({ kind: 'serverError', params: { status: 504, when: pick(['before', 'after'], draw) }, probability: 0.05 }),
    () => ({ kind: 'reset', params: { when: pick(['before', 'after'], draw) }, probability: 0.05 }),
    () => ({ kind: 'hang', params: { when: pick(['before', 'after'], draw) }, probability: 0.03 }),
    () => ({ kind: 'slow', params: { ms: between(200, 3000, draw) }, probability: 0.5 }),
    () => ({ kind: 'down' }),
  ]
  const next = bag(
    kinds.flatMap(kind => ['telegram', 'genesys'].map(simulator => () => ({ simulator, ...kind() }))),
    draw,
  )
  return () => fault(next()(), between(1000, 6000, draw), draw)
}

function duplicating(draw: Draw): Maker {
  const next = bag(['telegram', 'genesys'], draw)
  return () => {
    const simulator = next()
    // Telegram's repeats may come under a new update id; the message in them is the same. A new id at Genesys Cloud is a new message.
    const newId = simulator === 'telegram' && draw() < 0.5
    const params = { copies: between(1, 3, draw), newId, afterMs: draw() < 0.5 ? 0 : between(50, 4000, draw) }
    return fault({ simulator, kind: 'duplicate', params, probability: 0.5 }, between(2000, 6000, draw), draw)
  }
}
function reordering(draw: Draw): Maker {
  const next = bag(['telegram', 'genesys'], draw)
  return () => fault({ simulator: next(), kind: 'reorder', params: { withinMs: between(200, 2000, draw) }, probability: 0.3 }, between(2000, 6000, draw), draw)
}

function clocking(services: readonly string[], draw: Draw): Maker {
  const next = bag(services, draw)
  return () => ({ action: { do: 'clock', service: next(), offsetSeconds: pick([-3600, -90, -5, 5, 90, 3600], draw) }, forMs: between(3000, 9000, draw) })
}
function refusing(services: readonly string[], draw: Draw): Maker {
  const next = bag(
    services.flatMap(service => (['memory', 'replicas'] as const).map((how): Action => ({ do: 'refuseWrites', service, how }))),
    draw,
  )
  return () => ({ action: next(), forMs: between(1000, 6000, draw) })
}

function fault(wanted: NewFaultInput, forMs: number, draw: Draw): { action: Action; forMs: number } {
  return { action: { do: 'fault', fault: { ...wanted, ...(wanted.probability === undefined ? {} : { seed: Math.floor(draw() * 2 ** 31) }) } }, forMs }
}
function wires(services: readonly string[]): { service: string; to: 'redis' | 'rabbitmq' }[] {
  return services.flatMap(service => (['redis', 'rabbitmq'] as const).map(to => ({ service, to })))
}

/** All in random order, then all again in another. */
function bag<T>(items: readonly T[], draw: Draw): () => T {
  let left: T[] = []
  return () => {
    if (left.length === 0) left = shuffled(items, draw)
    const next = left.pop()
    if (next === undefined) throw new Error('there is nothing to choose from')
    return next
  }
}
function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  return items
    .map(item => ({ item, at: draw() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
function pick<T>(items: readonly T[], draw: Draw): T {
  const item = items[Math.floor(draw() * items.length)]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}
/** Both ends included. */
function between(least: number, most: number, draw: Draw): number {
  return least + Math.floor(draw() * (most - least + 1))
}
