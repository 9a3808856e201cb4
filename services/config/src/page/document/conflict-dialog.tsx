import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { Scrolling } from '../controls/scrolling.tsx'
import { differences } from '../forms/difference.ts'
import { valueAt } from '../forms/pointer.ts'
import { isStoredSecret } from '../forms/secrets.ts'
import { useText } from '../i18n/i18n.tsx'

interface ConflictDialogProps {
  base: unknown
  ours: unknown
  theirs: unknown
  labelOf(pointer: string): string
  isSecret(pointer: string): boolean
  onReload(): void
  onCombine(): void
  onOverwrite(): void
  onClose(): void
}

/** Somebody else has saved it meanwhile: what they changed, beside what was changed here, and what can be done now. */
export function ConflictDialog({ base, ours, theirs, labelOf, isSecret, onReload, onCombine, onOverwrite, onClose }: ConflictDialogProps) {
  const t = useText()
  const shown = (document: unknown, pointer: string): string => {
    const value = valueAt(document, pointer)
    if (value === undefined || value === null || value === '') return '–'
    if (isSecret(pointer) || isStoredSecret(value)) return t('form.secretStored')
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
  }
  const changed = differences(base, theirs)
  return (
    <Dialog title={t('conflict.title')} wide onClose={onClose}>
      <p>{t('conflict.text')}</p>
      {changed.length === 0 ? (
        <p>{t('conflict.secretsOnly')}</p>
      ) : (
        <Scrolling className="table-box" label={t('conflict.table')}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('conflict.field')}</th>
                <th scope="col">{t('conflict.before')}</th>
                <th scope="col">{t('conflict.theirs')}</th>
                <th scope="col">{t('conflict.yours')}</th>
              </tr>
            </thead>
            <tbody>
              {changed.map(pointer => (
                <tr key={pointer}>
                  <th scope="row">{labelOf(pointer)}</th>
                  <td>{shown(base, pointer)}</td>
                  <td>{shown(theirs, pointer)}</td>
                  <td>{shown(ours, pointer)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
      <p className="soft">{t('conflict.advice')}</p>
      <DialogButtons>
        <Button onClick={onReload}>{t('conflict.reload')}</Button>
        <Button look="danger" onClick={onOverwrite}>
          {t('conflict.overwrite')}
        </Button>
        <Button look="primary" onClick={onCombine}>
          {t('conflict.combine')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
