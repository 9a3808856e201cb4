import { createServer } from 'node:http'
import { connect } from 'amqplib'
import { Redis } from 'ioredis'

/**
 * Behaves towards the fleet as a service does: its environment, health, one Redis for all replicas, RabbitMQ, the end at SIGTERM. TINY_BREAKS makes it end while it starts,
 * TINY_NEVER_READY keeps it from being ready.
 */
const { PORT, HEALTH_PORT, POD_NAME, REDIS_URL, RABBITMQ_URL, TINY_BREAKS, TINY_NEVER_READY } = process.env
console.log(`${POD_NAME} starts`)
if (TINY_BREAKS !== undefined) {
  console.log('settings are missing')
  process.exit(1)
}

const redis = new Redis(REDIS_URL ?? '')
redis.on('error', error => console.log(`redis: ${error.message}`))
const broker = await connect(RABBITMQ_URL ?? '')
broker.on('error', error => console.log(`broker: ${error.message}`))

const health = createServer((_req, res) => res.writeHead(TINY_NEVER_READY === undefined ? 200 : 503).end())
health.listen(Number(HEALTH_PORT), '127.0.0.1')
const server = createServer(async (req, res) => {
  const visits = await redis.incr('visits')
  res.end(JSON.stringify({ replica: POD_NAME, path: req.url, visits, env: process.env }))
})
server.listen(Number(PORT), '127.0.0.1')

process.on('SIGTERM', () => {
  console.log(`${POD_NAME} drains`)
  process.exit(0)
})
