import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Ledger } from './ledger.ts'
import { markOf } from './ledger.ts'
import { conversationOf } from './payloads.ts'
import { type Answer, type Incoming, listen } from './raw-http.ts'

export interface Platforms {
  telegramPort: number
  genesysPort: number
  s3Port: number
  /** this tenant's calls get no answer any more; null: all get theirs again */
  hang(tenant: number | null): void
  close(): void
}

/** Servers that answer as Telegram, Genesys Cloud and S3 do when all is well, with no more work than that takes. */
export async function startPlatforms(ledger: Ledger): Promise<Platforms> {
  let hanging: number | null = null
  const webhooks = new Map<string, { url: string; allowed_updates: string[] }>()
  const note = (body: Buffer): void => {
    const number = markOf(body.toString('latin1'))
    if (number !== undefined) ledger.arrived(number)
  }
  const telegram = await listen(incoming => {
    const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(incoming.path) ?? []
    if (hanging !== null && token.startsWith(`${1_000_000 + hanging}:`)) return undefined
    return incoming.path.startsWith('/file/') ? file(incoming.path) : telegramAnswer(token, method, incoming, webhooks, note)
  })
  const genesys = await listen(incoming => {
    if (hanging !== null && incoming.path.includes(`/bench-${hanging}/`)) return undefined
    return genesysAnswer(incoming, note)
  })
  const s3 = await startS3()
  return {
    telegramPort: telegram.port,
    genesysPort: genesys.port,
    s3Port: s3.port,
    hang: tenant => {
      hanging = tenant
    },
    close: () => {
      telegram.close()
      genesys.close()
      s3.close()
    },
  }
}

function json(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value) }
}

function telegramAnswer(
  token: string,
  method: string,
  { body }: Incoming,
  webhooks: Map<string, { url: string; allowed_updates: string[] }>,
  note: (body: Buffer) => void,
): Answer {
  const result = (value: unknown): Answer => json({ ok: true, result: value })
  switch (method) {
    case 'sendMessage': {
      note(body)
      const { chat_id } = JSON.parse(body.toString()) as { chat_id: number }
      return result({ message_id: messageNumber(), date: Math.floor(Date.now() / 1000), chat: { id: chat_id, type: 'private' }, text: 'as it was sent' })
    }
    case 'getMe':
      return result({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Bench', username: 'bench_bot' })
    case 'setWebhook':
      webhooks.set(token, JSON.parse(body.toString()) as { url: string; allowed_updates: string[] })
      return result(true)
    case 'getWebhookInfo':
      return result({ url: '', has_custom_certificate: false, pending_update_count: 0, ...webhooks.get(token) })
    case 'getUserProfilePhotos':
      return result({ total_count: 0, photos: [] })
    case 'getFile': {
      const { file_id } = JSON.parse(body.toString()) as { file_id: string }
      return result({ file_id, file_unique_id: file_id, file_size: Number(file_id.split('-').at(-1)), file_path: `photos/${file_id}.jpg` })
    }
    default:
      return result(true)
  }
}
let messages = 0
function messageNumber(): number {
  messages += 1
  return messages
}

const pictures = new Map<number, Buffer>()
/** `/file/bot<token>/photos/photo-<number>-<bytes>.jpg`: a JPEG by its first bytes. */
function file(path: string): Answer {
  const bytes = Number(/-(\d+)\.jpg$/.exec(path)?.[1] ?? 0)
  let picture = pictures.get(bytes)
  if (picture === undefined) {
    picture = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010101004800480000', 'hex'), Buffer.alloc(Math.max(0, bytes - 20), 'bench')])
    pictures.set(bytes, picture)
  }
  return { status: 200, body: picture, type: 'application/octet-stream' }
}

const integrations = '/api/v2/conversations/messaging/integrations/open'

function genesysAnswer({ method, path, body }: Incoming, note: (body: Buffer) => void): Answer {
  if (path.includes('/inbound/open/message')) {
    note(body)
    const { channel } = JSON.parse(body.toString()) as { channel: { messageId: string; to: { id: string }; from: { id: string } } }
    return json({ id: channel.messageId, channel, type: 'Text', direction: 'Inbound', conversationId: conversationOf(channel.to.id, channel.from.id) })
  }
  if (path === '/oauth/token') return json({ access_token: 'bench-access-token', token_type: 'bearer', expires_in: 86_400 })
  if (method === 'POST' && path === integrations) return json(integration((JSON.parse(body.toString()) as { name: string }).name))
  if (path.startsWith(`${integrations}/`)) return json(integration(path.slice(integrations.length + 1)))
  if (method === 'GET') return json({ entities: [], pageCount: 1 })
  return json({})
}
function integration(name: string): object {
  return { id: name, name, createStatus: 'Completed', recipient: { id: name } }
}

/** Node's own server: the SDK sends chunks. It keeps nothing. */
async function startS3(): Promise<{ port: number; close(): void }> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
    req.resume()
    req.on('end', () => {
      res.writeHead(req.method === 'DELETE' ? 204 : 200, { etag: '"0123456789abcdef0123456789abcdef"', 'content-type': 'application/xml' })
      res.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
