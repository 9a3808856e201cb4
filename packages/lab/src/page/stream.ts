import type { LabEvent } from '../protocol.ts'

export interface StreamListener {
  /** events in their order; several at once when they come fast */
  events(events: LabEvent[]): void
  lost(): void
}
export interface Stream {
  close(): void
}

/** The page draws at most this often, however fast events come. */
const batchMs = 32
const reopenAfterMs = [500, 1_000, 2_000, 5_000]

/**
 * The event stream, for ever. It is opened anew after each failure, behind the last event seen: EventSource's own reconnecting gives up when the
 * server answers with an error, as a gateway does whose Lab is restarting.
 */
export function openStream(listener: StreamListener, url = '/lab/api/events'): Stream {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: LabEvent[] = []
  let batch: ReturnType<typeof setTimeout> | undefined
  let lastId = ''
  let failures = 0

  function open(): void {
    const opened = new EventSource(lastId === '' ? url : `${url}?after=${encodeURIComponent(lastId)}`)
    source = opened
    opened.onmessage = message => {
      failures = 0
      lastId = message.lastEventId || lastId
      waiting.push(JSON.parse(message.data) as LabEvent)
      batch ??= setTimeout(deliver, batchMs)
    }
    opened.onerror = () => {
      opened.close()
      deliver()
      listener.lost()
      timer = setTimeout(open, reopenAfterMs[Math.min(failures, reopenAfterMs.length - 1)])
      failures += 1
    }
  }

  function deliver(): void {
    clearTimeout(batch)
    batch = undefined
    if (waiting.length === 0) return
    const events = waiting
    waiting = []
    listener.events(events)
  }

  open()
  return {
    close() {
      clearTimeout(timer)
      clearTimeout(batch)
      source?.close()
    },
  }
}
