import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApp, useSession } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'
import { LoginForm } from './login-form.tsx'

const warnSeconds = 300

/** Warns before the session ends, and asks for the password once it has: the page stays as it is, with everything that was typed. */
export function SessionWatch() {
  const t = useText()
  const format = useFormat()
  const { session } = useApp()
  const client = useQueryClient()
  const state = useSession()
  const [now, setNow] = useState(() => Date.now())
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000)
    return () => clearInterval(timer)
  }, [])
  const expiresAt = state.is === 'in' ? Date.parse(state.expiresAt) : undefined
  const secondsLeft = expiresAt === undefined ? undefined : Math.ceil((expiresAt - now) / 1000)
  const isOver = secondsLeft !== undefined && secondsLeft <= 0
  useEffect(() => {
    if (isOver && state.is === 'in') session.state.set({ is: 'ended', user: state.user })
  }, [isOver, state, session])

  if (state.is === 'ended')
    return (
      <Dialog title={t('session.ended')}>
        <p>{t('session.endedText')}</p>
        <LoginForm user={state.user} onDone={() => void client.invalidateQueries()} />
        <DialogButtons>
          <Button look="plain" onClick={() => session.state.set({ is: 'out' })}>
            {t('session.other')}
          </Button>
        </DialogButtons>
      </Dialog>
    )
  if (secondsLeft === undefined || secondsLeft > warnSeconds || isOver) return null
  return (
    <div className="stale-banner" role="status">
      <span>{t('session.ending', { time: format.duration(Math.max(60, Math.round(secondsLeft / 60) * 60)) })}</span>
      <Button
        busy={isBusy}
        onClick={() => {
          setBusy(true)
          session
            .extend()
            .catch(() => undefined)
            .finally(() => setBusy(false))
        }}
      >
        {t('session.extend')}
      </Button>
    </div>
  )
}
