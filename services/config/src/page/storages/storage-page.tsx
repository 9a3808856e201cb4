import { useCatalog, useStorage } from '../api/queries.ts'
import type { SettingsType } from '../api/types.ts'
import { Link } from '../controls/link.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Loading, Page } from '../frame/page.tsx'
import { useText } from '../i18n/i18n.tsx'
import { StorageEditor } from './storage-editor.tsx'

export function StoragePage({ id }: { id: string }) {
  const t = useText()
  const catalog = useCatalog()
  if (catalog.data !== undefined)
    return id === 'new' ? <StorageEditor types={catalog.data.storages} /> : <StoredStorage id={id} types={catalog.data.storages} />
  return (
    <Page title={t('storage.title')}>
      {catalog.error ? <ProblemNotice error={catalog.error} onRetry={() => void catalog.refetch()} /> : <Loading label={t('common.loading')} />}
    </Page>
  )
}

function StoredStorage({ id, types }: { id: string; types: readonly SettingsType[] }) {
  const t = useText()
  const storage = useStorage(id)
  if (storage.data !== undefined) return <StorageEditor types={types} stored={storage.data} />
  return (
    <Page title={t('storage.title')}>
      {storage.error ? (
        <>
          <ProblemNotice error={storage.error} onRetry={() => void storage.refetch()} />
          <Link to="/storages">{t('storage.all')}</Link>
        </>
      ) : (
        <Loading label={t('common.loading')} />
      )}
    </Page>
  )
}
