import { type ReactNode, useCallback, useMemo } from 'react'
import type { Loaded } from '../api/client.ts'
import type { Catalog } from '../api/queries.ts'
import type { FieldError, FleetSettings, Plain } from '../api/types.ts'
import { Button } from '../controls/button.tsx'
import type { Version } from '../document/use-draft.ts'
import { useEditor } from '../document/use-editor.tsx'
import { errorWords } from '../forms/error-words.ts'
import { FormProvider, useForm } from '../forms/form-context.tsx'
import { defaultsOf } from '../forms/model.ts'
import { TextField } from '../forms/plain-fields.tsx'
import { parsePointer, valueAt } from '../forms/pointer.ts'
import { Section } from '../forms/section.tsx'
import { fieldTexts } from '../i18n/catalog.ts'
import type { TextKey } from '../i18n/en.ts'
import { useLanguage, useText } from '../i18n/i18n.tsx'
import { CommanderForm } from '../parts/commander-form.tsx'

export function ProxySettings({ settings }: { settings: Loaded<FleetSettings> }) {
  const t = useText()
  return (
    <SettingsEditor settings={settings} name="proxy">
      <Section title={t('settings.proxy')} text={t('settings.proxyText')}>
        <div className="fields">
          <TextField
            label={t('settings.proxyUrl')}
            pointer="/outboundProxy"
            help={t('settings.proxyHelp')}
            placeholder="http://proxy.acme.com:3128"
            empty={null}
          />
        </div>
      </Section>
    </SettingsEditor>
  )
}

export function CommanderSettings({ settings, catalog }: { settings: Loaded<FleetSettings>; catalog: Catalog }) {
  return (
    <SettingsEditor settings={settings} name="commander">
      <DefaultCommander catalog={catalog} />
    </SettingsEditor>
  )
}

function DefaultCommander({ catalog }: { catalog: Catalog }) {
  const t = useText()
  const form = useForm()
  const type = catalog.commanders[0]
  const isSet = Object.keys((valueAt(form.document, '/commander') ?? {}) as object).length > 0
  if (type === undefined) return null
  return (
    <Section title={t('settings.commander')} text={t('settings.commanderText')}>
      {isSet ? (
        <>
          <CommanderForm type={type} root="/commander" />
          <div className="part-row">
            <Button icon="trash" onClick={() => form.set('/commander', {})}>
              {t('settings.removeCommander')}
            </Button>
          </div>
        </>
      ) : (
        <div className="empty empty-small">
          <p>{t('settings.noCommander')}</p>
          <Button icon="plus" onClick={() => form.set('/commander', defaultsOf(type.settings))}>
            {t('settings.addCommander')}
          </Button>
        </div>
      )}
    </Section>
  )
}

const places: Readonly<Record<string, TextKey>> = {
  '/outboundProxy': 'settings.proxyUrl',
  '/commander': 'settings.commander',
  '/notifiers': 'settings.notifiers',
}

/** One part of the settings, which are stored as one document: what others have changed elsewhere in it does not get in the way. */
function SettingsEditor({ settings, name, children }: { settings: Loaded<FleetSettings>; name: 'proxy' | 'commander'; children: ReactNode }) {
  const t = useText()
  const { catalog } = useLanguage()
  const version = useMemo<Version<Plain>>(() => ({ document: { ...settings.data }, etag: settings.etag }), [settings])
  const textsAt = useCallback((pointer: string) => fieldTexts(catalog, 'commander', parsePointer(pointer)[1] ?? ''), [catalog])
  const { draft, buttons, notices, dialogs } = useEditor<FleetSettings>({
    key: `settings/${name}`,
    collection: 'settings',
    path: '/settings',
    isStored: true,
    latest: version,
    documentOf: answer => ({ ...answer }),
    words: useCallback(({ pointer, detail }: FieldError) => errorWords(t, detail, textsAt(pointer).hint), [t, textsAt]),
    labelOf: pointer => (places[pointer] === undefined ? (textsAt(pointer).label ?? pointer) : t(places[pointer])),
    isSecret: useCallback((pointer: string) => pointer === '/commander/privateKey', []),
    saved: { title: t('settings.saved'), text: t('settings.savedText') },
  })
  return (
    <>
      {notices}
      <FormProvider form={draft.form}>{children}</FormProvider>
      <div className="form-end">{buttons}</div>
      {dialogs}
    </>
  )
}
