import { type ReactNode, useId } from 'react'
import { Icon } from '../controls/icon.tsx'
import { useText } from '../i18n/i18n.tsx'
import { HelpText } from './help-text.tsx'

export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  'aria-required': true | undefined
}
interface FieldProps {
  label: string
  help?: string | undefined
  required?: boolean
  errors: readonly string[]
  /** where it is in the document: errors are brought into view by it */
  pointer: string
  /** at the end of the label's line */
  aside?: ReactNode
  /** several controls under one name */
  group?: boolean
  children(control: ControlProps): ReactNode
}

/** A label, a control, what helps to fill it in, and what is wrong with it: in this order, and tied together for those who do not see it. */
export function Field({ label, help, required = false, errors, pointer, aside, group = false, children }: FieldProps) {
  const id = useId()
  const t = useText()
  const describedBy = [help && `${id}-help`, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ')
  const control: ControlProps = {
    id,
    'aria-describedby': describedBy || undefined,
    'aria-invalid': errors.length > 0 || undefined,
    'aria-required': required || undefined,
  }
  const words = (
    <>
      {label}
      {!required && <span className="field-optional">{t('form.optional')}</span>}
    </>
  )
  const inside = (
    <>
      {children(control)}
      {help && (
        <p className="field-help" id={`${id}-help`}>
          <HelpText text={help} />
        </p>
      )}
      {errors.length > 0 && (
        <div className="field-error" id={`${id}-error`}>
          <Icon name="bad" small />
          <div>
            {errors.map(error => (
              <p key={error}>{error}</p>
            ))}
          </div>
        </div>
      )}
    </>
  )
  const className = errors.length > 0 ? 'field field-wrong' : 'field'
  if (group)
    return (
      <fieldset className={className} data-pointer={pointer} aria-describedby={describedBy || undefined}>
        <legend className="field-label">{words}</legend>
        {inside}
      </fieldset>
    )
  return (
    <div className={className} data-pointer={pointer}>
      <div className="field-head">
        <label className="field-label" htmlFor={id}>
          {words}
        </label>
        {aside}
      </div>
      {inside}
    </div>
  )
}
