import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Catalog } from '../api/queries.ts'
import type { Tenant } from '../api/types.ts'
import { useApi, useRoute } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { useText } from '../i18n/i18n.tsx'
import { platformOf } from './tenant-document.ts'

interface DeleteDialogProps {
  tenant: Tenant
  etag: string | undefined
  catalog: Catalog
  onClose(): void
  onDeleted(): void
}

export function DeleteDialog({ tenant, etag, catalog, onClose, onDeleted }: DeleteDialogProps) {
  const t = useText()
  const api = useApi()
  const client = useQueryClient()
  const { go } = useRoute()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const messaging = platformOf(catalog, 'messaging', tenant.messaging.type)?.label ?? tenant.messaging.type
  const cx = platformOf(catalog, 'cxPlatform', tenant.cxPlatform.type)?.label ?? tenant.cxPlatform.type

  async function remove(): Promise<void> {
    setBusy(true)
    try {
      await api.call('DELETE', `/tenants/${tenant.id}`, { ifMatch: etag })
      onDeleted()
      client.removeQueries({ queryKey: ['tenants', tenant.id] })
      void client.invalidateQueries({ queryKey: ['tenants'] })
      go('/tenants', { replace: true, force: true })
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('delete.title', { name: tenant.name })} role="alertdialog" onClose={onClose}>
      {error !== undefined && <ProblemNotice error={error} />}
      <p>{t('delete.text')}</p>
      <ul className="bullets">
        <li>{t('delete.webhook', { platform: messaging })}</li>
        <li>{t('delete.integration', { platform: cx })}</li>
        {tenant.authentication.type === 'basic' && <li>{t('delete.ivr', { user: tenant.authentication.username })}</li>}
        <li>{t('delete.settings')}</li>
      </ul>
      <p className="soft">{t('delete.advice')}</p>
      <DialogButtons>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" icon="trash" busy={isBusy} onClick={() => void remove()}>
          {t('tenant.delete')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
