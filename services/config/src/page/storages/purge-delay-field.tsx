import { Field } from '../forms/field.tsx'
import { useField } from '../forms/form-context.tsx'
import { NumberInput } from '../forms/number-input.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'

/** Seconds, as they are stored, and in words, as people think of them. */
export function PurgeDelayField() {
  const t = useText()
  const format = useFormat()
  const { value, errors, set } = useField<number | string>('/purgeDelay')
  const words =
    typeof value !== 'number' || value < 0 ? undefined : value === 0 ? t('storage.purgeAtOnce') : t('storage.purgeAfter', { duration: format.duration(value) })
  return (
    <Field label={t('storages.purge')} help={t('storage.purgeHelp')} pointer="/purgeDelay" errors={errors} required>
      {control => (
        <span className="input-with-words">
          <NumberInput control={control} value={value} onChange={set} />
          <span className="soft">{t('storage.seconds')}</span>
          {words && (
            <output className="purge-words" htmlFor={control.id}>
              {words}
            </output>
          )}
        </span>
      )}
    </Field>
  )
}
