import { useRef, useState } from 'react'
import { useRoute } from '../app-context.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { useText } from '../i18n/i18n.tsx'
import { handOver, readTenantFile } from './handover.ts'

/** A tenant from a file opens as a new one, to be looked at before it is saved. */
export function ImportButton() {
  const t = useText()
  const { go } = useRoute()
  const input = useRef<HTMLInputElement>(null)
  const [unreadable, setUnreadable] = useState<string>()
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t('tenants.import')}
        onChange={async event => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file === undefined) return
          const document = readTenantFile(await file.text())
          if (document === undefined) return setUnreadable(file.name)
          handOver(document)
          go('/tenants/new')
        }}
      />
      <Button icon="upload" onClick={() => input.current?.click()}>
        {t('tenants.import')}
      </Button>
      {unreadable !== undefined && (
        <Dialog title={t('tenants.importFailed', { name: unreadable })} onClose={() => setUnreadable(undefined)}>
          <p>{t('tenants.importAdvice')}</p>
          <DialogButtons>
            <Button look="primary" onClick={() => setUnreadable(undefined)}>
              {t('common.close')}
            </Button>
          </DialogButtons>
        </Dialog>
      )}
    </>
  )
}
