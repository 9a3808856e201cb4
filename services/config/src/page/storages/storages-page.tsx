import { useCatalog, useStorages } from '../api/queries.ts'
import { useRoute } from '../app-context.tsx'
import { Badge } from '../controls/badge.tsx'
import { Empty } from '../controls/empty.tsx'
import { Icon } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import { PlatformIcon } from '../controls/platform-icon.tsx'
import { SearchBox } from '../controls/search-box.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Loading, Page } from '../frame/page.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'
import { StateBadge } from '../tenants/state-badge.tsx'
import { matches } from '../tenants/tenant-state.ts'

export function StoragesPage() {
  const t = useText()
  const format = useFormat()
  const { query, refine, go } = useRoute()
  const storages = useStorages()
  const catalog = useCatalog()
  const search = query.get('search') ?? ''
  const label = (id: string) => catalog.data?.storages.find(each => each.id === id)?.label ?? id
  const shown = (storages.data ?? []).filter(storage => matches(storage, search)).toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
  const add = (
    <Link to="/storages/new" className="button button-primary">
      <Icon name="plus" small />
      {t('storages.add')}
    </Link>
  )
  return (
    <Page title={t('nav.storages')} actions={add}>
      {storages.data === undefined ? (
        storages.error ? (
          <ProblemNotice error={storages.error} onRetry={() => void storages.refetch()} />
        ) : (
          <Loading label={t('common.loading')} rows={3} />
        )
      ) : storages.data.length === 0 ? (
        <Empty title={t('storages.none')}>
          <p>{t('storages.noneText')}</p>
          {add}
        </Empty>
      ) : (
        <>
          <div className="filters">
            <SearchBox label={t('storages.search')} value={search} onChange={value => refine({ search: value })} />
          </div>
          {shown.length === 0 ? (
            <Empty title={t('storages.noMatch')} />
          ) : (
            <table className="table table-cards">
              <thead>
                <tr>
                  <th scope="col">{t('storages.name')}</th>
                  <th scope="col">{t('storages.type')}</th>
                  <th scope="col">{t('storages.purge')}</th>
                  <th scope="col">{t('tenants.state')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map(storage => (
                  <tr
                    key={storage.id}
                    className="row-link"
                    onClick={event => {
                      if (event.target instanceof Element && event.target.closest('a') === null) go(`/storages/${storage.id}`)
                    }}
                  >
                    <th scope="row">
                      <Link to={`/storages/${storage.id}`}>{storage.name}</Link>
                      {storage.isDefault && <span className="tag">{t('storages.default')}</span>}
                    </th>
                    <td data-label={t('storages.type')}>
                      <span className="with-icon">
                        <PlatformIcon label={label(storage.type)} />
                        {label(storage.type)}
                      </span>
                    </td>
                    <td data-label={t('storages.purge')}>{format.duration(storage.purgeDelay)}</td>
                    <td data-label={t('tenants.state')}>
                      {storage.status.status === 'unknown' ? <Badge tone="idle">{t('storages.unused')}</Badge> : <StateBadge state={storage.status.status} />}
                      {storage.status.lastError && <p className="row-error">{storage.status.lastError}</p>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </Page>
  )
}
