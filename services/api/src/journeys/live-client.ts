import type { ServerResponse } from 'node:http'
import type { JourneyFilter } from './schema.ts'

/** A client that has left more than this unread is told nothing more, only how much that was. */
const maxUnread = 256 * 1024

/** One listener to the live stream: server-sent events, and no more of them in memory than it may leave unread. */
export class LiveClient {
  readonly filter: JourneyFilter
  readonly authorization: string | undefined
  /** journeys that were not told, and of which the client has not been told so */
  private skipped = 0
  private readonly out: ServerResponse
  private stalledAt: number | undefined

  constructor(out: ServerResponse, options: { filter: JourneyFilter; authorization: string | undefined }) {
    this.out = out
    this.filter = options.filter
    this.authorization = options.authorization
    out.on('error', () => undefined)
    this.write('retry: 3000\n\n')
  }

  /** Coarse, by what is known before a journey is read. */
  mayWant(message: string, tenantId: string, guest: string): boolean {
    const { filter } = this
    return (
      (filter.message === undefined || filter.message === message) &&
      (filter.tenantId === undefined || filter.tenantId === tenantId) &&
      (filter.guest === undefined || filter.guest === guest)
    )
  }
  /** `data`: JSON, which has no line break */
  send(event: string, data: string): void {
    this.write(`event: ${event}\ndata: ${data}\n\n`)
  }
  /** A journey, as JSON; left out while too much is unread. */
  tell(journey: string): void {
    if (this.isStalled) this.skip(1)
    else this.send('journey', journey)
  }
  skip(journeys: number): void {
    this.skipped += journeys
  }
  /** Says what was left out as soon as it can be read; answers for how long, in milliseconds, the client has not read. */
  catchUp(now: number): number {
    if (this.isStalled) {
      this.stalledAt ??= now
      return now - this.stalledAt
    }
    this.stalledAt = undefined
    if (this.skipped > 0) this.send('skipped', JSON.stringify({ journeys: this.skipped }))
    this.skipped = 0
    return 0
  }
  cutOff(): void {
    this.out.destroy()
  }
  beat(): void {
    this.write(': alive\n\n')
  }
  end(why: string): void {
    this.send('end', JSON.stringify({ why }))
    this.out.end()
  }

  private get isStalled(): boolean {
    return this.out.writableLength > maxUnread
  }
  private write(text: string): void {
    if (!this.out.destroyed && !this.out.writableEnded) this.out.write(text)
  }
}
