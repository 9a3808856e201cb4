import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useStorages, useTenants } from '../api/queries.ts'
import type { Storage } from '../api/types.ts'
import { useApi, useRoute } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { Link } from '../controls/link.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { useText } from '../i18n/i18n.tsx'

interface DeleteStorageDialogProps {
  storage: Storage
  etag: string | undefined
  onClose(): void
  onDeleted(): void
}

/** A storage that tenants use stays: they are named, so that they can be led elsewhere first. */
export function DeleteStorageDialog({ storage, etag, onClose, onDeleted }: DeleteStorageDialogProps) {
  const t = useText()
  const api = useApi()
  const client = useQueryClient()
  const { go } = useRoute()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const tenants = useTenants()
  const storages = useStorages()
  const uses = (storageId: string | null) => storageId === storage.id || (storageId === null && storage.isDefault)
  const usedBy = (tenants.data ?? []).filter(tenant => uses(tenant.messaging.storageId) || uses(tenant.cxPlatform.storageId))
  const isNeededDefault = storage.isDefault && (storages.data?.length ?? 0) > 1

  async function remove(): Promise<void> {
    setBusy(true)
    try {
      await api.call('DELETE', `/storages/${storage.id}`, { ifMatch: etag })
      onDeleted()
      client.removeQueries({ queryKey: ['storages', storage.id] })
      void client.invalidateQueries({ queryKey: ['storages'] })
      go('/storages', { replace: true, force: true })
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('delete.title', { name: storage.name })} role="alertdialog" onClose={onClose}>
      {error !== undefined && <ProblemNotice error={error} />}
      {usedBy.length > 0 ? (
        <Notice tone="warn" title={t('storage.used')}>
          <ul className="bullets">
            {usedBy.slice(0, 10).map(tenant => (
              <li key={tenant.id}>
                <Link to={`/tenants/${tenant.id}`} onClick={onClose}>
                  {tenant.name}
                </Link>
              </li>
            ))}
          </ul>
          <p>{t('storage.usedAdvice')}</p>
        </Notice>
      ) : isNeededDefault ? (
        <Notice tone="warn" title={t('storage.neededDefault')}>
          <p>{t('storage.neededDefaultAdvice')}</p>
        </Notice>
      ) : (
        <p>{t('storage.deleteText')}</p>
      )}
      <DialogButtons>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" icon="trash" busy={isBusy} disabled={usedBy.length > 0 || isNeededDefault} onClick={() => void remove()}>
          {t('storage.delete')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
