import { useEffect, useState } from 'react'
import { useApp } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { useText } from '../i18n/i18n.tsx'

/** Nobody leaves unsaved changes behind without meaning to. */
export function UnsavedGuard({ isDirty, onDiscard }: { isDirty: boolean; onDiscard(): void }) {
  const { router } = useApp()
  const t = useText()
  const [leave, setLeave] = useState<() => void>()
  useEffect(() => {
    if (!isDirty) return
    const stay = router.guard(go => {
      setLeave(() => go)
      return false
    })
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => {
      stay()
      removeEventListener('beforeunload', warn)
    }
  }, [isDirty, router])
  if (leave === undefined) return null
  return (
    <Dialog title={t('unsaved.title')} role="alertdialog" onClose={() => setLeave(undefined)}>
      <p>{t('unsaved.text')}</p>
      <DialogButtons>
        <Button
          look="danger"
          onClick={() => {
            onDiscard()
            leave()
          }}
        >
          {t('unsaved.leave')}
        </Button>
        <Button look="primary" onClick={() => setLeave(undefined)}>
          {t('unsaved.stay')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
