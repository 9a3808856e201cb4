import { Link } from '../controls/link.tsx'
import { useText } from '../i18n/i18n.tsx'
import { Page } from './page.tsx'

export function NotFoundPage() {
  const t = useText()
  return (
    <Page title={t('notFound.title')}>
      <p>{t('notFound.text')}</p>
      <p>
        <Link to="/tenants">{t('notFound.link')}</Link>
      </p>
    </Page>
  )
}
