import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RecordedCall, recordCall } from './http-call.ts'
import { describeExpected, differences, type ExpectedCall, isAddressed, type ScriptedReply } from './http-expectation.ts'

export type { RecordedCall } from './http-call.ts'
export type { ExpectedCall, ScriptedReply } from './http-expectation.ts'
export type { MultipartPart } from './multipart.ts'

export interface HttpRecorder {
  readonly url: string
  readonly port: number
  /** all calls so far, in order, unexpected ones included */
  readonly calls: readonly RecordedCall[]
  /** Scripts one call. Of several that fit, the first one that is not used up answers. */
  expect(call: ExpectedCall): void
  /** Throws when a call came that nobody expected, or an expected one did not come. Forgets both, so that the next test begins clean. */
  verify(): void
  stop(): Promise<void>
}

interface Scripted {
  expected: ExpectedCall
  left: number
}

/** The platform's side of a test: answers as scripted, keeps what it was sent, and finds fault with every call too many or too few. */
export async function startRecorder(): Promise<HttpRecorder> {
  const calls: RecordedCall[] = []
  let script: Scripted[] = []
  let unexpected: string[] = []
  const gone = new AbortController()

  const server = createServer((req, res) => {
    handle(req, res).catch(() => res.destroy())
  })

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const call = await recordCall(req)
    calls.push(call)
    const fitting = script.find(({ expected, left }) => left > 0 && isAddressed(expected, call) && differences(expected, call).length === 0)
    if (fitting === undefined) {
      unexpected.push(complaint(call, script))
      res.writeHead(501, { 'content-type': 'text/plain' }).end('unexpected call')
      return
    }
    fitting.left -= 1
    const { reply = {} } = fitting.expected
    await answer(typeof reply === 'function' ? reply(call) : reply, req, res, gone.signal)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    expect: expected => script.push({ expected, left: expected.times === 'any' ? Number.POSITIVE_INFINITY : (expected.times ?? 1) }),
    verify: () => {
      const missing = script.filter(({ expected, left }) => left > 0 && expected.times !== 'any').map(missed)
      const faults = [...unexpected, ...missing]
      script = []
      unexpected = []
      calls.length = 0
      if (faults.length > 0) throw new Error(faults.join('\n'))
    },
    stop: async () => {
      gone.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(reply: ScriptedReply, req: IncomingMessage, res: ServerResponse, gone: AbortSignal): Promise<void> {
  if (reply.delayMs !== undefined) await sleep(reply.delayMs, undefined, { signal: gone })
  if (reply.silence === true) return
  if (reply.reset === true) {
    req.socket.resetAndDestroy()
    return
  }
  const body = reply.json === undefined ? Buffer.from(reply.body ?? '') : Buffer.from(JSON.stringify(reply.json))
  res.writeHead(reply.status ?? 200, {
    ...(reply.json !== undefined && { 'content-type': 'application/json' }),
    ...(reply.retryAfterSeconds !== undefined && { 'retry-after': String(reply.retryAfterSeconds) }),
    'content-length': body.length,
    ...reply.headers,
  })
  if (reply.resetAfterBytes === undefined) {
    res.end(body)
    return
  }
  res.write(body.subarray(0, reply.resetAfterBytes), () => req.socket.resetAndDestroy())
}

function complaint(call: RecordedCall, script: readonly Scripted[]): string {
  const near = script.filter(({ expected }) => isAddressed(expected, call))
  const reasons = near.map(({ expected, left }) => (left > 0 ? differences(expected, call).join('; ') : 'it was used up'))
  const why = near.length === 0 ? `expected were: ${script.map(({ expected }) => describeExpected(expected)).join(', ') || 'none'}` : reasons.join(' / ')
  return `unexpected call ${call.method} ${call.path} (${why})`
}

function missed({ expected, left }: Scripted): string {
  return `expected call ${describeExpected(expected)} did not come${left > 1 ? ` (${left} times)` : ''}`
}
