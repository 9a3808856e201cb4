import { PassThrough, Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from '@jest/globals'
import { BodyRefused, openBody } from '../../src/storage/body.ts'

const chunkBytes = 64 * 1024

/** Makes chunks only when it is asked for them, and counts. */
function source(chunks: number): { stream: Readable; given(): number } {
  let given = 0
  const stream = new Readable({
    read() {
      given += 1
      this.push(given > chunks ? null : Buffer.alloc(chunkBytes, given & 255))
    },
  })
  return { stream, given: () => given }
}
async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('openBody', () => {
  it('shows the first bytes and passes all of them on', async () => {
    const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index & 255))
    const body = await openBody(Readable.from([bytes.subarray(0, 7), bytes.subarray(7, 5000), bytes.subarray(5000)]), {
      maxBytes: 10_000,
      declaredBytes: 10_000,
    })

    const passed = await collect(body.stream)

    expect(body.head).toEqual(bytes.subarray(0, 4096))
    expect(passed).toEqual(bytes)
    expect(body).toMatchObject({ bytes: 10_000, isComplete: true, refusal: undefined })
  })

  it('takes an empty body', async () => {
    const body = await openBody(Readable.from([]), { maxBytes: 1 })

    expect(await collect(body.stream)).toHaveLength(0)
    expect(body).toMatchObject({ bytes: 0, isComplete: true })
    expect(body.head).toHaveLength(0)
  })

  it.each<[string, number, { maxBytes: number; declaredBytes?: number }]>([
    ['tooLarge', 101, { maxBytes: 100 }],
    ['tooLong', 101, { maxBytes: 1000, declaredBytes: 100 }],
    ['tooShort', 99, { maxBytes: 1000, declaredBytes: 100 }],
  ])('breaks with %s', async (fault, sent, limits) => {
    const body = await openBody(Readable.from([Buffer.alloc(sent)]), limits)

    await expect(collect(body.stream)).rejects.toMatchObject({ fault })

    expect(body.refusal).toMatchObject({ fault })
    expect(body.isComplete).toBe(false)
  })

  it('passes exactly as much as is allowed', async () => {
    const body = await openBody(Readable.from([Buffer.alloc(100)]), { maxBytes: 100, declaredBytes: 100 })

    expect(await collect(body.stream)).toHaveLength(100)
    expect(body.isComplete).toBe(true)
  })

  it('breaks with "interrupted" when the source breaks, before its first bytes or after', async () => {
    const atOnce = new PassThrough()
    atOnce.destroy(new Error('reset'))
    const later = new PassThrough()
    later.write(Buffer.alloc(5000))

    await expect(openBody(atOnce, { maxBytes: 10 })).rejects.toMatchObject({ fault: 'interrupted' })
    const body = await openBody(later, { maxBytes: 100_000 })
    later.destroy(new Error('reset'))
    await expect(collect(body.stream)).rejects.toBeInstanceOf(BodyRefused)

    expect(body.refusal?.fault).toBe('interrupted')
  })

  it('is not read ahead of its reader', async () => {
    const { stream, given } = source(1024)
    const body = await openBody(stream, { maxBytes: 1024 * chunkBytes })
    let taken = 0
    let aheadMost = 0
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        taken += chunk.length / chunkBytes
        aheadMost = Math.max(aheadMost, given() - taken)
        setImmediate(done)
      },
    })

    await pipeline(body.stream, slow)

    expect(taken).toBe(1024)
    expect(aheadMost).toBeLessThanOrEqual(8)
  })

  it('leaves the source alive, so that its socket can be answered and the rest drained', async () => {
    const { stream } = source(20)
    const body = await openBody(stream, { maxBytes: 2 * chunkBytes })
    await expect(collect(body.stream)).rejects.toMatchObject({ fault: 'tooLarge' })

    body.close()
    const rest = new Promise<void>(resolve => stream.once('end', resolve))
    await new Promise(setImmediate)
    const wasDestroyed = stream.destroyed
    stream.resume()
    await rest

    expect(wasDestroyed).toBe(false)
  })

  it('lets go of a source of which nothing was read', async () => {
    const { stream } = source(20)
    const body = await openBody(stream, { maxBytes: 100 * chunkBytes })

    body.close()
    await new Promise(setImmediate)
    stream.resume()
    await new Promise<void>(resolve => stream.once('end', resolve))

    expect(body.isComplete).toBe(false)
  })
})
