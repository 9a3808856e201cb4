import type { JourneySummary } from '../api/types.ts'
import { useRoute } from '../app-context.tsx'
import { Icon } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import { Ago } from '../controls/time.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'
import { JourneyBadge } from './journey-badge.tsx'

/** One line per message. */
export function JourneyTable({ journeys, nameOf }: { journeys: readonly JourneySummary[]; nameOf(tenantId: string): string }) {
  const t = useText()
  const format = useFormat()
  const { go } = useRoute()
  return (
    <table className="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('journeys.began')}</th>
          <th scope="col">{t('journeys.direction')}</th>
          <th scope="col">{t('journeys.guest')}</th>
          <th scope="col">{t('dead.tenant')}</th>
          <th scope="col">{t('tenants.state')}</th>
          <th scope="col">{t('journeys.took')}</th>
        </tr>
      </thead>
      <tbody>
        {journeys.map(journey => {
          const to = `/journeys/${encodeURIComponent(journey.message)}`
          return (
            <tr
              key={journey.message}
              className="row-link"
              onClick={event => {
                if (event.target instanceof Element && event.target.closest('a') === null) go(to)
              }}
            >
              <th scope="row">
                <Link to={to}>
                  <Ago at={journey.startedAt} />
                  <span className="visually-hidden">, {journey.message}</span>
                </Link>
              </th>
              <td data-label={t('journeys.direction')}>
                <span className="with-icon">
                  <Icon name={journey.direction} small />
                  {t(`direction.${journey.direction}`)}
                </span>
                {journey.kind && <span className="sub">{journey.kind}</span>}
              </td>
              <td data-label={t('journeys.guest')}>
                <code>{journey.guest}</code>
              </td>
              <td data-label={t('dead.tenant')}>{nameOf(journey.tenantId)}</td>
              <td data-label={t('tenants.state')}>
                <JourneyBadge state={journey.state} />
                <p className="sub">{journey.stuckBecause ?? journey.summary}</p>
              </td>
              <td data-label={t('journeys.took')}>{journey.tookMilliseconds === null ? '–' : format.milliseconds(journey.tookMilliseconds)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
