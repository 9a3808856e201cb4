import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { connect } from 'amqplib'
import express from 'express'

/**
 * One process of the bare pipeline: what remains of a connector when everything that it promises is left out. Webhook → confirmed publish to its event queue → consumer → confirmed publish to
 * the other side's message queue; and its own message queue → HTTP POST. As many processes, broker hops and calls for each message as the relay, the same payloads, quorum queues and persistent
 * messages; no tenants, no Redis, no identities, no order, no retries.
 */
const {
  SIDE: side = '',
  OTHER: other = '',
  PORT: port = '0',
  RABBITMQ_URL: rabbitUrl = '',
  PLATFORM_URL: platformUrl = '',
  PREFETCH: prefetch = '320',
} = process.env

const eventQueue = `bare.${side}.event`
const messageQueue = (name: string): string => `bare.${name}.message`
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }
const persistent = { persistent: true, contentType: 'application/json' }
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

interface Message {
  guest: string
  text: string
  key: string
}
const platforms: Record<string, { read(body: Update, key: string): Message; call(message: Message): { path: string; body: string } }> = {
  telegram: {
    read: ({ message }, key) => ({ guest: String(message?.chat.id), text: message?.text ?? '', key }),
    call: ({ guest, text, key }) => ({ path: `/bot${key}/sendMessage`, body: JSON.stringify({ chat_id: Number(guest), text }) }),
  },
  gcloudcx: {
    read: ({ channel, text }, key) => ({ guest: channel?.to.id ?? '', text: text ?? '', key }),
    call: ({ guest, text, key }) => ({
      path: `/api/v2/conversations/messages/${key}/inbound/open/message`,
      body: JSON.stringify({ channel: { platform: 'Open', type: 'Private', messageId: key, to: { id: key }, from: { id: guest, idType: 'Opaque' } }, text }),
    }),
  },
}
interface Update {
  message?: { chat: { id: number }; text?: string }
  channel?: { to: { id: string } }
  text?: string
}
const [mine, its] = [platforms[side], platforms[other]]
if (mine === undefined || its === undefined) throw new Error('SIDE and OTHER must be telegram and gcloudcx')

const connection = await connect(rabbitUrl, { noDelay: true })
const publishing = await connection.createConfirmChannel()
const consuming = await connection.createChannel()
await consuming.prefetch(Number(prefetch))
for (const queue of [eventQueue, messageQueue(side), messageQueue(other)]) await publishing.assertQueue(queue, quorum)

function publish(queue: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    publishing.sendToQueue(queue, body, persistent, error => (error ? reject(error) : resolve()))
  })
}
function post(message: Message): Promise<void> {
  const { path, body } = mine?.call(message) ?? { path: '/', body: '' }
  return new Promise((resolve, reject) => {
    const call = request(
      `${platformUrl}${path}`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
      answer => {
        answer.resume()
        answer.on('end', resolve)
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

await consuming.consume(eventQueue, async received => {
  if (received === null) return
  await publish(messageQueue(other), received.content)
  consuming.ack(received)
})
await consuming.consume(messageQueue(side), async received => {
  if (received === null) return
  await post(JSON.parse(received.content.toString()) as Message)
  consuming.ack(received)
})

/** The relay's webhooks are signed, so these are checked, too: that is the platforms' price, not the relay's. */
const app = express()
app.post(side === 'telegram' ? '/telegram' : '/openmessaging', express.raw({ type: () => true }), async (req, res) => {
  const raw = req.body as Buffer
  const update = JSON.parse(raw.toString()) as Update
  const key = side === 'telegram' ? String(req.headers['x-telegram-bot-api-secret-token']) : `${req.headers['x-hub-signature-256']}`
  if (side === 'gcloudcx') createHmac('sha256', 'bench-token').update(raw).digest('base64')
  await publish(eventQueue, Buffer.from(JSON.stringify(mine.read(update, key.replaceAll(/[^\w-]/g, '').slice(0, 40)))))
  res.sendStatus(200)
})
app.listen(Number(port), '127.0.0.1')
