import { type FormEvent, useEffect, useState } from 'react'
import { Refused } from '../api/problems.ts'
import { useApp } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { errorWords } from '../forms/error-words.ts'
import { Field } from '../forms/field.tsx'
import { SecretInput } from '../forms/secret-input.tsx'
import { useText } from '../i18n/i18n.tsx'
import { adviceWords } from './advice.ts'
import { measureStrength, requiredScore, type Strength } from './strength.ts'

export function PasswordDialog({ user, onClose }: { user: string; onClose(): void }) {
  const t = useText()
  const { session } = useApp()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [isDone, setDone] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const [error, setError] = useState<unknown>()
  const strength = useStrength(next, user)

  const fieldErrors = (pointer: string) =>
    error instanceof Refused ? error.errors.filter(each => each.pointer === pointer).map(({ detail }) => adviceWords(t, detail) ?? errorWords(t, detail)) : []
  const own = {
    current: isAsked && current === '' ? [t('wrong.required')] : fieldErrors('/current'),
    next:
      isAsked && next === ''
        ? [t('wrong.required')]
        : isAsked && strength !== undefined && strength.score < requiredScore
          ? [t('password.tooWeak')]
          : fieldErrors('/new'),
    again: isAsked && again !== next ? [t('password.different')] : [],
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setAsked(true)
    if (isBusy || current === '' || next === '' || next !== again || (strength !== undefined && strength.score < requiredScore)) return
    setBusy(true)
    setError(undefined)
    try {
      await session.changePassword(current, next)
      setDone(true)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  if (isDone)
    return (
      <Dialog title={t('password.title')} onClose={onClose}>
        <Notice tone="good" title={t('password.done')} alert>
          <p>{t('password.doneText')}</p>
        </Notice>
        <DialogButtons>
          <Button look="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        </DialogButtons>
      </Dialog>
    )
  return (
    <Dialog title={t('password.title')} onClose={onClose}>
      <form className="form" onSubmit={event => void submit(event)}>
        {error !== undefined && fieldErrors('/current').length + fieldErrors('/new').length === 0 && <ProblemNotice error={error} />}
        <input className="visually-hidden" type="text" autoComplete="username" value={user} readOnly tabIndex={-1} aria-hidden="true" />
        <Field label={t('password.current')} required pointer="/current" errors={own.current}>
          {control => (
            <SecretInput
              control={control}
              label={t('password.current')}
              value={current}
              stored={undefined}
              onChange={value => setCurrent(value ?? '')}
              required
              autoComplete="current-password"
            />
          )}
        </Field>
        <Field label={t('password.new')} required pointer="/new" errors={own.next}>
          {control => (
            <SecretInput
              control={control}
              label={t('password.new')}
              value={next}
              stored={undefined}
              onChange={value => setNext(value ?? '')}
              required
              autoComplete="new-password"
            />
          )}
        </Field>
        <Meter strength={next === '' ? undefined : strength} />
        <Field label={t('password.again')} required pointer="/again" errors={own.again}>
          {control => (
            <SecretInput
              control={control}
              label={t('password.again')}
              value={again}
              stored={undefined}
              onChange={value => setAgain(value ?? '')}
              required
              autoComplete="new-password"
            />
          )}
        </Field>
        <p className="soft">{t('password.others')}</p>
        <DialogButtons>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={isBusy}>
            {t('password.submit')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function useStrength(password: string, user: string): Strength | undefined {
  const [strength, setStrength] = useState<Strength>()
  useEffect(() => {
    if (password === '') return setStrength(undefined)
    let isWanted = true
    // the API measures too: without the meter the password is only refused later
    measureStrength(password, user).then(
      measured => isWanted && setStrength(measured),
      () => undefined,
    )
    return () => {
      isWanted = false
    }
  }, [password, user])
  return strength
}

const scoreKeys = ['password.score0', 'password.score1', 'password.score2', 'password.score3', 'password.score4'] as const

function Meter({ strength }: { strength: Strength | undefined }) {
  const t = useText()
  const advice = strength === undefined ? [] : [strength.warning, ...strength.suggestions].filter(text => text !== '')
  return (
    <div className="meter" data-score={strength?.score ?? 'none'}>
      <div className="meter-bars" aria-hidden="true">
        {scoreKeys.slice(1).map((key, index) => (
          <span key={key} className={strength !== undefined && strength.score > index ? 'meter-bar meter-bar-on' : 'meter-bar'} />
        ))}
      </div>
      <div role="status">
        <p className="meter-word">{strength === undefined ? t('password.advice') : t(scoreKeys[strength.score])}</p>
        {advice.map(text => (
          <p className="soft" key={text}>
            {adviceWords(t, text) ?? text}
          </p>
        ))}
      </div>
    </div>
  )
}
