import type { Tenant } from '../api/types.ts'
import { CopyButton } from '../controls/copy-button.tsx'
import { SwitchField, TextField } from '../forms/plain-fields.tsx'
import { Section } from '../forms/section.tsx'
import { useText } from '../i18n/i18n.tsx'

export function GeneralTab({ tenant }: { tenant: Tenant | undefined }) {
  const t = useText()
  return (
    <Section title={t('tenant.tab.general')} text={t('tenant.generalText')}>
      <div className="fields">
        <TextField label={t('tenant.name')} pointer="/name" help={t('tenant.nameHelp')} required empty="" />
        {tenant && (
          <div className="field">
            <span className="field-label">{t('tenant.id')}</span>
            <span className="copy-line">
              <code>{tenant.id}</code>
              <CopyButton text={tenant.id} label={t('tenant.id')} />
            </span>
          </div>
        )}
        <TextField
          label={t('tenant.subscription')}
          pointer="/subscriptionId"
          help={t('tenant.subscriptionHelp')}
          placeholder="f4de9900-c131-beef-dead-11654bcdc252"
          empty={null}
        />
        <SwitchField label={t('tenant.enabled')} pointer="/enabled" help={t('tenant.enabledHelp')} />
      </div>
    </Section>
  )
}
