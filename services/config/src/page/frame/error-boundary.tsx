import { Component, type ReactNode } from 'react'
import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { useText } from '../i18n/i18n.tsx'
import { Page } from './page.tsx'

/** Without it, one mistake while rendering would leave an empty window. React writes the error to the console. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true }
  }
  override render(): ReactNode {
    return this.state.hasFailed ? <FailedPage /> : this.props.children
  }
}

function FailedPage() {
  const t = useText()
  return (
    <Page title={t('problem.page')}>
      <Notice tone="bad" alert>
        <p>{t('problem.pageAdvice')}</p>
        <Button icon="refresh" onClick={() => location.reload()}>
          {t('problem.reload')}
        </Button>
      </Notice>
    </Page>
  )
}
