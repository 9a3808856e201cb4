import { useState } from 'react'
import type { Loaded } from '../api/client.ts'
import { useNotifierStatus } from '../api/queries.ts'
import type { FleetSettings, Notifier, NotifierStatus, NotifierTest, SettingsType } from '../api/types.ts'
import { useApi } from '../app-context.tsx'
import { Badge } from '../controls/badge.tsx'
import { Button, IconButton } from '../controls/button.tsx'
import { Empty } from '../controls/empty.tsx'
import { PlatformIcon } from '../controls/platform-icon.tsx'
import { Ago } from '../controls/time.tsx'
import { problemWords } from '../document/problem-words.ts'
import { Section } from '../forms/section.tsx'
import { useText } from '../i18n/i18n.tsx'
import { NotifierDialog } from './notifier-dialog.tsx'
import { RemoveNotifierDialog } from './remove-notifier-dialog.tsx'

type Test = { is: 'busy' } | ({ is: 'done' } & NotifierTest) | { is: 'failed'; error: unknown }

/** Destinations of notices: who hears when services start, stop, or have trouble with a subscription. */
export function Notifiers({ settings, types }: { settings: Loaded<FleetSettings>; types: readonly SettingsType[] }) {
  const t = useText()
  const api = useApi()
  const [edited, setEdited] = useState<Notifier | 'new'>()
  const [removed, setRemoved] = useState<Notifier>()
  const [tests, setTests] = useState<Readonly<Record<string, Test>>>({})
  const statuses = useNotifierStatus()
  const { notifiers } = settings.data
  const label = (type: string) => types.find(({ id }) => id === type)?.label ?? type
  const told = (id: string, test: Test) => setTests(before => ({ ...before, [id]: test }))

  async function run(id: string): Promise<void> {
    told(id, { is: 'busy' })
    try {
      const { data } = await api.call<NotifierTest>('POST', `/settings/notifiers/${id}/test`)
      told(id, { is: 'done', ...data })
    } catch (error) {
      told(id, { is: 'failed', error })
    }
  }
  return (
    <Section title={t('settings.notifiers')} text={t('settings.notifiersText')}>
      {notifiers.length === 0 ? (
        <Empty title={t('notifiers.none')}>
          <p>{t('notifiers.noneText')}</p>
        </Empty>
      ) : (
        <table className="table table-cards">
          <thead>
            <tr>
              <th scope="col">{t('notifiers.type')}</th>
              <th scope="col">{t('notifiers.topic')}</th>
              <th scope="col">{t('notifiers.target')}</th>
              <th scope="col">{t('notifiers.channel')}</th>
              <th scope="col">{t('notifiers.test')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {notifiers.map(notifier => {
              const name = `${label(notifier.type)}, ${t(`topic.${notifier.topic}`)}`
              return (
                <tr key={notifier.id}>
                  <th scope="row">
                    <span className="with-icon">
                      <PlatformIcon label={label(notifier.type)} />
                      {label(notifier.type)}
                      {!notifier.enabled && <Badge tone="idle">{t('state.off')}</Badge>}
                    </span>
                  </th>
                  <td data-label={t('notifiers.topic')}>{t(`topic.${notifier.topic}`)}</td>
                  <td data-label={t('notifiers.target')} className="soft">
                    {t('notifiers.stored')}
                  </td>
                  <td data-label={t('notifiers.channel')}>{typeof notifier.settings.channel === 'string' ? notifier.settings.channel : '–'}</td>
                  <td data-label={t('notifiers.test')}>
                    <Button
                      icon="play"
                      busy={tests[notifier.id]?.is === 'busy'}
                      aria-label={t('notifiers.testOf', { name })}
                      onClick={() => void run(notifier.id)}
                    >
                      {t('notifiers.test')}
                    </Button>
                    {tests[notifier.id] === undefined ? (
                      <LastResult status={statuses.data?.find(({ id }) => id === notifier.id)} />
                    ) : (
                      <TestResult test={tests[notifier.id]} />
                    )}
                  </td>
                  <td className="row-actions">
                    <IconButton icon="edit" label={t('notifiers.editOf', { name })} onClick={() => setEdited(notifier)} />
                    <IconButton icon="trash" label={t('notifiers.removeOf', { name })} onClick={() => setRemoved(notifier)} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      <div className="part-row">
        <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
          {t('notifiers.add')}
        </Button>
      </div>
      {edited !== undefined && (
        <NotifierDialog notifier={edited === 'new' ? undefined : edited} settings={settings} types={types} onClose={() => setEdited(undefined)} />
      )}
      {removed !== undefined && (
        <RemoveNotifierDialog notifier={removed} label={label(removed.type)} settings={settings} onClose={() => setRemoved(undefined)} />
      )}
    </Section>
  )
}

/** The last notice that a service has sent there. */
function LastResult({ status }: { status: NotifierStatus | undefined }) {
  const t = useText()
  if (status === undefined || status.status === 'unknown') return null
  const isGood = status.status === 'working'
  const at = isGood ? status.lastSuccessAt : status.lastError?.at
  return (
    <p className="test-result">
      <Badge tone={isGood ? 'good' : 'bad'}>{t(isGood ? 'notifiers.delivered' : 'notifiers.refused')}</Badge>
      <span className="soft">
        {at && <Ago at={at} />}
        {!isGood && status.lastError && ` ${status.lastError.text}`}
      </span>
    </p>
  )
}

function TestResult({ test }: { test: Test | undefined }) {
  const t = useText()
  return (
    <div role="status">
      {test?.is === 'done' && (
        <p className="test-result">
          <Badge tone={test.delivered ? 'good' : 'bad'}>{t(test.delivered ? 'notifiers.delivered' : 'notifiers.refused')}</Badge>
          <span className="soft">{[test.status, test.answer].filter(part => part !== undefined && part !== '').join(' ')}</span>
        </p>
      )}
      {test?.is === 'failed' && (
        <p className="test-result">
          <Badge tone="bad">{problemWords(t, test.error).title}</Badge>
        </p>
      )}
    </div>
  )
}
