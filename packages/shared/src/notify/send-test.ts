import { randomUUID } from 'node:crypto'
import type { AgentPool } from '../http/index.ts'
import type { Service } from '../service/service.ts'
import type { Notifier as NotifierDocument } from '../settings/index.ts'
import { buildNotice } from './build-notice.ts'
import { openDestination } from './destinations.ts'
import { speakerOf } from './notifier.ts'
import { post } from './post.ts'

/** `answer`: the first words of what the destination said, or why nothing was heard of it; without its secrets. */
export interface TestAnswer {
  delivered: boolean
  /** HTTP status, when there was an answer */
  status?: number
  answer: string
}
const tryMilliseconds = 5000
const maxAnswer = 200

/**
 * Sends the `test` notice to one destination, enabled or not, whatever its topic, and tells what it answered. One try, at most 5 s per request
 * (PagerDuty gets two: open and close). Throws an ApiError or a ZodError when the settings cannot be used, never for what the destination does.
 */
export async function sendTest(
  destination: Pick<NotifierDocument, 'id' | 'type' | 'settings'>,
  options: { service: Pick<Service, 'name' | 'label' | 'version' | 'environment'>; agents: AgentPool },
): Promise<TestAnswer> {
  const { service, agents } = options
  const opened = openDestination(destination, { allowAnyHost: service.environment.notifierAllowAnyHost })
  const notice = buildNotice({ event: 'test', message: 'Test message from Universal Messaging' }, speakerOf(service), { id: randomUUID(), at: new Date() })
  let result: TestAnswer = { delivered: false, answer: '' }
  for (const request of opened.render(notice)) {
    const answer = await post(request, { agents, version: service.version, signal: AbortSignal.timeout(tryMilliseconds) })
    if ('noAnswer' in answer) return { delivered: false, answer: opened.redact(answer.noAnswer) }
    const delivered = answer.status >= 200 && answer.status < 300
    result = { delivered, status: answer.status, answer: opened.redact(answer.text).slice(0, maxAnswer) }
    if (!delivered) return result
  }
  return result
}
