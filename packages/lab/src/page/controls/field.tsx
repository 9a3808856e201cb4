import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react'

interface Labelled {
  label: string
  help?: string
}

/** A label above its control; the control gets the id that ties the two. */
function Field({ label, help, id, wide = false, children }: Labelled & { id: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? 'field field-wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {children}
      {help !== undefined && (
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  )
}

function described(id: string, help: string | undefined) {
  return help === undefined ? {} : { 'aria-describedby': `${id}-help` }
}

export function TextField({ label, help, ...rest }: Labelled & Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'>) {
  const id = useId()
  return (
    <Field label={label} id={id} {...(help === undefined ? {} : { help })}>
      <input id={id} className="input" autoComplete="off" {...described(id, help)} {...rest} />
    </Field>
  )
}

export function AreaField({ label, help, ...rest }: Labelled & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id' | 'className'>) {
  const id = useId()
  return (
    <Field label={label} id={id} {...(help === undefined ? {} : { help })}>
      <textarea id={id} className="input" {...described(id, help)} {...rest} />
    </Field>
  )
}

/** `wide`: as wide as the form it stands in, for long choices. */
export function SelectField({
  label,
  help,
  wide = false,
  children,
  ...rest
}: Labelled & { wide?: boolean } & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'className'>) {
  const id = useId()
  return (
    <Field label={label} id={id} wide={wide} {...(help === undefined ? {} : { help })}>
      <select id={id} className="input select" {...described(id, help)} {...rest}>
        {children}
      </select>
    </Field>
  )
}

export function CheckField({ label, ...rest }: { label: string } & Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className' | 'type'>) {
  const id = useId()
  return (
    <div className="check-field">
      <input id={id} type="checkbox" {...rest} />
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
