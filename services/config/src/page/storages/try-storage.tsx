import { useState } from 'react'
import type { StorageCheck } from '../api/types.ts'
import { useApi } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Section } from '../forms/section.tsx'
import type { TextKey } from '../i18n/en.ts'
import { useText } from '../i18n/i18n.tsx'

const stepKeys: Readonly<Record<string, TextKey>> = { store: 'try.store', fetch: 'try.fetch', compare: 'try.compare', remove: 'try.remove' }

/** Stores a small object, fetches it by its public address, and removes it. */
export function TryStorage({ id, isDirty }: { id: string; isDirty: boolean }) {
  const t = useText()
  const api = useApi()
  const [isBusy, setBusy] = useState(false)
  const [check, setCheck] = useState<StorageCheck>()
  const [error, setError] = useState<unknown>()

  async function run(): Promise<void> {
    setBusy(true)
    setError(undefined)
    setCheck(undefined)
    try {
      setCheck((await api.call<StorageCheck>('POST', `/storages/${id}/check`, { timeoutSeconds: 100 })).data)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section title={t('try.title')} text={t('try.text')}>
      <div className="try">
        <div className="part-row">
          <Button icon="play" busy={isBusy} disabled={isDirty} onClick={() => void run()}>
            {t('try.button')}
          </Button>
          {isDirty && <span className="soft">{t('try.saveFirst')}</span>}
        </div>
        <div role="status">
          {error !== undefined && <ProblemNotice error={error} />}
          {check && (
            <Notice tone={check.ok ? 'good' : 'bad'} title={t(check.ok ? 'try.works' : 'try.fails')}>
              {check.advice && <p>{check.advice}</p>}
              <ol className="steps-list">
                {check.steps.map(({ step, ok, message }) => (
                  <li key={step} className={ok ? 'check-line check-done' : 'check-line check-wrong'}>
                    <Icon name={ok ? 'good' : 'bad'} small />
                    <span>
                      {stepKeys[step] === undefined ? step : t(stepKeys[step])}
                      <span className="visually-hidden">: {t(ok ? 'checklist.done' : 'checklist.wrong')}</span>
                      {message && <span className="check-why">{message}</span>}
                    </span>
                  </li>
                ))}
              </ol>
            </Notice>
          )}
        </div>
      </div>
    </Section>
  )
}
