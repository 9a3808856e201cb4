import type { Choice } from '../forms/choice-input.tsx'

interface FilterProps {
  label: string
  /** the words for "no filter" */
  all: string
  value: string | undefined
  choices: readonly Choice[]
  onChange(value: string | undefined): void
}

/** What a list is narrowed down to. */
export function Filter({ label, all, value, choices, onChange }: FilterProps) {
  return (
    <select
      className="input select filter"
      aria-label={label}
      value={value ?? ''}
      onChange={event => onChange(event.target.value === '' ? undefined : event.target.value)}
    >
      <option value="">{all}</option>
      {choices.map(choice => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  )
}
