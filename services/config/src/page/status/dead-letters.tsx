import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { queryOf } from '../api/client.ts'
import { useTenants } from '../api/queries.ts'
import type { DeadLetter } from '../api/types.ts'
import { useApi } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { Link } from '../controls/link.tsx'
import { Notice } from '../controls/notice.tsx'
import { Ago } from '../controls/time.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Section } from '../forms/section.tsx'
import { Loading } from '../frame/page.tsx'
import { type Translate, useFormat, useText } from '../i18n/i18n.tsx'

interface Outcome {
  done: number
  failed: { id: string; detail: string }[]
}
const pageSize = 50

const reasons = [
  'blocked',
  'unknownGuest',
  'content',
  'tooLarge',
  'mediaType',
  'unsupported',
  'window',
  'rateLimited',
  'subscription',
  'expired',
  'unavailable',
  'inDoubt',
  'bug',
] as const

function reasonWords(t: Translate, reason: string): string {
  const known = reasons.find(each => each === reason)
  return known === undefined ? reason : t(`reason.${known}`)
}

/** What could not be delivered in the end: sent again once the cause is gone, or given up. */
export function DeadLetters() {
  const t = useText()
  const format = useFormat()
  const api = useApi()
  const client = useQueryClient()
  const tenants = useTenants()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState<'replay' | 'discard'>()
  const [isDiscarding, setDiscarding] = useState(false)
  const [outcome, setOutcome] = useState<{ what: 'replay' | 'discard'; result: Outcome }>()
  const [failure, setFailure] = useState<unknown>()
  const letters = useQuery({
    queryKey: ['dead-letters'],
    queryFn: async ({ signal }) => {
      const { data, headers } = await api.call<DeadLetter[]>('GET', `/dead-letters${queryOf({ pageSize })}`, { signal })
      return { items: data, total: Number(headers.get('x-total-count') ?? data.length) }
    },
    refetchInterval: 5000,
  })
  const items = letters.data?.items ?? []
  const selected = items.filter(({ id }) => chosen.has(id))
  const nameOf = (id: string | null) => tenants.data?.find(tenant => tenant.id === id)?.name ?? id

  async function run(what: 'replay' | 'discard', ids: readonly string[]): Promise<void> {
    setBusy(what)
    setFailure(undefined)
    setOutcome(undefined)
    try {
      const { data } = await api.call<Outcome>('POST', `/dead-letters/${what}`, { body: { ids } })
      setOutcome({ what, result: data })
      setChosen(new Set())
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(undefined)
      setDiscarding(false)
      void client.invalidateQueries({ queryKey: ['dead-letters'] })
      void client.invalidateQueries({ queryKey: ['status'] })
    }
  }
  const choose = (id: string, on: boolean) => setChosen(before => new Set(on ? [...before, id] : [...before].filter(each => each !== id)))

  return (
    <Section title={t('dead.title')} text={t('dead.text')}>
      {failure !== undefined && <ProblemNotice error={failure} />}
      <div role="status">
        {outcome && (
          <Notice
            tone={outcome.result.failed.length === 0 ? 'good' : 'warn'}
            title={t(outcome.what === 'replay' ? 'dead.replayed' : 'dead.discarded', { count: outcome.result.done })}
          >
            {outcome.result.failed.map(({ id, detail }) => (
              <p key={id}>{detail}</p>
            ))}
          </Notice>
        )}
      </div>
      {letters.data === undefined ? (
        letters.error ? (
          <ProblemNotice error={letters.error} onRetry={() => void letters.refetch()} />
        ) : (
          <Loading label={t('common.loading')} rows={2} />
        )
      ) : items.length === 0 ? (
        <p className="soft">{t('dead.none')}</p>
      ) : (
        <>
          <div className="part-row">
            <Button
              icon="refresh"
              busy={busy === 'replay'}
              disabled={selected.length === 0}
              onClick={() =>
                void run(
                  'replay',
                  selected.map(({ id }) => id),
                )
              }
            >
              {t('dead.replay')}
            </Button>
            <Button icon="trash" disabled={selected.length === 0} onClick={() => setDiscarding(true)}>
              {t('dead.discard')}
            </Button>
            <span className="soft" role="status">
              {t('dead.chosen', { chosen: format.number(selected.length), all: format.number(letters.data.total) })}
            </span>
          </div>
          <table className="table table-cards">
            <thead>
              <tr>
                <td>
                  <input
                    type="checkbox"
                    aria-label={t('dead.chooseAll')}
                    checked={selected.length === items.length}
                    onChange={event => setChosen(new Set(event.target.checked ? items.map(({ id }) => id) : []))}
                  />
                </td>
                <th scope="col">{t('dead.when')}</th>
                <th scope="col">{t('status.service')}</th>
                <th scope="col">{t('dead.reason')}</th>
                <th scope="col">{t('dead.tenant')}</th>
                <th scope="col">{t('dead.times')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(letter => (
                <tr key={letter.id}>
                  <td className="cell-check">
                    <input
                      type="checkbox"
                      aria-label={t('dead.choose', { service: letter.service, time: format.dateTime(letter.diedAt) })}
                      checked={chosen.has(letter.id)}
                      onChange={event => choose(letter.id, event.target.checked)}
                    />
                  </td>
                  <td data-label={t('dead.when')}>
                    <Ago at={letter.diedAt} />
                  </td>
                  <td data-label={t('status.service')}>{letter.service}</td>
                  <td data-label={t('dead.reason')}>
                    <strong>{reasonWords(t, letter.reason)}</strong>
                    <p className="row-error">{letter.why}</p>
                  </td>
                  <td data-label={t('dead.tenant')}>
                    {letter.tenantId === null ? '–' : <Link to={`/tenants/${letter.tenantId}`}>{nameOf(letter.tenantId)}</Link>}
                    {letter.messageId !== null && (
                      <Link to={`/journeys/${encodeURIComponent(letter.messageId)}`} className="sub">
                        {t('dead.journey')}
                      </Link>
                    )}
                  </td>
                  <td data-label={t('dead.times')}>{format.number(letter.times)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {isDiscarding && (
        <Dialog title={t('dead.discardTitle', { count: selected.length })} role="alertdialog" onClose={() => setDiscarding(false)}>
          <p>{t('dead.discardText')}</p>
          <DialogButtons>
            <Button onClick={() => setDiscarding(false)}>{t('common.cancel')}</Button>
            <Button
              look="danger"
              icon="trash"
              busy={busy === 'discard'}
              onClick={() =>
                void run(
                  'discard',
                  selected.map(({ id }) => id),
                )
              }
            >
              {t('dead.discard')}
            </Button>
          </DialogButtons>
        </Dialog>
      )}
    </Section>
  )
}
