/** Why a foreign URL could not be taken. */
export interface FetchFailure {
  failed: 'address' | 'unreachable' | 'status' | 'tooLarge'
  why: string
}
export interface FetchedMedia {
  bytes: Buffer
  mime: string
  /** last segment of the path, decoded */
  name: string
}

/** Fetches a file as platforms do: redirects followed, bounded size and time. */
export async function fetchMedia(
  url: string,
  options: { maxBytes: number; timeoutMs: number; headers?: Record<string, string> },
): Promise<FetchedMedia | FetchFailure> {
  let target: URL
  try {
    target = new URL(url)
  } catch {
    return { failed: 'address', why: 'not a URL' }
  }
  if (target.protocol !== 'http:' && target.protocol !== 'https:') return { failed: 'address', why: `${target.protocol} is not fetched` }
  try {
    const answer = await fetch(target, { signal: AbortSignal.timeout(options.timeoutMs), headers: options.headers ?? {} })
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel()
      return { failed: 'status', why: `HTTP ${answer.status}` }
    }
    const bytes = await readBounded(answer.body, options.maxBytes)
    if (bytes === undefined) return { failed: 'tooLarge', why: `more than ${options.maxBytes} bytes` }
    return { bytes, mime: answer.headers.get('content-type') ?? '', name: nameOf(target) }
  } catch (error) {
    return { failed: 'unreachable', why: reasonOf(error) }
  }
}

async function readBounded(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function nameOf(url: URL): string {
  const last = url.pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'connection failed'
  return error.cause instanceof Error ? error.cause.message : error.message
}
