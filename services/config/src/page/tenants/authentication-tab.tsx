import { Notice } from '../controls/notice.tsx'
import { useField, useForm } from '../forms/form-context.tsx'
import { ChoiceField, SecretField, TextField } from '../forms/plain-fields.tsx'
import { Section } from '../forms/section.tsx'
import { useText } from '../i18n/i18n.tsx'

export function AuthenticationTab() {
  const t = useText()
  const form = useForm()
  const { value: type, stored } = useField<string>('/authentication/type')
  return (
    <Section title={t('tenant.tab.authentication')} text={t('tenant.authenticationText')}>
      <div className="fields">
        <ChoiceField
          label={t('tenant.authenticationType')}
          pointer="/authentication/type"
          choices={[
            { value: 'basic', label: t('tenant.basic') },
            { value: 'none', label: t('tenant.noAuthentication') },
          ]}
          choose={next =>
            form.set(
              '/authentication',
              next === 'none' ? { type: 'none' } : stored === 'basic' ? storedAuthentication(form.stored) : { type: 'basic', username: '' },
            )
          }
        />
        {type === 'basic' ? (
          <>
            <TextField label={t('tenant.username')} pointer="/authentication/username" required empty="" />
            <SecretField label={t('tenant.password')} pointer="/authentication/password" />
          </>
        ) : (
          <Notice tone="warn" title={t('tenant.noAuthenticationTitle')}>
            <p>{t('tenant.noAuthenticationText')}</p>
          </Notice>
        )}
      </div>
    </Section>
  )
}

function storedAuthentication(stored: unknown): unknown {
  return (stored as { authentication?: unknown }).authentication
}
