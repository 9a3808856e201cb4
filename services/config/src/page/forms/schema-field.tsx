import { Icon } from '../controls/icon.tsx'
import { Switch } from '../controls/switch.tsx'
import { type FieldTexts, fieldTexts, valueLabel } from '../i18n/catalog.ts'
import { useLanguage, useText } from '../i18n/i18n.tsx'
import { ChoiceInput } from './choice-input.tsx'
import { type ControlProps, Field } from './field.tsx'
import { useField } from './form-context.tsx'
import { HelpText } from './help-text.tsx'
import { ChoicesInput, ListInput } from './list-input.tsx'
import { MapInput } from './map-input.tsx'
import { choicesOf, type FieldModel } from './model.ts'
import { NumberInput } from './number-input.tsx'
import { joinPointer } from './pointer.ts'
import { SecretInput } from './secret-input.tsx'
import { storedSecret } from './secrets.ts'
import { TextInput } from './text-input.tsx'

interface SchemaFieldProps {
  scope: string
  field: FieldModel
  root: string
}

/** One field of a schema, with the control that fits its kind. */
export function SchemaField({ scope, field, root }: SchemaFieldProps) {
  const { catalog } = useLanguage()
  const pointer = joinPointer(root, field.name)
  const texts = fieldTexts(catalog, scope, field.name)
  const label = texts.label ?? field.schema.title ?? field.name
  const help = texts.help ?? field.schema.description
  const { value, errors, set } = useField<unknown>(pointer)

  if (field.kind === 'group')
    return (
      <fieldset className="field-group" data-pointer={pointer}>
        <legend>{label}</legend>
        {help && <p className="field-help">{help}</p>}
        <div className="fields">
          {field.fields.map(inner => (
            <SchemaField key={inner.name} scope={`${scope}.${field.name}`} field={inner} root={pointer} />
          ))}
        </div>
      </fieldset>
    )
  if (field.kind === 'toggle') return <Toggle pointer={pointer} label={label} help={help} errors={errors} on={value === true} set={set} />
  return (
    <Field
      label={label}
      help={help}
      pointer={pointer}
      errors={errors}
      required={field.isRequired || field.schema.default !== undefined || field.generated !== undefined}
      group={field.kind === 'map' || field.kind === 'list' || field.kind === 'choices'}
    >
      {control => <Control field={field} pointer={pointer} label={label} texts={texts} control={control} />}
    </Field>
  )
}

function Control({ field, pointer, label, texts, control }: { field: FieldModel; pointer: string; label: string; texts: FieldTexts; control: ControlProps }) {
  const t = useText()
  const { value, stored, set } = useField<unknown>(pointer)
  const { schema } = field
  const text = typeof value === 'string' ? value : undefined
  const placeholder = schema.default === undefined ? undefined : String(schema.default)
  const choices = choicesOf(field.kind === 'choices' ? (schema.items ?? {}) : schema).map(choice => ({
    value: choice,
    label: valueLabel(texts, field.kind === 'choices' ? (schema.items ?? {}) : schema, choice),
  }))
  switch (field.kind) {
    case 'number':
      return (
        <NumberInput
          control={control}
          value={typeof value === 'number' || typeof value === 'string' ? value : undefined}
          onChange={set}
          placeholder={placeholder}
        />
      )
    case 'choice':
      return (
        <ChoiceInput
          control={control}
          value={text}
          choices={choices}
          onChange={set}
          empty={field.isRequired || schema.default !== undefined ? (text === undefined ? t('form.choose') : undefined) : t('form.none')}
        />
      )
    case 'choices':
      return <ChoicesInput value={textsOf(value)} choices={choices} onChange={set} />
    case 'list':
      return <ListInput label={label} pointer={pointer} value={textsOf(value)} onChange={set} />
    case 'map':
      return <MapInput label={label} pointer={pointer} value={isTextMap(value) ? value : undefined} isSecret={field.isSecret} onChange={set} />
    case 'secret':
    case 'multiline':
      if (field.isSecret && field.isReadOnly)
        return (
          <p className="secret-state" id={control.id}>
            <Icon name="key" small />
            {t(value === storedSecret ? 'form.secretStored' : 'form.secretComes')}
          </p>
        )
      if (field.isSecret)
        return (
          <SecretInput
            control={control}
            label={label}
            value={text}
            stored={stored}
            onChange={set}
            required={field.isRequired}
            generated={field.generated !== undefined}
            multiline={field.kind === 'multiline'}
          />
        )
      return (
        <TextInput
          control={control}
          value={text}
          onChange={set}
          multiline={field.kind === 'multiline'}
          maxLength={schema.maxLength}
          readOnly={field.isReadOnly}
        />
      )
    default:
      return (
        <TextInput
          control={control}
          value={text}
          onChange={set}
          multiline={(schema.maxLength ?? 0) > 2000 && (text ?? '').length > 60}
          maxLength={schema.maxLength}
          placeholder={placeholder}
          readOnly={field.isReadOnly}
        />
      )
  }
}

function Toggle({
  pointer,
  label,
  help,
  errors,
  on,
  set,
}: {
  pointer: string
  label: string
  help: string | undefined
  errors: readonly string[]
  on: boolean
  set(on: boolean): void
}) {
  const id = `${pointer}-help`
  return (
    <div className={errors.length > 0 ? 'field field-wrong' : 'field'} data-pointer={pointer}>
      <Switch on={on} onChange={set} {...(help === undefined ? {} : { describedBy: id })}>
        {label}
      </Switch>
      {help && (
        <p className="field-help field-help-switch" id={id}>
          <HelpText text={help} />
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

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}
function isTextMap(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
