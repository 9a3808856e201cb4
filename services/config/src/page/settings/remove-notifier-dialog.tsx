import { useState } from 'react'
import type { Loaded } from '../api/client.ts'
import type { FleetSettings, Notifier } from '../api/types.ts'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { useText } from '../i18n/i18n.tsx'
import { useSaveNotifiers } from './use-save-notifiers.ts'

export function RemoveNotifierDialog({
  notifier,
  label,
  settings,
  onClose,
}: {
  notifier: Notifier
  label: string
  settings: Loaded<FleetSettings>
  onClose(): void
}) {
  const t = useText()
  const [failure, setFailure] = useState<unknown>()
  const { isSaving, saveNotifiers } = useSaveNotifiers(settings)

  async function remove(): Promise<void> {
    const outcome = await saveNotifiers(all => all.filter(({ id }) => id !== notifier.id))
    if (outcome.is === 'saved') return onClose()
    setFailure(outcome.is === 'failed' ? outcome.error : new Error('the other destinations are not valid'))
  }
  return (
    <Dialog title={t('notifiers.removeTitle', { name: label })} role="alertdialog" onClose={onClose}>
      {failure !== undefined && <ProblemNotice error={failure} />}
      <p>{t('notifiers.removeText', { topic: t(`topic.${notifier.topic}`) })}</p>
      <DialogButtons>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" icon="trash" busy={isSaving} onClick={() => void remove()}>
          {t('form.remove')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
