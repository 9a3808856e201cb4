import { useStatus, useTenants } from '../api/queries.ts'
import type { FleetStatus } from '../api/types.ts'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Link } from '../controls/link.tsx'
import { Ago } from '../controls/time.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Section } from '../forms/section.tsx'
import { Loading, Page } from '../frame/page.tsx'
import type { TextKey } from '../i18n/en.ts'
import { useFormat, useLanguage, useText } from '../i18n/i18n.tsx'
import { StateBadge } from '../tenants/state-badge.tsx'
import { byNeed, lastErrorOf, stateOf } from '../tenants/tenant-state.ts'
import { DeadLetters } from './dead-letters.tsx'
import { serviceState, sortedServices } from './service-state.ts'

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
  const limping = status.services.some(service => serviceState(service) === 'notReady')
  return <Badge tone={limping ? 'warn' : 'good'}>{t(limping ? 'status.limping' : 'status.healthy')}</Badge>
}

/** The first questions, in numbers. */
function Figures({ status }: { status: FleetStatus }) {
  const t = useText()
  const format = useFormat()
  const tenants = useTenants()
  const running = status.services.filter(({ replicas }) => replicas.length > 0)
  const waiting = running.reduce((sum, { queues }) => sum + (queues?.waiting ?? 0), 0)
  const broken = (tenants.data ?? []).filter(tenant => ['failing', 'paused'].includes(stateOf(tenant))).length
  const figures: readonly (readonly [TextKey, number, Tone | undefined])[] = [
    ['status.running', running.length, undefined],
    ['status.waiting', waiting, undefined],
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

const tones = { ready: 'good', notReady: 'warn', absent: 'idle' } as const

function Services({ status }: { status: FleetStatus }) {
  const t = useText()
  const format = useFormat()
  return (
    <Section title={t('status.services')} text={t('status.servicesText')}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t('status.service')}</th>
            <th scope="col">{t('tenants.state')}</th>
            <th scope="col">{t('status.replicas')}</th>
            <th scope="col">{t('about.version')}</th>
            <th scope="col">{t('status.queue')}</th>
            <th scope="col">{t('status.since')}</th>
          </tr>
        </thead>
        <tbody>
          {sortedServices(status.services).map(service => {
            const state = serviceState(service)
            const versions = [...new Set(service.replicas.map(({ version }) => version))]
            const since = service.replicas
              .map(({ startedAt }) => startedAt)
              .sort()
              .at(-1)
            const ready = service.replicas.filter(each => each.ready).length
            return (
              <tr key={service.service}>
                <th scope="row">
                  {service.label ?? service.service}
                  <span className="sub">{service.service}</span>
                </th>
                <td data-label={t('tenants.state')}>
                  <Badge tone={tones[state]}>{t(`service.${state}`)}</Badge>
                </td>
                <td data-label={t('status.replicas')}>
                  {service.replicas.length === 0 ? '–' : t('status.readyOf', { ready: format.number(ready), all: format.number(service.replicas.length) })}
                </td>
                <td data-label={t('about.version')}>{versions.join(', ') || '–'}</td>
                <td data-label={t('status.queue')}>{typeof service.queues?.waiting === 'number' ? format.number(service.queues.waiting) : '–'}</td>
                <td data-label={t('status.since')} className="soft">
                  {since === undefined ? '–' : <Ago at={since} />}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Section>
  )
}
