import { Refused, SessionEnded, Unreachable } from '../api/problems.ts'
import type { Translate } from '../i18n/i18n.tsx'

/** What went wrong, why if it is known, and what to do. */
export interface ProblemWords {
  title: string
  advice: string
}

export function problemWords(t: Translate, error: unknown): ProblemWords {
  if (error instanceof Unreachable) return { title: t('problem.unreachable'), advice: t('problem.unreachableAdvice') }
  if (error instanceof SessionEnded) return { title: t('problem.ended'), advice: t('problem.endedAdvice') }
  if (error instanceof DOMException && error.name === 'TimeoutError') return { title: t('problem.slow'), advice: t('problem.unreachableAdvice') }
  if (!(error instanceof Refused)) return { title: t('problem.page'), advice: t('problem.pageAdvice') }
  switch (error.status) {
    case 404:
      return { title: t('problem.gone'), advice: t('problem.goneAdvice') }
    case 409:
      return { title: t('problem.conflict'), advice: error.message }
    case 412:
      return { title: t('problem.changed'), advice: t('problem.changedAdvice') }
    case 413:
      return { title: t('problem.tooLarge'), advice: t('problem.tooLargeAdvice') }
    case 422:
      return { title: t('problem.invalid'), advice: t('problem.invalidAdvice') }
    case 429:
      return { title: t('problem.tooMany'), advice: t('problem.tooManyAdvice', { seconds: error.waitSeconds ?? 15 }) }
    case 502:
    case 503:
      return { title: t('problem.unavailable'), advice: `${error.message} ${t('problem.unavailableAdvice')}` }
    default:
      return { title: t('problem.server'), advice: `${error.message} ${t('problem.serverAdvice')}` }
  }
}
