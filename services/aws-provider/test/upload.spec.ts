import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from '@jest/globals'
import { provider } from '../src/provider.ts'
import { type Counterpart, contextAt, errorXml, objectOf, type Recorded, type Scripted, settingsOf, startScripted } from './s3.ts'

let s3: Counterpart | undefined
afterEach(() => s3?.stop())

const never = new AbortController().signal
const part = 5_242_880
const initiated: Scripted = { status: 200, body: '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>' }
const done: Scripted = { status: 200, headers: { etag: '"e"' }, body: '' }
/** A multipart upload that goes well, except where `answer` says something. */
async function start(answer: (request: Recorded) => Scripted | undefined | 'well'): Promise<Counterpart> {
  s3 = await startScripted(request => {
    const told = answer(request)
    if (told !== 'well') return told
    return request.query.has('uploads') ? initiated : done
  })
  return s3
}
const steps = ({ requests }: Counterpart): string[] =>
  requests.map(({ method, query }) => `${method}${query.has('uploads') ? ' uploads' : ''}${query.has('partNumber') ? ` ${query.get('partNumber')}` : ''}`)
/** Gives so many bytes, then breaks when it is time to. */
function breaking(length: number, when: Promise<void> = Promise.resolve()): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.alloc(length)
      await when
      throw new Error('the source broke')
    })(),
    { objectMode: false },
  )
}
const bytes = (length: number): Readable => Readable.from([Buffer.alloc(length)], { objectMode: false })

describe('a multipart upload that fails', () => {
  it('is removed, and fails with the reason', async () => {
    const server = await start(({ query }) => (query.get('partNumber') === '2' ? { status: 503, body: errorXml('SlowDown', 'Please.') } : 'well'))

    const failed = provider.put(objectOf('k'), bytes(part * 3), settingsOf({ apiUrl: server.url }), contextAt(), never)

    await expect(failed).rejects.toMatchObject({ name: 'SlowDown' })
    expect(steps(server)).toEqual(['POST uploads', 'PUT 1', 'PUT 2', 'DELETE'])
  })

  it('still fails with that reason when its removal is not allowed, and says what helps', async () => {
    const server = await start(({ method, query }) => {
      if (method === 'DELETE') return { status: 403, body: errorXml('AccessDenied', 'No.') }
      return query.get('partNumber') === '2' ? { status: 503, body: errorXml('SlowDown', 'Please.') } : 'well'
    })
    const ctx = contextAt()

    const failed = provider.put(objectOf('k'), bytes(part * 3), settingsOf({ apiUrl: server.url }), ctx, never)

    await expect(failed).rejects.toMatchObject({ name: 'SlowDown' })
    expect(ctx.lines.join()).toContain('AbortIncompleteMultipartUpload')
  })

  it('is removed when its stream breaks', async () => {
    const sent = Promise.withResolvers<void>()
    const server = await start(({ query }) => {
      if (query.has('partNumber')) sent.resolve()
      return 'well'
    })

    const failed = provider.put(objectOf('k'), breaking(part + 1, sent.promise), settingsOf({ apiUrl: server.url }), contextAt(), never)

    await expect(failed).rejects.toThrow()
    expect(steps(server)).toEqual(['POST uploads', 'PUT 1', 'DELETE'])
  })

  it('is not completed with an upload id that was never given', async () => {
    const server = await start(({ query }) =>
      query.has('uploads') ? { status: 200, body: '<InitiateMultipartUploadResult></InitiateMultipartUploadResult>' } : 'well',
    )

    const failed = provider.put(objectOf('k'), bytes(part * 2), settingsOf({ apiUrl: server.url }), contextAt(), never)

    await expect(failed).rejects.toThrow('no id')
    expect(steps(server)).toEqual(['POST uploads'])
  })
})

describe('a single PUT that fails', () => {
  it('ends at once when its stream breaks', async () => {
    const server = await start(() => 'well')

    const failed = provider.put(objectOf('k', 5000), breaking(1000), settingsOf({ apiUrl: server.url }), contextAt(), never)

    await expect(failed).rejects.toThrow()
    expect(provider.classify(await failed.catch(error => error))).toMatchObject({ kind: 'retryable' })
  })

  it('ends when it is told to, with an S3 that does not answer', async () => {
    const arrived = Promise.withResolvers<void>()
    const silent = createServer(() => arrived.resolve())
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', () => resolve()))
    const apiUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const stopping = new AbortController()

    const failed = provider.put(objectOf('k', 5), bytes(5), settingsOf({ apiUrl }), contextAt(), stopping.signal)
    const outcome = failed.catch(error => error)
    await arrived.promise
    stopping.abort()

    expect(await outcome).toMatchObject({ name: 'AbortError' })
    silent.closeAllConnections()
    silent.close()
  })

  it('is refused before its bytes are sent when they are many', async () => {
    const refusing = createServer()
    let received = 0
    refusing.on('checkContinue', (req, res) => {
      req.on('data', chunk => {
        received += chunk.length
      })
      res.writeHead(403, { 'content-type': 'application/xml' }).end(errorXml('AccessDenied', 'No.'))
    })
    await new Promise<void>(resolve => refusing.listen(0, '127.0.0.1', () => resolve()))
    const apiUrl = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`

    const failed = provider.put(objectOf('k', 3_000_000), bytes(3_000_000), settingsOf({ apiUrl }), contextAt(), never)

    await expect(failed).rejects.toMatchObject({ name: 'AccessDenied' })
    expect(received).toBe(0)
    refusing.closeAllConnections()
    refusing.close()
  })
})

describe('removing several objects', () => {
  it('fails when one of them could not be removed', async () => {
    const body = '<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>No.</Message></Error></DeleteResult>'
    const server = await start(() => ({ status: 200, body }))

    const failed = provider.remove(['a', 'b'], settingsOf({ apiUrl: server.url }), contextAt())

    await expect(failed).rejects.toThrow('No.')
    expect(provider.classify(await failed.catch(error => error))).toMatchObject({ kind: 'subscription', why: expect.stringContaining('AccessDenied') })
  })

  it('is not troubled by one that was missing', async () => {
    const body = '<DeleteResult><Error><Key>a</Key><Code>NoSuchKey</Code><Message>No.</Message></Error></DeleteResult>'
    const server = await start(() => ({ status: 200, body }))

    await provider.remove(['a', 'b'], settingsOf({ apiUrl: server.url }), contextAt())

    expect(server.requests).toHaveLength(1)
  })

  it('goes one by one where the storage knows nothing else', async () => {
    const server = await start(({ method }) => {
      if (method === 'POST') return { status: 501, body: errorXml('NotImplemented', 'No.') }
      return { status: 404, body: errorXml('NoSuchKey', 'No.') }
    })

    await provider.remove(['a', 'b'], settingsOf({ apiUrl: server.url }), contextAt())

    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /acme-media/', 'DELETE /acme-media/a', 'DELETE /acme-media/b'])
  })
})

describe('an outbound proxy', () => {
  it('is what S3 is reached through', async () => {
    const seen: string[] = []
    const proxy = createServer((req, res) => {
      seen.push(`${req.method} ${req.url}`)
      req.resume().on('end', () => res.writeHead(200, { etag: '"e"' }).end())
    })
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', () => resolve()))
    const ctx = contextAt(undefined, { proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })

    await provider.put(objectOf('k', 5), bytes(5), settingsOf({ apiUrl: 'http://s3.acme.invalid' }), ctx, never)

    expect(seen).toEqual(['PUT http://s3.acme.invalid/acme-media/k?x-id=PutObject'])
    proxy.closeAllConnections()
    proxy.close()
  })
})
