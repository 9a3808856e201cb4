import { useQuery } from '@tanstack/react-query'
import { queryOf } from '../api/client.ts'
import type { JourneySummary, PartStatus, Storage, Tenant } from '../api/types.ts'
import { useApi } from '../app-context.tsx'
import { Icon } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import { Ago } from '../controls/time.tsx'
import { useText } from '../i18n/i18n.tsx'
import { type Check, checks } from './checks.ts'

const icons = { done: 'good', wrong: 'bad', open: 'idle', busy: 'busy' } as const
const words = { done: 'checklist.done', wrong: 'checklist.wrong', open: 'checklist.open', busy: 'checklist.busy' } as const

/** Does it work, and what is missing? */
export function Checklist({ tenant, storages }: { tenant: Tenant | undefined; storages: readonly Storage[] | undefined }) {
  const t = useText()
  const api = useApi()
  const id = tenant?.id
  const journeys = useQuery({
    queryKey: ['journeys', 'of', id],
    queryFn: ({ signal }) => api.get<JourneySummary[]>(`/journeys${queryOf({ tenantId: id, limit: 50 })}`, signal),
    enabled: id !== undefined,
    refetchInterval: 10_000,
    retry: false,
  })
  return (
    <aside className="checklist" aria-labelledby="checklist-title">
      <h2 id="checklist-title">{t('checklist.title')}</h2>
      <ol>
        {checks(tenant, storages, journeys.data).map(check => (
          <Line key={check.id} check={check} />
        ))}
      </ol>
      {tenant && (
        <p>
          <Link to={`/journeys${queryOf({ tenant: tenant.id })}`}>{t('checklist.journeys')}</Link>
        </p>
      )}
      {tenant && <Steps title={t('tenant.tab.messaging')} status={tenant.status.messaging} />}
      {tenant && <Steps title={t('tenant.tab.cxPlatform')} status={tenant.status.cxPlatform} />}
    </aside>
  )
}

function Line({ check }: { check: Check }) {
  const t = useText()
  return (
    <li className={`check-line check-${check.state}`}>
      <Icon name={icons[check.state]} small />
      <span>
        {t(`check.${check.id}`)}
        <span className="visually-hidden">: {t(words[check.state])}</span>
        {check.why !== undefined && <span className="check-why">{check.why}</span>}
      </span>
    </li>
  )
}

/** What the services did when the tenant was saved, and how that ended. */
function Steps({ title, status }: { title: string; status: PartStatus }) {
  const t = useText()
  if (status.steps.length === 0) return null
  return (
    <section className="steps">
      <h3>{title}</h3>
      <ol>
        {status.steps.map(({ step, ok, message, at }) => (
          <li key={`${step}${at}`} className={ok ? 'check-line check-done' : 'check-line check-wrong'}>
            <Icon name={ok ? 'good' : 'bad'} small />
            <span>
              {stepWords(step, t)}
              <span className="visually-hidden">: {t(ok ? 'checklist.done' : 'checklist.wrong')}</span>
              {message && <span className="check-why">{message}</span>}
              <span className="check-when">
                <Ago at={at} />
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function stepWords(step: string, t: ReturnType<typeof useText>): string {
  if (step === 'check') return t('step.check')
  if (step === 'register') return t('step.register')
  return step === 'unregister' ? t('step.unregister') : step
}
