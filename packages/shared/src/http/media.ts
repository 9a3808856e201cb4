import { type Readable, Transform } from 'node:stream'
import axios from 'axios'
import type { OpenMedia } from '../contract/index.ts'
import type { AgentPool } from './agents.ts'
import { type AllowList, assertPublicUrl, isAllowed } from './private-addresses.ts'

/** The bytes cannot be had. `status`: the server's answer, if any. `lasting`: asking again will not help. */
export class MediaUnavailable extends Error {
  override readonly name = 'MediaUnavailable'
  readonly status: number | undefined
  readonly lasting: boolean
  constructor(message: string, options: { status?: number; lasting: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.status = options.status
    this.lasting = options.lasting
  }
}
export class MediaTooLarge extends Error {
  override readonly name = 'MediaTooLarge'
}

const maxRedirects = 5

/**
 * Opens a URL that a stranger named, as a stream. Private addresses are refused, at each redirect and after DNS, except origins in `trustedOrigins` (the tenant's own
 * settings) and what the deployer allows. `headers` (credentials) stay with the first origin. Throws PrivateAddress, MediaUnavailable or MediaTooLarge.
 */
export async function openUrl(
  text: string,
  options: {
    agents: AgentPool
    allow: AllowList
    trustedOrigins: readonly string[]
    maxBytes: number
    headers?: Record<string, string>
    timeoutMilliseconds?: number
  },
): Promise<OpenMedia> {
  let url = assertPublicUrl(text, options.allow, options.trustedOrigins)
  const firstOrigin = url.origin
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const trusted = isAllowed(url, options.allow, options.trustedOrigins)
    const answer = await axios
      .request<Readable>({
        method: 'GET',
        url: url.href,
        responseType: 'stream',
        maxRedirects: 0,
        proxy: false,
        decompress: false,
        timeout: options.timeoutMilliseconds ?? 30_000,
        validateStatus: () => true,
        headers: {
          'user-agent': 'UniversalMessaging/1.0',
          accept: '*/*',
          'accept-encoding': 'identity',
          ...(url.origin === firstOrigin ? options.headers : {}),
        },
        ...(trusted ? options.agents.forConfigured(url.href) : options.agents.forForeign()),
      })
      .catch((error: unknown) => {
        if (isPrivate(error)) throw error instanceof Error && error.cause instanceof Error ? error.cause : error
        throw new MediaUnavailable('the address does not answer', { lasting: false, cause: error })
      })
    const location = answer.headers.location
    if (answer.status >= 300 && answer.status < 400 && typeof location === 'string') {
      answer.data.destroy()
      if (!URL.canParse(location, url.href)) throw new MediaUnavailable('the address leads to nothing that is a URL', { status: answer.status, lasting: true })
      url = assertPublicUrl(new URL(location, url).href, options.allow, options.trustedOrigins)
      continue
    }
    if (answer.status !== 200) {
      answer.data.destroy()
      throw new MediaUnavailable(`the address answers ${answer.status}`, {
        status: answer.status,
        lasting: answer.status >= 400 && answer.status < 500 && answer.status !== 429 && answer.status !== 408,
      })
    }
    const size = Number(answer.headers['content-length'] ?? Number.NaN)
    if (size > options.maxBytes) {
      answer.data.destroy()
      throw new MediaTooLarge(`the file has ${size} bytes, ${options.maxBytes} are allowed`)
    }
    const mime = String(answer.headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase()
    const name = nameOf(String(answer.headers['content-disposition'] ?? ''), url)
    return {
      body: bounded(answer.data, options.maxBytes),
      ...(mime === undefined || mime === '' ? {} : { mime }),
      ...(name === undefined ? {} : { name }),
      ...(Number.isNaN(size) ? {} : { size }),
    }
  }
  throw new MediaUnavailable('too many redirects', { lasting: true })
}

function isPrivate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'PRIVATE_ADDRESS'
}

/** Passes bytes on until the limit, whatever Content-Length said. An error of the source reaches the reader. */
function bounded(source: Readable, maxBytes: number): Readable {
  let bytes = 0
  const gate = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(new MediaTooLarge(`the file is larger than ${maxBytes} bytes`))
      else done(null, chunk)
    },
  })
  source.on('error', error => gate.destroy(error))
  source.on('aborted', () => gate.destroy(new MediaUnavailable('the file ended early', { lasting: false })))
  gate.on('close', () => source.destroy())
  return source.pipe(gate)
}

function nameOf(disposition: string, url: URL): string | undefined {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1]
  const fromPath = url.pathname.split('/').pop()
  try {
    const name =
      extended !== undefined ? decodeURIComponent(extended) : (plain ?? (fromPath === undefined || fromPath === '' ? undefined : decodeURIComponent(fromPath)))
    return name?.slice(0, 200)
  } catch {
    return plain
  }
}
