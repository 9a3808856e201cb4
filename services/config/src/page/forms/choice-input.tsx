import type { ControlProps } from './field.tsx'

export interface Choice {
  value: string
  label: string
}
/** `empty`: the words for "nothing chosen"; without them something always is. */
export function ChoiceInput(props: {
  control: ControlProps
  value: string | undefined
  choices: readonly Choice[]
  onChange(value: string | undefined): void
  empty?: string | undefined
}) {
  const { control, value, choices, onChange, empty } = props
  const isKnown = value === undefined || choices.some(choice => choice.value === value)
  return (
    <select className="input select" {...control} value={value ?? ''} onChange={event => onChange(event.target.value === '' ? undefined : event.target.value)}>
      {(empty !== undefined || value === undefined) && <option value="">{empty ?? ''}</option>}
      {!isKnown && <option value={value}>{value}</option>}
      {choices.map(choice => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  )
}
