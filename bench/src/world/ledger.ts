/** Every message of a run bears `#number;` in its text: what was sent, when it was meant to be sent, and what arrived. */
const marker = /#(\d+);/

export function mark(number: number): string {
  return `#${number};`
}
export function markOf(text: string): number | undefined {
  const found = marker.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

export interface Arrival {
  number: number
  /** milliseconds since it was meant to be sent */
  latency: number
  tenant: number
}

export class Ledger {
  private readonly pending = new Map<number, { meantAt: number; tenant: number }>()
  private readonly givenUp = new Set<number>()
  private next = 1
  doubled = 0
  private readonly listeners = new Set<(arrival: Arrival) => void>()

  /** A new message that is, or should have been, sent at `meantAt` (`performance.now()`). */
  expect(meantAt: number, tenant: number): number {
    const number = this.next
    this.next += 1
    this.pending.set(number, { meantAt, tenant })
    return number
  }
  arrived(number: number): void {
    const entry = this.pending.get(number)
    if (entry === undefined) {
      if (!this.givenUp.delete(number)) this.doubled += 1
      return
    }
    this.pending.delete(number)
    const arrival = { number, latency: performance.now() - entry.meantAt, tenant: entry.tenant }
    for (const listener of this.listeners) listener(arrival)
  }
  /** sent, and not there yet */
  get missing(): number {
    return this.pending.size
  }
  /** They will not come any more, or nobody waits for them. */
  giveUp(): number {
    const lost = this.pending.size
    for (const number of this.pending.keys()) this.givenUp.add(number)
    this.pending.clear()
    return lost
  }
  listen(listener: (arrival: Arrival) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
