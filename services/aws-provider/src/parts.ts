import type { Readable } from 'node:stream'

/** The least that S3 takes for all parts but the last: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const partBytes = 5 * 1024 * 1024

/**
 * Cuts a stream into parts of the size of `buffer`, the last one may be shorter (and empty, if there is nothing at all). All parts share the buffer: a part
 * is valid until the next one is asked for.
 */
export async function* partsOf(body: Readable, buffer: Buffer): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let filled = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    let rest = chunk
    while (rest.length > 0) {
      if (filled === buffer.length) {
        yield { bytes: buffer, isLast: false }
        filled = 0
      }
      const taken = rest.copy(buffer, filled)
      filled += taken
      rest = rest.subarray(taken)
    }
  }
  yield { bytes: buffer.subarray(0, filled), isLast: true }
}

const free: Buffer[] = []
const maxFree = 2
const idleMilliseconds = 10_000
let emptying: NodeJS.Timeout | undefined

/** Large buffers are collected late, and there would soon be many: a few are used again, and let go of when nobody wants them for a while. */
export function takePartBuffer(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(partBytes)
}
/** Only for a buffer that nothing can be reading any more. */
export function returnPartBuffer(buffer: Buffer): void {
  if (free.length < maxFree) free.push(buffer)
  clearTimeout(emptying)
  emptying = setTimeout(() => {
    free.length = 0
  }, idleMilliseconds).unref()
}
