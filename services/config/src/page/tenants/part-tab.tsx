import type { Catalog } from '../api/queries.ts'
import type { Storage, Tenant } from '../api/types.ts'
import { Link } from '../controls/link.tsx'
import { Notice } from '../controls/notice.tsx'
import { useField, useForm } from '../forms/form-context.tsx'
import { ChoiceField, SwitchField } from '../forms/plain-fields.tsx'
import { isRecord, valueAt } from '../forms/pointer.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import { Section } from '../forms/section.tsx'
import { useText } from '../i18n/i18n.tsx'
import { partsFor } from '../parts/registry.tsx'
import { FlowNotice } from './flow-note.tsx'
import { partWith, platformOf, platformsOf } from './tenant-document.ts'
import { TryCredentials } from './try-credentials.tsx'

interface PartTabProps {
  part: 'messaging' | 'cxPlatform'
  catalog: Catalog
  storages: readonly Storage[]
  tenant: Tenant | undefined
}

/** A platform and its settings, with the parts that this platform has besides a form. */
export function PartTab({ part, catalog, storages, tenant }: PartTabProps) {
  const t = useText()
  const form = useForm()
  const { value: type } = useField<string>(`/${part}/type`)
  const platform = platformOf(catalog, part, type)
  const isStored = tenant?.[part].type === type
  const status = isStored ? tenant?.status[part] : undefined
  const byDefault = storages.find(({ isDefault }) => isDefault)

  const choose = (next: string | undefined) => {
    const before = valueAt(form.document, `/${part}`)
    const stored = valueAt(form.stored, `/${part}`)
    // back to what is stored: with what is stored
    if (isRecord(stored) && stored.type === next) return form.set(`/${part}`, stored)
    const { type: _type, settings, ...common } = partWith(part, platformOf(catalog, part, next))
    form.set(`/${part}`, { ...common, ...(isRecord(before) ? before : {}), type: next ?? '', settings })
  }
  const parts = platform === undefined ? undefined : partsFor(platform.id)
  const place = { root: `/${part}/settings`, platform, tenant: isStored ? tenant : undefined, status }
  return (
    <>
      <Section title={t(`tenant.tab.${part}`)} text={t(part === 'messaging' ? 'tenant.messagingText' : 'tenant.cxText')}>
        <div className="fields">
          <ChoiceField
            label={t('tenant.platform')}
            pointer={`/${part}/type`}
            choices={platformsOf(catalog, part).map(({ id, label }) => ({ value: id, label }))}
            choose={choose}
            {...(platform === undefined ? { empty: t('form.choose') } : {})}
          />
          {status?.lastError && (
            <Notice tone="bad" title={t('tenant.lastError')}>
              <p>{status.lastError}</p>
            </Notice>
          )}
          {status && tenant?.enabled && <FlowNotice flow={status.flow} />}
          <ChoiceField
            label={t('tenant.storage')}
            pointer={`/${part}/storageId`}
            help={t('tenant.storageHelp')}
            choices={storages.map(({ id, name }) => ({ value: id, label: name }))}
            empty={byDefault === undefined ? t('tenant.noDefaultStorage') : t('tenant.defaultStorage', { name: byDefault.name })}
          />
          {storages.length === 0 && (
            <p className="soft">
              {t('tenant.noStorage')} <Link to="/storages/new">{t('storages.add')}</Link>
            </p>
          )}
        </div>
      </Section>
      {platform && (
        <Section title={platform.label} text={t('tenant.settingsText', { platform: platform.label })}>
          {parts?.before?.map(Part => (
            <Part key={Part.name} {...place} />
          ))}
          <SchemaForm
            key={platform.id}
            scope={platform.id}
            schema={platform.settings}
            root={place.root}
            after={field => parts?.after?.[field]?.map(Part => <Part key={Part.name} {...place} />)}
          />
          <TryCredentials key={`${platform.id} try`} part={part} tenantId={tenant?.id} />
          {parts?.end?.map(Part => (
            <Part key={Part.name} {...place} />
          ))}
        </Section>
      )}
      {part === 'messaging' && (
        <Section title={t('tenant.options')}>
          <div className="fields">
            <SwitchField label={t('tenant.showSystemMessages')} pointer="/messaging/showSystemMessages" help={t('tenant.showSystemMessagesHelp')} />
            <SwitchField label={t('tenant.prefixAgentName')} pointer="/messaging/prefixAgentName" help={t('tenant.prefixAgentNameHelp')} />
          </div>
        </Section>
      )}
    </>
  )
}
