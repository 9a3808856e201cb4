import type { GatewayStatus } from './protocol.ts'

const everyMs = 5000
const timeoutMs = 3000

/** Watches whether the fleet's public address answers. */
export class GatewayWatch {
  private readonly url: string
  private readonly changed: () => void
  private readonly timer: NodeJS.Timeout
  private state: GatewayStatus['state'] = 'connecting'
  private why: string | undefined

  constructor(url: string, changed: () => void) {
    this.url = url
    this.changed = changed
    this.timer = setInterval(() => void this.look(), everyMs).unref()
    void this.look()
  }

  get status(): GatewayStatus {
    return {
      state: this.state,
      url: this.url,
      ...(this.why === undefined ? {} : { why: this.why }),
      links: [
        { title: 'Admin site', url: `${this.url}/` },
        { title: 'API documentation', url: `${this.url}/api/v1/openapi` },
      ],
    }
  }
  stop(): void {
    clearInterval(this.timer)
  }

  /** Anything but a gateway's own complaint means that it is there. */
  private async look(): Promise<void> {
    const before = `${this.state} ${this.why ?? ''}`
    try {
      const { status, body } = await fetch(`${this.url}/`, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
      await body?.cancel()
      const isUp = status < 502 || status > 504
      this.state = isUp ? 'up' : 'down'
      this.why = isUp ? undefined : `HTTP ${status}`
    } catch (error) {
      this.state = 'down'
      this.why = error instanceof Error && error.cause instanceof Error ? error.cause.message : 'no answer'
    }
    if (before !== `${this.state} ${this.why ?? ''}`) this.changed()
  }
}

export const noGateway: GatewayStatus = { state: 'none', links: [] }
