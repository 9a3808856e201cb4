import { type FormEvent, useState } from 'react'
import { Refused } from '../api/problems.ts'
import { useApp } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { problemWords } from '../document/problem-words.ts'
import { Field } from '../forms/field.tsx'
import { SecretInput } from '../forms/secret-input.tsx'
import { useText } from '../i18n/i18n.tsx'

/** `user`: whose session goes on; nobody else's can. */
export function LoginForm({ user: fixed, onDone }: { user?: string; onDone?: () => void }) {
  const t = useText()
  const { session } = useApp()
  const [user, setUser] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setError(undefined)
    try {
      await session.logIn(user, password)
      onDone?.()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const isWrong = error instanceof Refused && (error.status === 401 || error.status === 422)
  const words = error === undefined ? undefined : isWrong ? { title: t('login.wrong'), advice: t('login.wrongAdvice') } : problemWords(t, error)
  return (
    <form className="form" onSubmit={event => void submit(event)}>
      {words && (
        <Notice tone="bad" title={words.title} alert>
          <p>{words.advice}</p>
        </Notice>
      )}
      <Field label={t('login.user')} required pointer="/user" errors={[]}>
        {control => (
          <input
            className="input"
            type="text"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            readOnly={fixed !== undefined}
            {...control}
            value={user}
            onChange={event => setUser(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('login.password')} required pointer="/password" errors={[]}>
        {control => (
          <SecretInput
            control={control}
            label={t('login.password')}
            value={password}
            stored={undefined}
            onChange={value => setPassword(value ?? '')}
            required
            autoComplete="current-password"
          />
        )}
      </Field>
      <Button look="primary" type="submit" busy={isBusy}>
        {t('login.submit')}
      </Button>
    </form>
  )
}
