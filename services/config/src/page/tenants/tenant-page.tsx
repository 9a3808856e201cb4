import { useState } from 'react'
import type { Catalog } from '../api/queries.ts'
import { useCatalog, useTenant } from '../api/queries.ts'
import { Link } from '../controls/link.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Loading, Page } from '../frame/page.tsx'
import { useText } from '../i18n/i18n.tsx'
import { takeHandedOver } from './handover.ts'
import { completed, newTenant } from './tenant-document.ts'
import { TenantEditor } from './tenant-editor.tsx'

export function TenantPage({ id }: { id: string }) {
  const t = useText()
  const catalog = useCatalog()
  if (catalog.data === undefined)
    return (
      <Page title={t('tenant.title')}>
        {catalog.error ? <ProblemNotice error={catalog.error} onRetry={() => void catalog.refetch()} /> : <Loading label={t('common.loading')} />}
      </Page>
    )
  return id === 'new' ? <NewTenant catalog={catalog.data} /> : <StoredTenant id={id} catalog={catalog.data} />
}

function NewTenant({ catalog }: { catalog: Catalog }) {
  const [start] = useState(() => {
    const handed = takeHandedOver()
    return { fresh: newTenant(catalog), given: handed === undefined ? undefined : completed(handed, catalog) }
  })
  return <TenantEditor catalog={catalog} latest={start.fresh} given={start.given} />
}

function StoredTenant({ id, catalog }: { id: string; catalog: Catalog }) {
  const t = useText()
  const tenant = useTenant(id)
  if (tenant.data !== undefined) return <TenantEditor catalog={catalog} stored={tenant.data} />
  return (
    <Page title={t('tenant.title')}>
      {tenant.error ? (
        <>
          <ProblemNotice error={tenant.error} onRetry={() => void tenant.refetch()} />
          <Link to="/tenants">{t('tenant.all')}</Link>
        </>
      ) : (
        <Loading label={t('common.loading')} />
      )}
    </Page>
  )
}
