import { useTenants } from '../api/queries.ts'
import type { FleetStatus, ServiceStatus } from '../api/types.ts'
import { Badge } from '../controls/badge.tsx'
import { Ago } from '../controls/time.tsx'
import { Section } from '../forms/section.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'
import { useDeadLetterCounts } from './dead-letter-counts.ts'
import { errorsOf, type ServiceErrors } from './service-errors.ts'
import { serviceState, sortedServices } from './service-state.ts'

const tones = { missing: 'bad', ready: 'good', notReady: 'warn', absent: 'idle' } as const

export function Services({ status }: { status: FleetStatus }) {
  const t = useText()
  const tenants = useTenants()
  const dead = useDeadLetterCounts(status.deadLetters)
  return (
    <Section title={t('status.services')} text={t('status.servicesText')}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t('status.service')}</th>
            <th scope="col">{t('tenants.state')}</th>
            <th scope="col">{t('status.errors')}</th>
            <th scope="col">{t('status.replicas')}</th>
            <th scope="col">{t('about.version')}</th>
            <th scope="col">{t('status.queue')}</th>
            <th scope="col">{t('status.since')}</th>
          </tr>
        </thead>
        <tbody>
          {sortedServices(status.services).map(service => (
            <Service key={service.service} service={service} errors={tenants.data && errorsOf(service.service, tenants.data, dead)} />
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Service({ service, errors }: { service: ServiceStatus; errors: ServiceErrors | undefined }) {
  const t = useText()
  const format = useFormat()
  const state = serviceState(service)
  const versions = [...new Set(service.replicas.map(({ version }) => version))]
  const since = service.replicas
    .map(({ startedAt }) => startedAt)
    .sort()
    .at(-1)
  const ready = service.replicas.filter(each => each.ready).length
  return (
    <tr>
      <th scope="row">
        {service.label ?? service.service}
        <span className="sub">{service.service}</span>
      </th>
      <td data-label={t('tenants.state')}>
        <Badge tone={tones[state]}>{t(`service.${state}`)}</Badge>
      </td>
      <td data-label={t('status.errors')}>{errors === undefined ? '–' : <Errors errors={errors} />}</td>
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
}

function Errors({ errors: { dead, failing, paused, held } }: { errors: ServiceErrors }) {
  const t = useText()
  if (failing + paused + held + (dead ?? 0) === 0) return dead === undefined ? '–' : <span className="soft">{t('status.noErrors')}</span>
  return (
    <div className="part-row">
      {failing > 0 && <Badge tone="bad">{t('status.errorsFailing', { count: failing })}</Badge>}
      {paused > 0 && <Badge tone="bad">{t('status.errorsPaused', { count: paused })}</Badge>}
      {held > 0 && <Badge tone="warn">{t('status.errorsHeld', { count: held })}</Badge>}
      {dead !== undefined && dead > 0 && <Badge tone="warn">{t('status.errorsDead', { count: dead })}</Badge>}
    </div>
  )
}
