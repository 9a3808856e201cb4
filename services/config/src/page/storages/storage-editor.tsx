import { useCallback, useMemo, useRef, useState } from 'react'
import { type Loaded, withoutStatus } from '../api/client.ts'
import type { FieldError, Plain, SettingsType, Storage } from '../api/types.ts'
import { useRoute } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import type { Version } from '../document/use-draft.ts'
import { useEditor } from '../document/use-editor.tsx'
import { errorWords } from '../forms/error-words.ts'
import { FormProvider } from '../forms/form-context.tsx'
import { defaultsOf, fieldsOf } from '../forms/model.ts'
import { ChoiceField, SwitchField, TextField } from '../forms/plain-fields.tsx'
import { parsePointer } from '../forms/pointer.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import { Section } from '../forms/section.tsx'
import { Page } from '../frame/page.tsx'
import { fieldTexts } from '../i18n/catalog.ts'
import type { TextKey } from '../i18n/en.ts'
import { useLanguage, useText } from '../i18n/i18n.tsx'
import { takesGoogleKey } from '../parts/credentials-file.ts'
import { GoogleKeyDrop } from '../parts/google-credentials.tsx'
import { StateBadge } from '../tenants/state-badge.tsx'
import { DeleteStorageDialog } from './delete-storage-dialog.tsx'
import { PurgeDelayField } from './purge-delay-field.tsx'
import { TryStorage } from './try-storage.tsx'

const places: Readonly<Record<string, TextKey>> = {
  '/name': 'storages.name',
  '/purgeDelay': 'storages.purge',
  '/isDefault': 'storage.isDefault',
  '/type': 'storages.type',
}

export function StorageEditor({ types, stored }: { types: readonly SettingsType[]; stored?: Loaded<Storage> }) {
  const t = useText()
  const { catalog } = useLanguage()
  const { go } = useRoute()
  const [isDeleting, setDeleting] = useState(false)
  const storage = stored?.data
  const [fresh] = useState<Plain>(() => newStorage(types.length === 1 ? types[0] : undefined))
  const version = useMemo<Version<Plain>>(
    () => (stored === undefined ? { document: fresh, etag: undefined } : { document: withoutStatus(stored.data), etag: stored.etag }),
    [stored, fresh],
  )
  const chosen = useRef<SettingsType | undefined>(undefined)
  const fieldAt = useCallback(
    (pointer: string) => {
      const [first, name = ''] = parsePointer(pointer)
      return first === 'settings' ? { name, texts: fieldTexts(catalog, `storage.${chosen.current?.id}`, name) } : undefined
    },
    [catalog],
  )
  const { draft, isLocked, buttons, notices, dialogs } = useEditor<Storage>({
    key: `storages/${storage?.id ?? 'new'}`,
    collection: 'storages',
    path: storage === undefined ? '/storages' : `/storages/${storage.id}`,
    isStored: storage !== undefined,
    latest: version,
    documentOf: withoutStatus,
    words: useCallback(({ pointer, detail }: FieldError) => errorWords(t, detail, fieldAt(pointer)?.texts.hint), [t, fieldAt]),
    labelOf(pointer) {
      const field = fieldAt(pointer)
      const key = places[pointer]
      if (field === undefined) return key === undefined ? pointer : t(key)
      return field.texts.label ?? chosen.current?.settings.properties?.[field.name]?.title ?? field.name
    },
    isSecret: useCallback(
      (pointer: string) => fieldsOf(chosen.current?.settings ?? {}).some(({ isSecret, name }) => isSecret && pointer === `/settings/${name}`),
      [],
    ),
    onSaved({ data }) {
      if (storage === undefined) go(`/storages/${data.id}`, { replace: true, force: true })
    },
    saved: { title: t('storage.saved'), text: t('storage.savedText') },
  })
  const type = types.find(({ id }) => id === draft.document.type)
  chosen.current = type

  return (
    <Page
      title={storage?.name ?? t('storage.new')}
      above={
        <Link to="/storages" className="back-link">
          <Icon name="back" small />
          {t('storage.all')}
        </Link>
      }
      state={storage && storage.status.status !== 'unknown' && <StateBadge state={storage.status.status} />}
      actions={
        <>
          {storage && (
            <Button icon="trash" onClick={() => setDeleting(true)}>
              {t('storage.delete')}
            </Button>
          )}
          {buttons}
        </>
      }
    >
      {notices}
      <FormProvider form={draft.form}>
        <Section title={t('tenant.tab.general')} text={t('storage.text')} inert={isLocked}>
          <div className="fields">
            {storage === undefined ? (
              <ChoiceField
                label={t('storages.type')}
                pointer="/type"
                choices={types.map(({ id, label }) => ({ value: id, label }))}
                {...(type === undefined ? { empty: t('form.choose') } : {})}
                choose={next =>
                  draft.change({ ...draft.document, type: next ?? '', settings: defaultsOf(types.find(({ id }) => id === next)?.settings ?? {}) })
                }
              />
            ) : (
              <div className="field">
                <span className="field-label">{t('storages.type')}</span>
                <span>{type?.label ?? storage.type}</span>
              </div>
            )}
            <TextField label={t('storages.name')} pointer="/name" required empty="" />
            <SwitchField label={t('storage.isDefault')} pointer="/isDefault" help={t('storage.isDefaultHelp')} />
            <PurgeDelayField />
          </div>
        </Section>
        {type && (
          <Section title={type.label} text={t('tenant.settingsText', { platform: type.label })} inert={isLocked}>
            {takesGoogleKey(type.settings) && <GoogleKeyDrop schema={type.settings} root="/settings" />}
            <SchemaForm key={type.id} scope={`storage.${type.id}`} schema={type.settings} root="/settings" />
          </Section>
        )}
      </FormProvider>
      {storage && <TryStorage id={storage.id} isDirty={draft.isDirty} />}
      {dialogs}
      {isDeleting && storage && <DeleteStorageDialog storage={storage} etag={stored?.etag} onClose={() => setDeleting(false)} onDeleted={draft.discard} />}
    </Page>
  )
}

function newStorage(type: SettingsType | undefined): Plain {
  return { type: type?.id ?? '', name: '', isDefault: false, purgeDelay: 300, settings: type === undefined ? {} : defaultsOf(type.settings) }
}
