import type { Readable } from 'node:stream'
import { ApiError } from '../errors/index.ts'

/** A small JSON body. Throws ApiError. */
export async function readJson(source: Readable, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of source.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new ApiError('tooLarge', `the body is larger than ${maxBytes} bytes`, { members: { retryable: false } })
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (cause) {
    throw new ApiError('malformed', 'the body is not JSON', { members: { retryable: false }, cause })
  }
}
