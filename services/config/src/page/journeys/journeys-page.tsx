import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { queryOf } from '../api/client.ts'
import { useTenants } from '../api/queries.ts'
import type { JourneySummary } from '../api/types.ts'
import { useApi, useRoute } from '../app-context.tsx'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Empty } from '../controls/empty.tsx'
import { Filter } from '../controls/filter.tsx'
import { SearchBox } from '../controls/search-box.tsx'
import { Switch } from '../controls/switch.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Loading, Page } from '../frame/page.tsx'
import { useText } from '../i18n/i18n.tsx'
import { guessKind, searchKinds, withJourney } from './journey-list.ts'
import { JourneyTable } from './journey-table.tsx'
import { type LiveState, useLiveJourneys } from './live.ts'

const most = 200
const states = ['underway', 'stuck', 'failed', 'done'] as const
const liveTones = { off: 'idle', connecting: 'busy', live: 'good', lost: 'warn' } as const satisfies Record<LiveState, Tone>

/** Where is that message? */
export function JourneysPage() {
  const t = useText()
  const api = useApi()
  const tenants = useTenants()
  const { query: place, refine } = useRoute()
  const tenant = place.get('tenant') ?? undefined
  const state = place.get('state') ?? undefined
  const search = place.get('search') ?? ''
  const kind = searchKinds.find(each => each === place.get('by'))
  const isLive = place.get('live') !== 'off'
  const settled = useSettled(search.trim(), 300)
  const filter = useMemo(
    () => ({ tenantId: tenant, state, ...(settled === '' ? {} : { [guessKind(settled, kind)]: settled }) }),
    [tenant, state, settled, kind],
  )

  const [list, setList] = useState<readonly JourneySummary[]>([])
  const found = useQuery({
    queryKey: ['journeys', 'list', filter],
    queryFn: async ({ signal }) => {
      const { data, headers } = await api.call<JourneySummary[]>('GET', `/journeys${queryOf({ ...filter, limit: 50 })}`, { signal })
      return { items: data, next: headers.get('x-next-cursor') ?? undefined }
    },
  })
  const [next, setNext] = useState<string>()
  useEffect(() => {
    if (found.data === undefined) return
    setList(found.data.items)
    setNext(found.data.next)
  }, [found.data])
  const { refetch } = found
  // in every state: a journey that leaves the one that is asked for has to be heard of to be taken out
  const live = useLiveJourneys(isLive ? queryOf({ ...filter, state: undefined }) : undefined, {
    onJourney: journey => setList(before => withJourney(before, journey, { most, state })),
    onReady: () => void refetch(),
  })
  const [isMore, setMore] = useState(false)
  const [failure, setFailure] = useState<unknown>()

  async function more(): Promise<void> {
    setMore(true)
    setFailure(undefined)
    try {
      const { data, headers } = await api.call<JourneySummary[]>('GET', `/journeys${queryOf({ ...filter, limit: 50, cursor: next })}`)
      setList(before => [...before, ...data.filter(each => !before.some(({ message }) => message === each.message))])
      setNext(headers.get('x-next-cursor') ?? undefined)
    } catch (error) {
      setFailure(error)
    } finally {
      setMore(false)
    }
  }
  const nameOf = (id: string) => tenants.data?.find(each => each.id === id)?.name ?? id
  return (
    <Page
      title={t('nav.journeys')}
      state={
        <span role="status">
          <Badge tone={liveTones[live]}>{t(`live.${live}`)}</Badge>
        </span>
      }
      actions={
        <Switch on={isLive} onChange={on => refine({ live: on ? undefined : 'off' })}>
          {t('journeys.live')}
        </Switch>
      }
    >
      <div className="filters">
        <SearchBox label={t('journeys.search')} value={search} onChange={value => refine({ search: value })} />
        <Filter
          label={t('journeys.by')}
          value={kind}
          all={t('journeys.guess')}
          choices={searchKinds.map(value => ({ value, label: t(`journeys.by.${value}`) }))}
          onChange={value => refine({ by: value })}
        />
        <Filter
          label={t('dead.tenant')}
          value={tenant}
          all={t('journeys.anyTenant')}
          choices={(tenants.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={value => refine({ tenant: value })}
        />
        <Filter
          label={t('tenants.state')}
          value={state}
          all={t('tenants.anyState')}
          choices={states.map(value => ({ value, label: t(`journey.${value}`) }))}
          onChange={value => refine({ state: value })}
        />
      </div>
      {found.data === undefined ? (
        found.error ? (
          <ProblemNotice error={found.error} onRetry={() => void refetch()} />
        ) : (
          <Loading label={t('common.loading')} />
        )
      ) : list.length === 0 ? (
        <Empty title={t(Object.values(filter).some(value => value !== undefined) ? 'journeys.noMatch' : 'journeys.none')}>
          <p>{t('journeys.noneText')}</p>
        </Empty>
      ) : (
        <JourneyTable journeys={list} nameOf={nameOf} />
      )}
      {failure !== undefined && <ProblemNotice error={failure} />}
      {next !== undefined && (
        <div className="part-row">
          <Button busy={isMore} onClick={() => void more()}>
            {t('journeys.more')}
          </Button>
        </div>
      )}
    </Page>
  )
}

/** The value once it has not changed for a while: what is typed is asked for when it is typed. */
function useSettled(value: string, milliseconds: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}
