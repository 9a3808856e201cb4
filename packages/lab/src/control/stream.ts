import type { Request, Response } from 'express'
import type { EventHub, Numbered } from '../kit/event-hub.ts'
import type { LabEvent } from '../protocol.ts'
import { queryText } from './request.ts'

const heartbeatMs = 15_000
/** A page that reads so slowly is sent away: it comes back, and resumes or loads everything. */
const maxUnreadBytes = 4 * 1024 * 1024

/** `GET /events`: server-sent events. An id is `<instance>.<number>`, so that those of another start of the Lab are recognised. */
export function streamHandler(hub: EventHub, instance: string) {
  return (req: Request, res: Response): void => {
    const header = req.headers['last-event-id']
    const given = queryText(req, 'after') ?? (typeof header === 'string' && header !== '' ? header : undefined)
    const after = given === undefined ? undefined : numberOf(given, instance)
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    const write = (event: LabEvent, seq?: number) => res.write(`${seq === undefined ? '' : `id: ${instance}.${seq}\n`}data: ${JSON.stringify(event)}\n\n`)
    const take = (events: Numbered[]) => {
      for (const { seq, event } of events) write(event, seq)
      if (res.writableLength > maxUnreadBytes) res.destroy()
    }
    const { missed, end, seq } = hub.listen({ take }, after)
    const isResumed = given !== undefined && missed !== undefined
    write({ type: 'hello', instance }, isResumed ? undefined : seq)
    if (missed === undefined) write({ type: 'reset', why: 'too much happened meanwhile' }, seq)
    else take(missed)
    const heartbeat = setInterval(() => res.write(': still here\n\n'), heartbeatMs).unref()
    res.on('close', () => {
      clearInterval(heartbeat)
      end()
    })
  }
}

/** An id of another start, or none at all, is older than everything. */
function numberOf(id: string, instance: string): number {
  const [start, number] = id.split('.')
  const seq = Number(number)
  return start === instance && Number.isInteger(seq) ? seq : Number.NEGATIVE_INFINITY
}
