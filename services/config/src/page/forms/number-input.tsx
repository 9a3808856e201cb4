import { useState } from 'react'
import type { ControlProps } from './field.tsx'

/** What is typed stays as it is while it is typed; what is no number is kept as text, and the API says what is wrong with it. */
export function NumberInput(props: {
  control: ControlProps
  value: number | string | undefined
  onChange(value: number | string | undefined): void
  placeholder?: string | undefined
}) {
  const { control, value, onChange, placeholder } = props
  const [typed, setTyped] = useState<string>()
  const shown = typed !== undefined && asNumber(typed) === value ? typed : String(value ?? '')
  return (
    <input
      className="input input-number"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      {...control}
      value={shown}
      placeholder={placeholder}
      onChange={event => {
        setTyped(event.target.value)
        onChange(asNumber(event.target.value))
      }}
    />
  )
}

export function asNumber(text: string): number | string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^-?\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : trimmed
}
