import { Switch } from '../controls/switch.tsx'
import { type Choice, ChoiceInput } from './choice-input.tsx'
import { Field } from './field.tsx'
import { useField } from './form-context.tsx'
import { SecretInput } from './secret-input.tsx'
import { TextInput } from './text-input.tsx'

interface PlainFieldProps {
  label: string
  pointer: string
  help?: string
}

/** Fields of our own documents, which no catalog describes. `empty`: what is stored when nothing is typed. */
export function TextField({
  label,
  pointer,
  help,
  required = false,
  placeholder,
  empty,
}: PlainFieldProps & { required?: boolean; placeholder?: string; empty?: null | '' }) {
  const { value, errors, set } = useField<string>(pointer)
  return (
    <Field label={label} help={help} pointer={pointer} errors={errors} required={required}>
      {control => <TextInput control={control} value={value} onChange={text => set(text ?? (empty as undefined))} placeholder={placeholder} />}
    </Field>
  )
}
export function SecretField({ label, pointer, help }: PlainFieldProps) {
  const { value, stored, errors, set } = useField<string>(pointer)
  return (
    <Field label={label} help={help} pointer={pointer} errors={errors} required>
      {control => <SecretInput control={control} label={label} value={value} stored={stored} onChange={set} required autoComplete="new-password" />}
    </Field>
  )
}
export function SwitchField({ label, pointer, help }: PlainFieldProps) {
  const { value, errors, set } = useField<boolean>(pointer)
  const id = `${pointer}-help`
  return (
    <div className={errors.length > 0 ? 'field field-wrong' : 'field'} data-pointer={pointer}>
      <Switch on={value === true} onChange={set} {...(help === undefined ? {} : { describedBy: id })}>
        {label}
      </Switch>
      {help && (
        <p className="field-help field-help-switch" id={id}>
          {help}
        </p>
      )}
      {errors.map(error => (
        <p className="field-error" key={error}>
          {error}
        </p>
      ))}
    </div>
  )
}
/** `choose`: done instead of storing the value alone. */
export function ChoiceField({
  label,
  pointer,
  help,
  choices,
  empty,
  choose,
  required = true,
}: PlainFieldProps & { choices: readonly Choice[]; empty?: string; choose?: (value: string | undefined) => void; required?: boolean }) {
  const { value, errors, set } = useField<string | null>(pointer)
  return (
    <Field label={label} help={help} pointer={pointer} errors={errors} required={required}>
      {control => (
        <ChoiceInput
          control={control}
          value={value === '' ? undefined : (value ?? undefined)}
          choices={choices}
          onChange={choose ?? (next => set(next ?? null))}
          empty={empty}
        />
      )}
    </Field>
  )
}
