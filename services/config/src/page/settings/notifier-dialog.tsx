import { useMemo, useState } from 'react'
import type { Loaded } from '../api/client.ts'
import type { FieldError, FleetSettings, Notifier, Plain, SettingsType } from '../api/types.ts'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { errorWords } from '../forms/error-words.ts'
import { FormProvider, type FormState } from '../forms/form-context.tsx'
import { defaultsOf } from '../forms/model.ts'
import { ChoiceField, SwitchField } from '../forms/plain-fields.tsx'
import { parsePointer, withValue } from '../forms/pointer.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import { fieldTexts } from '../i18n/catalog.ts'
import { useLanguage, useText } from '../i18n/i18n.tsx'
import { useSaveNotifiers } from './use-save-notifiers.ts'

interface NotifierDialogProps {
  /** undefined: a new one */
  notifier: Notifier | undefined
  settings: Loaded<FleetSettings>
  types: readonly SettingsType[]
  onClose(): void
}

export function NotifierDialog({ notifier, settings, types, onClose }: NotifierDialogProps) {
  const t = useText()
  const { catalog } = useLanguage()
  const [draft, setDraft] = useState<Plain>(() => (notifier === undefined ? { type: '', topic: 'Default', enabled: true, settings: {} } : { ...notifier }))
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const [failure, setFailure] = useState<unknown>()
  const { isSaving, saveNotifiers } = useSaveNotifiers(settings)
  const type = types.find(({ id }) => id === draft.type)
  const form = useMemo<FormState>(
    () => ({
      document: draft,
      stored: notifier,
      set(pointer, value) {
        setDraft(before => withValue(before, pointer, value))
        setErrors(before => before.filter(error => error.pointer !== pointer))
      },
      errorsAt: pointer =>
        errors
          .filter(error => error.pointer === pointer)
          .map(({ detail }) => errorWords(t, detail, fieldTexts(catalog, `notifier.${type?.id}`, parsePointer(pointer)[1] ?? '').hint)),
      errorPointers: () => errors.map(({ pointer }) => pointer),
      setErrors,
    }),
    [draft, notifier, errors, catalog, type, t],
  )

  async function submit(): Promise<void> {
    setFailure(undefined)
    if (type === undefined) return setErrors([{ pointer: '/type', detail: 'is required' }])
    let place = ''
    const outcome = await saveNotifiers(all => {
      const at = notifier === undefined ? -1 : all.findIndex(({ id }) => id === notifier.id)
      place = `/notifiers/${at === -1 ? all.length : at}`
      return at === -1 ? [...all, draft] : all.with(at, draft)
    })
    if (outcome.is === 'saved') return onClose()
    if (outcome.is === 'failed') return setFailure(outcome.error)
    setErrors(outcome.errors.map(({ pointer, detail }) => ({ pointer: pointer.startsWith(place) ? pointer.slice(place.length) : pointer, detail })))
  }
  const elsewhere = errors.filter(
    ({ pointer }) => pointer === '' || pointer.startsWith('/notifiers') || pointer.startsWith('/commander') || pointer === '/outboundProxy',
  )
  return (
    <Dialog title={t(notifier === undefined ? 'notifiers.add' : 'notifiers.edit')} onClose={onClose}>
      <form
        className="form"
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void submit()
        }}
      >
        {failure !== undefined && <ProblemNotice error={failure} />}
        {elsewhere.length > 0 && (
          <Notice tone="bad" alert>
            {elsewhere.map(({ detail }) => (
              <p key={detail}>{errorWords(t, detail)}</p>
            ))}
          </Notice>
        )}
        <FormProvider form={form}>
          <div className="fields">
            <ChoiceField
              label={t('notifiers.type')}
              pointer="/type"
              choices={types.map(({ id, label }) => ({ value: id, label }))}
              {...(type === undefined ? { empty: t('form.choose') } : {})}
              choose={next => {
                setErrors([])
                setDraft(before => ({ ...before, type: next ?? '', settings: defaultsOf(types.find(({ id }) => id === next)?.settings ?? {}) }))
              }}
            />
            <ChoiceField
              label={t('notifiers.topic')}
              pointer="/topic"
              help={t('notifiers.topicHelp')}
              choices={[
                { value: 'Default', label: t('topic.Default') },
                { value: 'Subscriptions', label: t('topic.Subscriptions') },
              ]}
            />
          </div>
          {type && <SchemaForm key={type.id} scope={`notifier.${type.id}`} schema={type.settings} root="/settings" />}
          <SwitchField label={t('notifiers.enabled')} pointer="/enabled" />
        </FormProvider>
        <DialogButtons>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={isSaving}>
            {t('common.save')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
