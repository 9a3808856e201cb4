import { useQuery } from '@tanstack/react-query'
import { useTenants } from '../api/queries.ts'
import type { Journey, JourneyHop } from '../api/types.ts'
import { useApi } from '../app-context.tsx'
import { CopyButton } from '../controls/copy-button.tsx'
import { Icon } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Section } from '../forms/section.tsx'
import { Loading, Page } from '../frame/page.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'
import { hopKey } from './hop-words.ts'
import { JourneyBadge } from './journey-badge.tsx'

/** How one message came where it is: its hops on a line of time. */
export function JourneyPage({ message }: { message: string }) {
  const t = useText()
  const api = useApi()
  const journey = useQuery({
    queryKey: ['journeys', 'one', message],
    queryFn: ({ signal }) => api.get<Journey>(`/journeys/${encodeURIComponent(message)}`, signal),
    refetchInterval: query => (query.state.data?.state === 'underway' || query.state.data?.state === 'stuck' ? 2000 : 10_000),
  })
  return (
    <Page
      title={t('journey.title')}
      state={journey.data && <JourneyBadge state={journey.data.state} />}
      above={
        <Link to="/journeys" className="back-link">
          <Icon name="back" small />
          {t('journey.all')}
        </Link>
      }
    >
      {journey.data === undefined ? (
        journey.error ? (
          <ProblemNotice error={journey.error} onRetry={() => void journey.refetch()} />
        ) : (
          <Loading label={t('common.loading')} />
        )
      ) : (
        <>
          {journey.data.stuckBecause && (
            <Notice tone="warn" title={t('journey.stuckBecause')}>
              <p>{journey.data.stuckBecause}</p>
            </Notice>
          )}
          <Facts journey={journey.data} />
          <Section title={t('journey.hops')} text={journey.data.incomplete ? t('journey.incomplete') : undefined}>
            <ol className="hops">
              {/* hops are told with their time: the same one twice at the same moment tells nothing new */}
              {journey.data.hops.map((hop, index) => (
                <Hop key={`${hop.at} ${hop.replica} ${hop.hop} ${JSON.stringify(hop.detail)}`} hop={hop} before={journey.data.hops[index - 1]} />
              ))}
            </ol>
            {journey.data.hopsLeftOut > 0 && <p className="soft">{t('journey.leftOut', { count: journey.data.hopsLeftOut })}</p>}
          </Section>
        </>
      )}
    </Page>
  )
}

function Facts({ journey }: { journey: Journey }) {
  const t = useText()
  const format = useFormat()
  const tenants = useTenants()
  const name = tenants.data?.find(({ id }) => id === journey.tenantId)?.name ?? journey.tenantId
  return (
    <Section title={t('journey.facts')}>
      <p className="journey-summary">{journey.summary}</p>
      {journey.text !== null && <blockquote className="journey-text">{journey.text}</blockquote>}
      <dl className="facts">
        <Fact label={t('journeys.by.message')} copied={journey.message} />
        <Fact label={t('journeys.guest')} copied={journey.guest} />
        <div>
          <dt>{t('dead.tenant')}</dt>
          <dd>
            <Link to={`/tenants/${journey.tenantId}`}>{name}</Link>
          </dd>
        </div>
        <div>
          <dt>{t('journeys.direction')}</dt>
          <dd>
            <span className="with-icon">
              <Icon name={journey.direction} small />
              {t(`direction.${journey.direction}`)}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('journeys.began')}</dt>
          <dd>{format.dateTime(journey.startedAt)}</dd>
        </div>
        <div>
          <dt>{t('journeys.took')}</dt>
          <dd>{journey.tookMilliseconds === null ? '–' : format.milliseconds(journey.tookMilliseconds)}</dd>
        </div>
        {journey.platformIds.map(id => (
          <Fact key={id} label={t('journeys.by.platformId')} copied={id} />
        ))}
        {journey.key !== null && <Fact label={t('journeys.by.key')} copied={journey.key} />}
      </dl>
    </Section>
  )
}

function Fact({ label, copied }: { label: string; copied: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="copy-line">
        <code>{copied}</code>
        <CopyButton text={copied} label={label} />
      </dd>
    </div>
  )
}

const icons = { ok: 'good', wait: 'busy', bad: 'bad', note: 'info' } as const

function Hop({ hop, before }: { hop: JourneyHop; before: JourneyHop | undefined }) {
  const t = useText()
  const format = useFormat()
  const key = hopKey(hop.hop)
  const since = before === undefined ? undefined : Date.parse(hop.at) - Date.parse(before.at)
  const detail = Object.entries(hop.detail)
  return (
    <li className={`hop hop-${hop.outcome}`}>
      <Icon name={icons[hop.outcome]} small />
      <div className="hop-body">
        <p className="hop-title">
          {key === undefined ? hop.title : t(key)}
          <span className="hop-service">{hop.service}</span>
          <span className="visually-hidden">: {t(`outcome.${hop.outcome}`)}</span>
        </p>
        {detail.length > 0 && (
          <p className="hop-detail">
            {detail.map(([name, value]) => (
              <span key={name}>
                {name}: {String(value)}
              </span>
            ))}
          </p>
        )}
      </div>
      <span className="hop-time">
        <time dateTime={hop.at} title={format.dateTime(hop.at)}>
          {format.exactTime(hop.at)}
        </time>
        {since !== undefined && since >= 0 && <span className="soft">+{format.milliseconds(since)}</span>}
      </span>
    </li>
  )
}
