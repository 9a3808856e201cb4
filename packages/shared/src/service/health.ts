import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '../log/index.ts'
import type { Metrics } from '../metrics/index.ts'

/**
 * `/healthz/liveness`: the event loop turns (Redis or RabbitMQ being away is no reason for a restart).
 * `/healthz/readiness`: 503 with the names of what is missing. `/metrics`: Prometheus.
 */
export async function startHealth(options: {
  host: string
  port: number
  metrics: Metrics
  readiness: ReadonlyMap<string, () => boolean>
  log: Logger
}): Promise<{ port: number; close(): Promise<void> }> {
  const usage = options.metrics
  usage.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss())
  usage.gauge('process_heap_bytes', 'Used JavaScript heap.', () => process.memoryUsage().heapUsed)
  usage.gauge('process_cpu_seconds_total', 'User and system CPU time.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  usage.gauge('process_uptime_seconds', 'Seconds since the start.', () => process.uptime())
  const server = createServer((req, res) => {
    const answer = (status: number, type: string, body: string) => res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    const json = (status: number, body: object) => answer(status, 'application/json', JSON.stringify(body))
    const path = req.url?.split('?')[0]
    if (req.method !== 'GET' && req.method !== 'HEAD') return json(405, { status: 'method not allowed' })
    if (path === '/healthz/liveness') return json(200, { status: 'alive' })
    if (path === '/healthz/readiness') {
      const missing = [...options.readiness].filter(([, check]) => !check()).map(([name]) => name)
      return missing.length === 0 ? json(200, { status: 'ready' }) : json(503, { status: 'not ready', missing })
    }
    if (path === '/metrics') return answer(200, 'text/plain; version=0.0.4', options.metrics.render())
    return json(404, { status: 'not found' })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
