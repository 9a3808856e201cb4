import type { Readable } from 'node:stream'
import axios from 'axios'
import { type AgentPool, noAnswer } from '../http/index.ts'
import type { OutgoingRequest } from './destination.ts'

/** What a destination said, or why nothing was heard of it. */
export type PostAnswer = { status: number; retryAfter: string | null; text: string } | { noAnswer: string }

const maxTextBytes = 4096

/** One try. Never throws. Redirects are not followed: an address that moved is one for the administrator to correct. */
export async function post(request: OutgoingRequest, options: { agents: AgentPool; version: string; signal: AbortSignal }): Promise<PostAnswer> {
  try {
    const answer = await axios.request<Readable>({
      method: 'POST',
      url: request.url,
      data: JSON.stringify(request.body),
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': `UniversalMessaging/${options.version}` },
      responseType: 'stream',
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      signal: options.signal,
      ...options.agents.forConfigured(request.url),
    })
    const retryAfter: unknown = answer.headers['retry-after']
    return {
      status: answer.status,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      text: await startOf(answer.data),
    }
  } catch (error) {
    return { noAnswer: options.signal.aborted ? 'no answer in time' : noAnswer(error).why }
  }
}

/** The status is what counts: a body that never ends, or breaks off, takes nothing away from it. */
async function startOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= maxTextBytes) break
    }
  } catch {
    // what came before is enough
  }
  return Buffer.concat(chunks).subarray(0, maxTextBytes).toString('utf8')
}
