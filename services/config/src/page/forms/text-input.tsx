import type { ControlProps } from './field.tsx'

interface TextInputProps {
  control: ControlProps
  value: string | undefined
  /** undefined: nothing is in it */
  onChange(value: string | undefined): void
  multiline?: boolean
  placeholder?: string | undefined
  maxLength?: number | undefined
  readOnly?: boolean
  autoComplete?: string
}

export function TextInput({ control, value, onChange, multiline = false, placeholder, maxLength, readOnly = false, autoComplete = 'off' }: TextInputProps) {
  const props = {
    ...control,
    value: value ?? '',
    placeholder,
    readOnly,
    autoComplete,
    spellCheck: multiline,
    // a little more than allowed, so that what was pasted is refused in words and not cut in silence
    maxLength: maxLength === undefined ? undefined : maxLength * 2 + 100,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value === '' ? undefined : event.target.value),
  }
  return multiline ? <textarea className="input" rows={4} {...props} /> : <input className="input" type="text" {...props} />
}
