import { Badge } from '../controls/badge.tsx'
import { ExternalLink } from '../controls/link.tsx'
import { useText } from '../i18n/i18n.tsx'
import type { PartProps } from './registry.tsx'
import { CopyLine } from './webhook-address.tsx'

/** Where customers let the app into their workspaces; the tenant's id is what they are asked for. */
export function SlackRegistration({ platform, tenant, status }: PartProps) {
  const t = useText()
  if (!platform?.webhookUrl) return null
  if (tenant === undefined) return <p className="soft">{t('part.saveFirst')}</p>
  const workspaces = status?.facts.workspaces ?? status?.facts.workspaceName
  return (
    <div className="part">
      <h3>{t('part.slackRegistration')}</h3>
      <p className="soft">{t('part.slackRegistrationText')}</p>
      <CopyLine label={t('part.registrationPage')} text={`${platform.webhookUrl}/register`} />
      <CopyLine label={t('part.customerId')} text={tenant.id} />
      {workspaces === undefined ? <Badge tone="idle">{t('part.noWorkspace')}</Badge> : <Badge tone="good">{t('part.workspaces', { names: workspaces })}</Badge>}
    </div>
  )
}

/** The owner of the Official Account follows the link once; the tokens then come by themselves. */
export function ZaloAuthorization({ platform, tenant, status }: PartProps) {
  const t = useText()
  if (!platform?.webhookUrl) return null
  if (tenant === undefined) return <p className="soft">{t('part.saveFirst')}</p>
  const link = `${platform.webhookUrl}/authorize/${tenant.id}`
  return (
    <div className="part">
      <h3>{t('part.zaloAuthorization')}</h3>
      <p className="soft">{t('part.zaloAuthorizationText')}</p>
      <CopyLine label={t('part.authorizeLink')} text={link} />
      <div className="part-row">
        <ExternalLink href={link}>{t('part.authorizeNow')}</ExternalLink>
        {status?.status === 'working' ? <Badge tone="good">{t('part.authorized')}</Badge> : <Badge tone="warn">{t('part.notAuthorized')}</Badge>}
      </div>
    </div>
  )
}
