import { useMemo } from 'react'
import { useCatalog, useTenants } from '../api/queries.ts'
import type { Tenant } from '../api/types.ts'
import { useRoute } from '../app-context.tsx'
import { Empty } from '../controls/empty.tsx'
import { Filter } from '../controls/filter.tsx'
import { Icon } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import { PlatformIcon } from '../controls/platform-icon.tsx'
import { SearchBox } from '../controls/search-box.tsx'
import { Ago } from '../controls/time.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Loading, Page } from '../frame/page.tsx'
import { useFormat, useLanguage, useText } from '../i18n/i18n.tsx'
import { FlowLines } from './flow-note.tsx'
import { ImportButton } from './import-button.tsx'
import { StateBadge } from './state-badge.tsx'
import { byNeed, lastErrorOf, matches, stateOf, tenantStates } from './tenant-state.ts'

export function TenantsPage() {
  const t = useText()
  const { id: language } = useLanguage()
  const format = useFormat()
  const { query, refine } = useRoute()
  const tenants = useTenants()
  const catalog = useCatalog()
  const search = query.get('search') ?? ''
  const platform = query.get('platform') ?? undefined
  const state = query.get('state') ?? undefined
  const label = (id: string) => catalog.data?.platforms.find(each => each.id === id)?.label ?? id
  const shown = useMemo(
    () =>
      byNeed(tenants.data ?? [], language).filter(
        tenant =>
          matches(tenant, search) && (platform === undefined || tenant.messaging.type === platform) && (state === undefined || stateOf(tenant) === state),
      ),
    [tenants.data, language, search, platform, state],
  )
  const usedPlatforms = [...new Set((tenants.data ?? []).map(tenant => tenant.messaging.type))].sort()
  const actions = (
    <>
      <ImportButton />
      <Link to="/tenants/new" className="button button-primary">
        <Icon name="plus" small />
        {t('tenants.add')}
      </Link>
    </>
  )
  return (
    <Page title={t('nav.tenants')} actions={actions}>
      {tenants.isPending && !tenants.error ? (
        <Loading label={t('common.loading')} />
      ) : tenants.data === undefined ? (
        <ProblemNotice error={tenants.error} onRetry={() => void tenants.refetch()} />
      ) : tenants.data.length === 0 ? (
        <Empty title={t('tenants.none')}>
          <p>{t('tenants.noneText')}</p>
          <Link to="/tenants/new" className="button button-primary">
            <Icon name="plus" small />
            {t('tenants.add')}
          </Link>
        </Empty>
      ) : (
        <>
          <div className="filters">
            <SearchBox label={t('tenants.search')} value={search} onChange={value => refine({ search: value })} />
            <Filter
              label={t('tenants.platform')}
              all={t('tenants.anyPlatform')}
              value={platform}
              choices={usedPlatforms.map(value => ({ value, label: label(value) }))}
              onChange={value => refine({ platform: value })}
            />
            <Filter
              label={t('tenants.state')}
              all={t('tenants.anyState')}
              value={state}
              choices={tenantStates.map(value => ({ value, label: t(`state.${value}`) }))}
              onChange={value => refine({ state: value })}
            />
            <p className="soft filters-count" role="status">
              {t('tenants.count', { shown: format.number(shown.length), all: format.number(tenants.data.length) })}
            </p>
          </div>
          {shown.length === 0 ? <Empty title={t('tenants.noMatch')} /> : <TenantTable tenants={shown} label={label} />}
        </>
      )}
    </Page>
  )
}

function TenantTable({ tenants, label }: { tenants: readonly Tenant[]; label(id: string): string }) {
  const t = useText()
  const { go } = useRoute()
  return (
    <table className="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('tenants.name')}</th>
          <th scope="col">{t('tenants.messaging')}</th>
          <th scope="col">{t('tenants.cx')}</th>
          <th scope="col">{t('tenants.state')}</th>
          <th scope="col">{t('tenants.updated')}</th>
        </tr>
      </thead>
      <tbody>
        {tenants.map(tenant => {
          const error = lastErrorOf(tenant)
          // with what waits because of it, the same reason is told already
          const isTold = [tenant.status.messaging, tenant.status.cxPlatform].some(({ flow }) => flow.state !== 'open' && flow.why === error)
          const updatedAt = tenant.status.messaging.updatedAt ?? tenant.status.cxPlatform.updatedAt
          const to = `/tenants/${tenant.id}`
          return (
            // the name is the link; the rest of the row is a larger place for the same
            <tr
              key={tenant.id}
              className="row-link"
              onClick={event => {
                if (event.target instanceof Element && event.target.closest('a, button') === null) go(to)
              }}
            >
              <th scope="row">
                <Link to={to}>{tenant.name}</Link>
              </th>
              <td data-label={t('tenants.messaging')}>
                <span className="with-icon">
                  <PlatformIcon label={label(tenant.messaging.type)} />
                  {label(tenant.messaging.type)}
                </span>
              </td>
              <td data-label={t('tenants.cx')}>{label(tenant.cxPlatform.type)}</td>
              <td data-label={t('tenants.state')}>
                <StateBadge state={stateOf(tenant)} />
                {tenant.enabled && error && !isTold && <p className="row-error">{error}</p>}
                {tenant.enabled && <FlowLines tenant={tenant} label={label} />}
              </td>
              <td data-label={t('tenants.updated')} className="soft">
                {updatedAt === null ? '–' : <Ago at={updatedAt} />}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
