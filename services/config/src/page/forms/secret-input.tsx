import { useState } from 'react'
import { Button, IconButton } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { useText } from '../i18n/i18n.tsx'
import type { ControlProps } from './field.tsx'
import { isStoredSecret, storedSecret } from './secrets.ts'

interface SecretInputProps {
  control: ControlProps
  label: string
  value: string | undefined
  stored: unknown
  onChange(value: string | undefined): void
  required: boolean
  /** the API makes one when it is left out */
  generated?: boolean
  multiline?: boolean
  autoComplete?: string
}

/** A secret that is stored is never shown again: it is kept, replaced, or taken out. What is typed can be looked at while it is typed. */
export function SecretInput(props: SecretInputProps) {
  const { control, value, stored, onChange, label, required, generated = false, multiline = false, autoComplete = 'off' } = props
  const t = useText()
  const [isShown, setShown] = useState(false)
  const [isTyping, setTyping] = useState(false)
  const isStored = isStoredSecret(stored)

  if (isStoredSecret(value))
    return (
      <div className="secret">
        <span className="secret-state">
          <Icon name="key" small />
          {t('form.secretStored')}
        </span>
        <Button
          id={control.id}
          aria-describedby={control['aria-describedby']}
          aria-label={`${label}: ${t('form.replace')}`}
          onClick={() => {
            setTyping(true)
            onChange(undefined)
          }}
        >
          {t('form.replace')}
        </Button>
        {generated && (
          <Button look="plain" aria-label={`${label}: ${t('form.makeNew')}`} onClick={() => onChange('')}>
            {t('form.makeNew')}
          </Button>
        )}
        {!required && !generated && (
          <Button look="plain" aria-label={`${label}: ${t('form.remove')}`} onClick={() => onChange(undefined)}>
            {t('form.remove')}
          </Button>
        )}
      </div>
    )
  if (generated && !isTyping && (value === undefined || value === ''))
    return (
      <div className="secret">
        <span className="secret-state">
          <Icon name="key" small />
          {t(isStored ? 'form.secretWillBeNew' : 'form.secretWillBeMade')}
        </span>
        <Button id={control.id} aria-describedby={control['aria-describedby']} aria-label={`${label}: ${t('form.ownValue')}`} onClick={() => setTyping(true)}>
          {t('form.ownValue')}
        </Button>
        {isStored && <KeepStored label={label} onKeep={() => onChange(storedSecret)} />}
      </div>
    )
  return (
    <div className="secret">
      {multiline ? (
        <textarea
          className="input input-code"
          rows={4}
          spellCheck={false}
          autoComplete="off"
          {...control}
          value={value ?? ''}
          onChange={event => onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      ) : (
        <span className="input-with-button">
          <input
            className="input"
            type={isShown ? 'text' : 'password'}
            spellCheck={false}
            autoComplete={autoComplete}
            // biome-ignore lint/a11y/noAutofocus: the field has just taken the place of the button that was pressed
            autoFocus={isTyping}
            {...control}
            value={value ?? ''}
            onChange={event => onChange(event.target.value === '' ? undefined : event.target.value)}
          />
          <IconButton
            icon={isShown ? 'eyeOff' : 'eye'}
            label={`${label}: ${t(isShown ? 'form.hide' : 'form.reveal')}`}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          />
        </span>
      )}
      {isStored && (
        <KeepStored
          label={label}
          onKeep={() => {
            setTyping(false)
            onChange(storedSecret)
          }}
        />
      )}
    </div>
  )
}

function KeepStored({ label, onKeep }: { label: string; onKeep(): void }) {
  const t = useText()
  return (
    <Button look="plain" aria-label={`${label}: ${t('form.keepStored')}`} onClick={onKeep}>
      {t('form.keepStored')}
    </Button>
  )
}
