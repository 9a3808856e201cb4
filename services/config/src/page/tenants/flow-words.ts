import type { PartFlow } from '../api/types.ts'
import type { Format } from '../i18n/format.ts'
import type { Translate } from '../i18n/i18n.tsx'

/** '3 messages wait: the platform does not answer, next try 12:03:20'. Undefined: messages pass, and none waits. */
export function flowWords(t: Translate, format: Pick<Format, 'time'>, { state, why, nextTryAt, waitingMessages }: PartFlow): string | undefined {
  if (state === 'open') return waitingMessages === 0 ? undefined : t('flow.waiting', { count: waitingMessages })
  const what = waitingMessages === 0 ? t('flow.held') : t('flow.waiting', { count: waitingMessages })
  // the one reason that is always the same has words of ours; the others are the platform's own
  const reason = state === 'limited' ? t('flow.limited') : why?.replace(/\.$/, '')
  const because = reason ? t('flow.because', { what, why: reason }) : what
  return nextTryAt === null ? because : t('flow.nextTry', { what: because, time: format.time(nextTryAt) })
}
