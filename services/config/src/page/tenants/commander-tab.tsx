import type { Catalog } from '../api/queries.ts'
import { Link } from '../controls/link.tsx'
import { useField } from '../forms/form-context.tsx'
import { SwitchField, TextField } from '../forms/plain-fields.tsx'
import { Section } from '../forms/section.tsx'
import { useText } from '../i18n/i18n.tsx'
import { CommanderForm } from '../parts/commander-form.tsx'

export function CommanderTab({ catalog }: { catalog: Catalog }) {
  const t = useText()
  const { value: isUsed } = useField<boolean>('/commander/enabled')
  const { value: usesDefault } = useField<boolean>('/commander/useDefault')
  const type = catalog.commanders[0]
  return (
    <>
      <Section title={t('tenant.tab.commander')} text={t('tenant.commanderText')}>
        <div className="fields">
          <SwitchField label={t('tenant.useCommander')} pointer="/commander/enabled" help={t('tenant.useCommanderHelp')} />
          {isUsed && (
            <>
              <TextField label={t('tenant.commanderPrefix')} pointer="/commander/prefix" help={t('tenant.commanderPrefixHelp')} required empty="" />
              <SwitchField label={t('tenant.defaultCommander')} pointer="/commander/useDefault" help={t('tenant.defaultCommanderHelp')} />
              {usesDefault && (
                <p>
                  <Link to="/settings?section=commander">{t('tenant.toDefaultCommander')}</Link>
                </p>
              )}
            </>
          )}
        </div>
      </Section>
      {isUsed && !usesDefault && type && (
        <Section title={type.label} text={t('tenant.commanderOwnText')}>
          <CommanderForm type={type} root="/commander/settings" />
        </Section>
      )}
    </>
  )
}
