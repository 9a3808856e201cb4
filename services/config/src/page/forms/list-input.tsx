import { Button, IconButton } from '../controls/button.tsx'
import { useText } from '../i18n/i18n.tsx'
import { useForm } from './form-context.tsx'
import { joinPointer } from './pointer.ts'

/** Texts one below the other, in order. */
export function ListInput({ label, pointer, value, onChange }: { label: string; pointer: string; value: readonly string[]; onChange(value: string[]): void }) {
  const t = useText()
  const form = useForm()
  return (
    <div className="list-input">
      {value.map((item, index) => {
        const errors = form.errorsAt(joinPointer(pointer, String(index)))
        const errorId = `${pointer}-${index}-error`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the items are texts that may be equal, and they are where they are
          <div className="list-row" key={index}>
            <input
              className="input"
              aria-label={`${label}, ${index + 1}`}
              aria-invalid={errors.length > 0 || undefined}
              aria-describedby={errors.length > 0 ? errorId : undefined}
              autoComplete="off"
              value={item}
              onChange={event => onChange(value.with(index, event.target.value))}
            />
            <IconButton icon="trash" label={t('form.removeRow', { name: item || index + 1 })} onClick={() => onChange(value.filter((_, at) => at !== index))} />
            {errors.length > 0 && (
              <p className="field-error" id={errorId}>
                {errors.join(' ')}
              </p>
            )}
          </div>
        )
      })}
      <Button icon="plus" onClick={() => onChange([...value, ''])}>
        {t('form.addRow', { what: label })}
      </Button>
    </div>
  )
}

/** Any of a few values. */
export function ChoicesInput({
  value,
  choices,
  onChange,
}: {
  value: readonly string[]
  choices: readonly { value: string; label: string }[]
  onChange(value: string[]): void
}) {
  return (
    <div className="choices">
      {choices.map(choice => (
        <label className="check" key={choice.value}>
          <input
            type="checkbox"
            checked={value.includes(choice.value)}
            onChange={event => onChange(choices.map(each => each.value).filter(each => (each === choice.value ? event.target.checked : value.includes(each))))}
          />
          {choice.label}
        </label>
      ))}
    </div>
  )
}
