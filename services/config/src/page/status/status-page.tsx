import { useStatus, useTenants } from '../api/queries.ts'
import type { FleetStatus } from '../api/types.ts'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Link } from '../controls/link.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Section } from '../forms/section.tsx'
import { Loading, Page } from '../frame/page.tsx'
import type { TextKey } from '../i18n/en.ts'
import { useFormat, useLanguage, useText } from '../i18n/i18n.tsx'
import { StateBadge } from '../tenants/state-badge.tsx'
import { byNeed, lastErrorOf, stateOf } from '../tenants/tenant-state.ts'
import { DeadLetters } from './dead-letters.tsx'
import { serviceState, waitingMessages } from './service-state.ts'
import { Services } from './services.tsx'

export function StatusPage() {
  const t = useText()
  const status = useStatus()
  return (
    <Page title={t('nav.status')} state={status.data && <FleetBadge status={status.data} />}>
      {status.data === undefined ? (
        status.error ? (
          <ProblemNotice error={status.error} onRetry={() => void status.refetch()} />
        ) : (
          <Loading label={t('common.loading')} rows={8} />
        )
      ) : (
        <>
          <Figures status={status.data} />
          <BrokenTenants />
          <DeadLetters />
          <Services status={status.data} />
        </>
      )}
    </Page>
  )
}

function FleetBadge({ status }: { status: FleetStatus }) {
  const t = useText()
  if (status.broker === 'away') return <Badge tone="bad">{t('status.brokerAway')}</Badge>
  const states = status.services.map(serviceState)
  const missing = states.filter(state => state === 'missing').length
  if (missing > 0) return <Badge tone="bad">{t('status.missing', { count: missing })}</Badge>
  const limping = states.includes('notReady')
  return <Badge tone={limping ? 'warn' : 'good'}>{t(limping ? 'status.limping' : 'status.healthy')}</Badge>
}

/** The first questions, in numbers. */
function Figures({ status }: { status: FleetStatus }) {
  const t = useText()
  const format = useFormat()
  const tenants = useTenants()
  const running = status.services.filter(({ replicas }) => replicas.length > 0)
  const broken = (tenants.data ?? []).filter(tenant => ['failing', 'paused'].includes(stateOf(tenant))).length
  const figures: readonly (readonly [TextKey, number, Tone | undefined])[] = [
    ['status.running', running.length, undefined],
    ['status.waiting', waitingMessages(status.services), undefined],
    ['status.broken', broken, broken > 0 ? 'bad' : 'good'],
    ['status.dead', status.deadLetters, status.deadLetters > 0 ? 'warn' : 'good'],
  ]
  return (
    <dl className="figures">
      {figures.map(([key, value, tone]) => (
        <div key={key} className={tone === undefined ? 'figure' : `figure figure-${tone}`}>
          <dt>{t(key)}</dt>
          <dd>{format.number(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function BrokenTenants() {
  const t = useText()
  const { id: language } = useLanguage()
  const tenants = useTenants()
  const broken = byNeed(tenants.data ?? [], language).filter(tenant => ['failing', 'paused'].includes(stateOf(tenant)))
  return (
    <Section title={t('status.brokenTitle')}>
      {broken.length === 0 ? (
        <p className="soft">{t('status.noneBroken')}</p>
      ) : (
        <table className="table table-cards">
          <thead>
            <tr>
              <th scope="col">{t('tenants.name')}</th>
              <th scope="col">{t('tenants.state')}</th>
              <th scope="col">{t('status.why')}</th>
            </tr>
          </thead>
          <tbody>
            {broken.map(tenant => (
              <tr key={tenant.id}>
                <th scope="row">
                  <Link to={`/tenants/${tenant.id}?tab=${['failing', 'paused'].includes(tenant.status.messaging.status) ? 'messaging' : 'cxPlatform'}`}>
                    {tenant.name}
                  </Link>
                </th>
                <td data-label={t('tenants.state')}>
                  <StateBadge state={stateOf(tenant)} />
                </td>
                <td data-label={t('status.why')}>{lastErrorOf(tenant) ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
