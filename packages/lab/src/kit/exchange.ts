import type { IncomingMessage, ServerResponse } from 'node:http'

/** The target of a request; one that is not well formed is as `/`. */
export function requestUrl(req: IncomingMessage): URL {
  return URL.parse(req.url ?? '/', 'http://simulator') ?? new URL('http://simulator/')
}

/** The whole body, or undefined when it is longer than `maxBytes` (the rest is read and dropped, so that the answer arrives). */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
    })
    req.on('end', () => resolve(size > maxBytes ? undefined : Buffer.concat(chunks, size)))
    req.on('error', reject)
    req.on('close', () => {
      if (!req.complete) reject(new Error('the client went away'))
    })
  })
}

export function sendJson(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  sendBytes(res, status, 'application/json', Buffer.from(JSON.stringify(body)), headers)
}

export function sendBytes(res: ServerResponse, status: number, mime: string, bytes: Buffer, headers: Record<string, string> = {}): void {
  if (res.headersSent || res.destroyed) return
  res.writeHead(status, { ...headers, 'Content-Type': mime, 'Content-Length': bytes.length })
  res.end(bytes)
}
