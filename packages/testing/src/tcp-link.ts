import type { Socket } from 'node:net'

/** What a direction of a connection does to the bytes; shared by all connections of a proxy and changed while they live. */
export interface LinkCondition {
  delayMs: number
  bytesPerSecond: number
  /** nothing passes; what comes meanwhile waits, as it would for packets that are sent again */
  held: boolean
}

interface Chunk {
  bytes: Buffer
  dueAt: number
}

/** More than this is not read ahead: the sender feels back-pressure, as over a real link. */
const maxQueuedBytes = 256 * 1024

/** One direction of one connection: bytes leave in order, not before their delay is over, and not faster than allowed. */
export class Link {
  readonly #from: Socket
  readonly #to: Socket
  readonly #condition: LinkCondition
  readonly #queue: Chunk[] = []
  #queuedBytes = 0
  #ended = false
  #freeAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(from: Socket, to: Socket, condition: LinkCondition) {
    this.#from = from
    this.#to = to
    this.#condition = condition
    from.on('data', bytes => this.#take(bytes))
    from.once('end', () => {
      this.#ended = true
      this.pump()
    })
    to.on('drain', () => this.pump())
    to.once('close', () => clearTimeout(this.#timer))
  }

  /** Sends what may leave now. Called again whenever the condition changes. */
  pump(): void {
    clearTimeout(this.#timer)
    if (this.#condition.held || this.#to.destroyed || this.#to.writableNeedDrain) return
    for (let chunk = this.#queue[0]; chunk !== undefined; chunk = this.#queue[0]) {
      const wait = Math.max(chunk.dueAt, this.#freeAt) - performance.now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.pump(), Math.ceil(wait))
        return
      }
      this.#send(chunk)
      if (this.#to.writableNeedDrain) return
    }
    if (this.#ended) this.#to.end()
  }

  #take(bytes: Buffer): void {
    const dueAt = performance.now() + this.#condition.delayMs
    for (const part of this.#slices(bytes)) this.#queue.push({ bytes: part, dueAt })
    this.#queuedBytes += bytes.length
    if (this.#queuedBytes > maxQueuedBytes) this.#from.pause()
    this.pump()
  }

  /** A throttled link sends little pieces, twenty a second: one big piece would pass at once, and then nothing for long. */
  #slices(bytes: Buffer): Buffer[] {
    const size = Math.max(1, Math.floor(this.#condition.bytesPerSecond / 20))
    if (bytes.length <= size) return [bytes]
    const slices: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) slices.push(bytes.subarray(at, at + size))
    return slices
  }

  #send(chunk: Chunk): void {
    this.#queue.shift()
    this.#queuedBytes -= chunk.bytes.length
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + (chunk.bytes.length / this.#condition.bytesPerSecond) * 1_000
    this.#to.write(chunk.bytes)
    if (this.#queuedBytes <= maxQueuedBytes && this.#from.isPaused()) this.#from.resume()
  }
}
