import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** The text of a page of another service. Throws when it is not there, comes too late, or is larger than such a page ever is. Not `fetch`: that alone takes megabytes of memory. */
export async function askPage(url: string, limits: { milliseconds: number; bytes: number }): Promise<string> {
  const late = AbortSignal.timeout(limits.milliseconds)
  // a connection of its own: the next request is a minute away
  const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, { agent: false, headers: { accept: 'text/html' }, signal: late })
  try {
    const answered = once(request, 'response')
    // what ends the request while its answer is read ends the answer, too
    request.on('error', () => undefined)
    request.end()
    const [answer] = (await answered) as [IncomingMessage]
    if (answer.statusCode !== 200) throw new Error(`it answers ${answer.statusCode}`)
    return await readText(answer, limits.bytes)
  } catch (cause) {
    throw late.aborted ? new Error(`it does not answer within ${limits.milliseconds} ms`, { cause }) : cause
  } finally {
    request.destroy()
  }
}

async function readText(answer: AsyncIterable<Buffer>, most: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer) {
    bytes += chunk.length
    if (bytes > most) throw new Error(`its page has more than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
