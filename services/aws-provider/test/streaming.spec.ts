import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { provider } from '../src/provider.ts'
import { contextAt, objectOf, settingsOf } from './s3.ts'

const mebibyte = 1024 * 1024
const total = 64 * mebibyte
const chunk = 64 * 1024

let server: Server
let url: string
/** bytes that S3 has read */
let taken: number

const uploadId = '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>'
const completed = '<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>'
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** An S3 that reads a little at each turn of the event loop: slower than anything that sends. */
beforeEach(async () => {
  taken = 0
  server = createServer((req, res) => {
    const query = new URL(req.url ?? '', 'http://s3').searchParams
    req.on('data', (bytes: Buffer) => {
      taken += bytes.length
      req.pause()
      setImmediate(() => req.resume())
    })
    req.on('end', () =>
      res.writeHead(200, { etag: '"e"', 'content-type': 'application/xml' }).end(query.has('uploads') ? uploadId : req.method === 'POST' ? completed : ''),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** Makes its bytes when they are asked for, and notes how far that is ahead of S3, and what they cost. */
function watchedSource(): { body: Readable; mostAhead(): number; mostMemory(): number } {
  let given = 0
  let mostAhead = 0
  let mostMemory = 0
  const memory = (): number => {
    collectGarbage()
    return process.memoryUsage().arrayBuffers
  }
  const before = memory()
  const body = new Readable({
    highWaterMark: chunk,
    read() {
      mostAhead = Math.max(mostAhead, given - taken)
      if (given % (8 * mebibyte) === 0) mostMemory = Math.max(mostMemory, memory() - before)
      if (given >= total) {
        this.push(null)
        return
      }
      given += chunk
      this.push(Buffer.alloc(chunk))
    },
  })
  return { body, mostAhead: () => mostAhead, mostMemory: () => mostMemory }
}

describe('an upload of 64 MiB to a slow S3', () => {
  it('of known size is read no further ahead than sockets and a few chunks hold', async () => {
    const source = watchedSource()

    await provider.put(objectOf('k', total), source.body, settingsOf({ apiUrl: url }), contextAt(), new AbortController().signal)

    expect(taken).toBe(total)
    expect(source.mostAhead()).toBeLessThan(12 * mebibyte)
    expect(source.mostMemory()).toBeLessThan(32 * mebibyte)
  })

  it('of unknown size is read no further ahead than a part', async () => {
    const source = watchedSource()

    await provider.put(objectOf('k'), source.body, settingsOf({ apiUrl: url }), contextAt(), new AbortController().signal)

    expect(taken).toBeGreaterThanOrEqual(total)
    expect(source.mostAhead()).toBeLessThan(6 * mebibyte)
    expect(source.mostMemory()).toBeLessThan(32 * mebibyte)
  })
})
