import { ApiError, type FieldError } from '@um/shared/errors'
import type { Fault, FaultKind, NewFault, SimulatorFaults } from '../../protocol.ts'
import { randomToken, seeded } from '../random.ts'

/** What a request or a webhook is about: matched against `where` of a fault. */
export interface FaultTarget {
  operation: string
  account?: string | undefined
  guest?: string | undefined
}
/** A fault that strikes now. */
export interface Hit {
  fault: string
  kind: string
  params: Fault['params']
}
interface Active {
  fault: Fault
  on: FaultKind['on']
  draw: () => number
  timer?: NodeJS.Timeout
}

const none: readonly Hit[] = []

/** The faults of one simulator: what it offers, what is switched on, and how often each has struck. */
export class FaultBoard {
  readonly simulator: string
  private readonly label: string
  private readonly kinds: readonly FaultKind[]
  private readonly operations: readonly string[]
  private readonly active = new Map<string, Active>()
  private readonly changed: () => void
  private readonly now: () => Date
  /** Called with true when the first `down` begins and with false when the last one has ended. */
  onDown: ((isDown: boolean) => Promise<void>) | undefined

  constructor(options: { simulator: string; label: string; kinds: readonly FaultKind[]; operations: readonly string[]; changed: () => void; now: () => Date }) {
    this.simulator = options.simulator
    this.label = options.label
    this.kinds = options.kinds
    this.operations = options.operations
    this.changed = options.changed
    this.now = options.now
  }

  catalog(): SimulatorFaults {
    return { simulator: this.simulator, label: this.label, kinds: [...this.kinds], operations: [...this.operations] }
  }
  list(): Fault[] {
    return [...this.active.values()].map(({ fault }) => ({ ...fault }))
  }

  /** Throws ApiError `invalid` when kind or parameters are not offered. Resolves when a service fault is in effect. */
  async add(wanted: NewFault): Promise<Fault> {
    const kind = this.kinds.find(each => each.kind === wanted.kind)
    if (kind === undefined) throw invalid('/kind', `${this.label} does not offer this fault`)
    const fault: Fault = {
      id: randomToken(9),
      simulator: this.simulator,
      kind: kind.kind,
      title: kind.title,
      params: readParams(kind, wanted.params),
      where: readWhere(kind, wanted.where),
      createdAt: this.now().toISOString(),
      matched: 0,
      hits: 0,
      ...(wanted.times === undefined ? {} : { times: wanted.times }),
      ...(wanted.skip === undefined ? {} : { skip: wanted.skip }),
      ...(wanted.probability === undefined ? {} : { probability: wanted.probability }),
      ...(wanted.seed === undefined ? {} : { seed: wanted.seed }),
    }
    const entry: Active = { fault, on: kind.on, draw: wanted.seed === undefined ? Math.random : seeded(wanted.seed) }
    if (wanted.forSeconds !== undefined) {
      fault.endsAt = new Date(this.now().getTime() + wanted.forSeconds * 1000).toISOString()
      entry.timer = setTimeout(() => void this.remove(fault.id), wanted.forSeconds * 1000).unref()
    }
    const wasDown = this.isDown
    this.active.set(fault.id, entry)
    if (!wasDown && this.isDown) await this.onDown?.(true)
    this.changed()
    return { ...fault }
  }

  async remove(id: string): Promise<boolean> {
    const entry = this.active.get(id)
    if (entry === undefined) return false
    const wasDown = this.isDown
    this.drop(entry)
    if (wasDown && !this.isDown) await this.onDown?.(false)
    return true
  }
  async clear(): Promise<void> {
    for (const id of [...this.active.keys()]) await this.remove(id)
  }
  /** For the end of the simulator: no timers left, nothing switched back. */
  close(): void {
    for (const { timer } of this.active.values()) clearTimeout(timer)
    this.active.clear()
  }

  /** The faults that strike this one, oldest first. */
  strike(on: 'requests' | 'webhooks', target: FaultTarget): readonly Hit[] {
    if (this.active.size === 0) return none
    const hits: Hit[] = []
    for (const entry of this.active.values()) {
      if (entry.on !== on || !applies(entry.fault, target)) continue
      if (this.strikes(entry)) hits.push({ fault: entry.fault.id, kind: entry.fault.kind, params: entry.fault.params })
    }
    return hits
  }

  private get isDown(): boolean {
    for (const { on } of this.active.values()) if (on === 'service') return true
    return false
  }

  private strikes(entry: Active): boolean {
    const { fault, draw } = entry
    fault.matched += 1
    if (fault.matched <= (fault.skip ?? 0)) return false
    if (fault.probability !== undefined && draw() >= fault.probability) return false
    fault.hits += 1
    fault.lastHitAt = this.now().toISOString()
    if (fault.times !== undefined && fault.hits >= fault.times) this.drop(entry)
    else this.changed()
    return true
  }
  private drop({ fault, timer }: Active): void {
    clearTimeout(timer)
    this.active.delete(fault.id)
    this.changed()
  }
}

function applies(fault: Fault, target: FaultTarget): boolean {
  const { account, guest, operation } = fault.where
  return (
    (account === undefined || account === target.account) &&
    (guest === undefined || guest === target.guest) &&
    (operation === undefined || operation.toLowerCase() === target.operation.toLowerCase())
  )
}

function readParams(kind: FaultKind, given: NewFault['params']): Fault['params'] {
  const problems: FieldError[] = []
  const params: Fault['params'] = {}
  for (const name of Object.keys(given)) {
    if (!kind.params.some(param => param.name === name)) problems.push({ pointer: `/params/${name}`, detail: 'is not known here' })
  }
  for (const param of kind.params) {
    const value = given[param.name] ?? param.default
    const detail = typeof value !== typeof param.default ? `must be a ${typeof param.default}` : outOfRange(param, value)
    if (detail !== undefined) problems.push({ pointer: `/params/${param.name}`, detail })
    params[param.name] = value
  }
  if (problems.length > 0) throw new ApiError('invalid', 'Some parameters of the fault are not valid.', { fields: problems })
  return params
}
function outOfRange(param: FaultKind['params'][number], value: number | string | boolean): string | undefined {
  if (typeof value === 'number' && ((param.min !== undefined && value < param.min) || (param.max !== undefined && value > param.max))) {
    return `must be between ${param.min} and ${param.max}`
  }
  if (param.choices !== undefined && !param.choices.some(choice => choice.value === value)) {
    return `must be one of ${param.choices.map(choice => choice.value).join(', ')}`
  }
  return undefined
}
function readWhere(kind: FaultKind, given: NewFault['where']): Fault['where'] {
  const where: Fault['where'] = {}
  for (const name of ['account', 'guest', 'operation'] as const) {
    const value = given[name]
    if (value === undefined || value === '') continue
    if (!kind.where.includes(name)) throw invalid(`/where/${name}`, 'does not apply to this fault')
    where[name] = value
  }
  return where
}
function invalid(pointer: string, detail: string): ApiError {
  return new ApiError('invalid', 'The fault is not valid.', { fields: [{ pointer, detail }] })
}
