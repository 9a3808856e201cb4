import { useState } from 'react'
import { Refused } from '../api/problems.ts'
import { useApi } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { showFirstError } from '../document/show-first-error.ts'
import { useForm } from '../forms/form-context.tsx'
import { valueAt } from '../forms/pointer.ts'
import { useText } from '../i18n/i18n.tsx'

interface PartCheck {
  result: 'works' | 'refused' | 'unreachable' | 'unchecked'
  message: string | null
}
const tones = { works: 'good', refused: 'bad', unreachable: 'warn', unchecked: 'info' } as const

/** Asks the platform whether it takes what is in the form, before it is saved. */
export function TryCredentials({ part, tenantId }: { part: 'messaging' | 'cxPlatform'; tenantId: string | undefined }) {
  const t = useText()
  const api = useApi()
  const form = useForm()
  const [isBusy, setBusy] = useState(false)
  const [check, setCheck] = useState<PartCheck>()
  const [error, setError] = useState<unknown>()

  async function run(): Promise<void> {
    setBusy(true)
    setCheck(undefined)
    setError(undefined)
    try {
      const name = valueAt(form.document, '/name')
      const body = { id: tenantId, name: name === '' ? undefined : name, [part]: valueAt(form.document, `/${part}`) }
      const { data } = await api.call<Partial<Record<typeof part, PartCheck>>>('POST', '/tenants/check', { body, timeoutSeconds: 60 })
      setCheck(data[part])
    } catch (failure) {
      if (failure instanceof Refused && failure.errors.length > 0) {
        form.setErrors(failure.errors)
        showFirstError()
      } else setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="try">
      <div className="part-row">
        <Button icon="play" busy={isBusy} onClick={() => void run()}>
          {t('try.credentials')}
        </Button>
      </div>
      <div role="status">
        {error !== undefined && <ProblemNotice error={error} />}
        {check && (
          <Notice tone={tones[check.result]} title={t(`try.is.${check.result}`)}>
            {check.message && <p>{check.message}</p>}
          </Notice>
        )}
      </div>
    </div>
  )
}
