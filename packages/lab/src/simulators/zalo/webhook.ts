import { createHash } from 'node:crypto'
import type { WebhookJob } from '../../kit/messenger/index.ts'
import type { Oa } from './account.ts'

export interface ZaloEvent {
  event_name: string
  [member: string]: unknown
}

/** After a failure; then Zalo switches the webhook off. */
const retryMs = [30_000, 300_000, 900_000, 1_800_000, 3_600_000]

export function headersOf(body: Buffer, { appId, timestamp, secret }: { appId: string; timestamp: string; secret: string }): Record<string, string> {
  const mac = createHash('sha256').update(appId).update(body).update(timestamp).update(secret).digest('hex')
  return { 'Content-Type': 'application/json', 'User-Agent': 'ZaloWebhook', 'X-ZEvent-Signature': `mac=${mac}` }
}

/** One event, in Zalo's order of members. Repeats keep their first time. */
export function eventJob(account: Oa, event: ZaloEvent, now: () => number): Omit<WebhookJob, 'told' | 'account' | 'guest'> {
  const { app } = account.data
  const timestamp = String(now())
  const bodyOf = (members: object) => Buffer.from(JSON.stringify({ app_id: app.appId, ...members, timestamp }))
  const body = bodyOf(event)
  let tries = 0
  return {
    operation: event.event_name,
    body,
    url: () => account.webhookUrl,
    headers: sent => ({ ...headersOf(sent, { appId: app.appId, timestamp, secret: app.oaSecretKey }), num_retry: String(tries) }),
    // events have no id of their own
    again: () => body,
    forged: () => {
      const { message } = event as { message?: object }
      const forged = bodyOf({ ...event, ...(message === undefined ? {} : { message: { ...message, msg_id: 'forged', text: 'Forged: transfer the money' } }) })
      return { url: account.webhookUrl, headers: headersOf(forged, { appId: app.appId, timestamp, secret: 'a-secret-that-is-guessed-wrongly' }), body: forged }
    },
    retryInMs: attempts => {
      tries = attempts
      return retryMs[attempts - 1]
    },
    isAccepted: ({ status }) => status === 200,
  }
}
