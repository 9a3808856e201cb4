import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { StorageContext, StorageObject } from '@um/shared/contract'
import { temporaryFolder } from '@um/testing/temporary-folder'
import { aws } from '../src/definition.ts'
import type { Settings } from '../src/urls.ts'

export interface Recorded {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
}
export interface Counterpart {
  readonly url: string
  readonly requests: Recorded[]
  stop(): Promise<void>
}

interface S3rver {
  readonly httpServer: Server
  run(): Promise<AddressInfo>
}
type S3rverClass = new (options: object) => S3rver
interface Accounts {
  DUMMY_ACCOUNT: { createKeyPair(id: string, secret: string): void }
}

const accessKeyId = 'AKIAEXAMPLE00000001'
const secretAccessKey = 'exampleSecretKey/0123456789abcdefghijklmn'

/** An S3 server in this process. It neither enforces ACLs (they are seen in `requests`) nor checks signatures of version 4. */
export async function startS3(buckets: readonly string[]): Promise<Counterpart> {
  const load = createRequire(import.meta.url)
  const S3rver = load('s3rver') as S3rverClass
  const accounts = load('s3rver/lib/models/account') as Accounts
  accounts.DUMMY_ACCOUNT.createKeyPair(accessKeyId, secretAccessKey)
  const folder = temporaryFolder('s3')
  const configureBuckets = buckets.map(name => ({ name }))
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder.path, configureBuckets })
  const { port } = await server.run()
  const requests: Recorded[] = []
  server.httpServer.on('request', req => requests.push(recorded(req)))
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: async () => {
      await stop(server.httpServer)
      folder.remove()
    },
  }
}

export interface Scripted {
  status: number
  body?: string
  headers?: Record<string, string>
}
/** Answers what it is told, once the whole request has come. `undefined`: closes the connection. */
export async function startScripted(answer: (request: Recorded) => Scripted | undefined): Promise<Counterpart> {
  const requests: Recorded[] = []
  const server = createServer((req, res) => {
    const request = recorded(req)
    requests.push(request)
    req.resume().on('end', () => {
      const scripted = answer(request)
      if (scripted === undefined) req.socket.destroy()
      else res.writeHead(scripted.status, { 'content-type': 'application/xml', ...scripted.headers }).end(scripted.body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, stop: () => stop(server) }
}

export function errorXml(code: string, message: string, more = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>1</RequestId></Error>`
}

export function settingsOf(more: Partial<Record<keyof Settings, unknown>> = {}): Settings {
  const base = {
    accessKeyId: 'AKIAEXAMPLE00000001',
    secretAccessKey: 'exampleSecretKey/0123456789abcdefghijklmn',
    region: 'ap-northeast-1',
    bucket: 'acme-media',
  }
  return aws.settings.parse({ ...base, ...more })
}
export function contextAt(time = '2026-03-04T05:06:07Z', more: Partial<StorageContext> = {}): StorageContext & { lines: string[] } {
  const lines: string[] = []
  const write = (fields: object, message: string): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`)
  }
  return { now: () => new Date(time), log: { debug: write, warn: write }, lines, ...more }
}

export function objectOf(key: string, size?: number): StorageObject {
  return {
    key,
    mime: 'image/png',
    disposition: "inline; filename*=UTF-8''a.png",
    cacheControl: 'private, max-age=300',
    metadata: { tenant: 't1' },
    ...(size === undefined ? {} : { size }),
  }
}

function recorded(req: IncomingMessage): Recorded {
  const url = new URL(req.url ?? '', 'http://s3')
  return { method: req.method ?? '', path: url.pathname, query: url.searchParams, headers: req.headers }
}
async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}
