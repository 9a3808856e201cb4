import { Readable } from 'node:stream'
import { sniffBytes } from './sniff.ts'

export type BodyFault = 'tooLarge' | 'tooShort' | 'tooLong' | 'interrupted' | 'stalled'

/** The body is not what was announced or allowed; the provider is not to blame. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused'
  readonly fault: BodyFault
  constructor(fault: BodyFault, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.fault = fault
  }
}

export interface OpenBody {
  /** the first bytes; they are in `stream` as well */
  readonly head: Buffer
  /** pulls from the source no faster than it is read; breaks with BodyRefused */
  readonly stream: Readable
  readonly bytes: number
  /** the source ended as announced and all of it has been read */
  readonly isComplete: boolean
  /** why `stream` broke: providers' SDKs tend to wrap what a stream throws */
  readonly refusal: BodyRefused | undefined
  /** lets go of the source, which can then be drained */
  close(): void
}

/**
 * Reads the first bytes of `source` and makes a stream of all of it that is bounded by `maxBytes` and held to its `declaredBytes`. The source is not
 * destroyed when the stream is: the caller may have to answer on its socket. `onChunk` hears of each chunk that is passed on.
 */
export async function openBody(
  source: Readable,
  limits: { maxBytes: number; declaredBytes?: number | undefined; onChunk?: (() => void) | undefined },
): Promise<OpenBody> {
  const { maxBytes, declaredBytes, onChunk } = limits
  const chunks = source.iterator({ destroyOnReturn: false })
  const next = async (): Promise<Buffer | undefined> => {
    try {
      const { value, done } = await chunks.next()
      return done ? undefined : value
    } catch (error) {
      throw new BodyRefused('interrupted', 'the body ended early', { cause: error })
    }
  }

  const ahead: Buffer[] = []
  let aheadBytes = 0
  while (aheadBytes < sniffBytes) {
    const chunk = await next()
    if (chunk === undefined) break
    ahead.push(chunk)
    aheadBytes += chunk.length
  }
  const head = Buffer.concat(ahead).subarray(0, sniffBytes)

  const state: { bytes: number; isComplete: boolean; refusal: BodyRefused | undefined } = { bytes: 0, isComplete: false, refusal: undefined }
  async function* passOn(): AsyncGenerator<Buffer> {
    for (let chunk = ahead.shift() ?? (await next()); chunk !== undefined; chunk = ahead.shift() ?? (await next())) {
      state.bytes += chunk.length
      if (state.bytes > maxBytes) throw new BodyRefused('tooLarge', `the file is larger than ${maxBytes} bytes`)
      if (declaredBytes !== undefined && state.bytes > declaredBytes) throw new BodyRefused('tooLong', `more than the announced ${declaredBytes} bytes came`)
      onChunk?.()
      yield chunk
    }
    if (declaredBytes !== undefined && state.bytes < declaredBytes) {
      throw new BodyRefused('tooShort', `${state.bytes} of the announced ${declaredBytes} bytes came`)
    }
    state.isComplete = true
  }
  async function* watched(): AsyncGenerator<Buffer> {
    try {
      yield* passOn()
    } catch (error) {
      if (error instanceof BodyRefused) state.refusal = error
      throw error
    }
  }

  const stream = Readable.from(watched(), { objectMode: false })
  // whoever reads it hears of its end; nobody has to
  stream.on('error', () => undefined)
  return {
    head,
    stream,
    get bytes() {
      return state.bytes
    },
    get isComplete() {
      return state.isComplete
    },
    get refusal() {
      return state.refusal
    },
    close: () => {
      stream.destroy()
      chunks.return?.().catch(() => undefined)
    },
  }
}
