import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { useText } from '../i18n/i18n.tsx'
import { problemWords } from './problem-words.ts'

export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText()
  const { title, advice } = problemWords(t, error)
  return (
    <Notice tone="bad" title={title} alert>
      <p>{advice}</p>
      {onRetry && (
        <Button icon="refresh" onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </Notice>
  )
}
