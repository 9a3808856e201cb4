import { type ReactNode, useState } from 'react'
import type { Loaded } from '../api/client.ts'
import type { FieldError, Plain } from '../api/types.ts'
import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { combined } from '../forms/difference.ts'
import { useText } from '../i18n/i18n.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { ProblemNotice } from './problem-notice.tsx'
import { showFirstError } from './show-first-error.ts'
import { UnsavedGuard } from './unsaved-guard.tsx'
import { type Draft, useDraft, type Version } from './use-draft.ts'
import { useSave } from './use-save.ts'

interface EditorOptions<T> {
  /** of the document, for what is kept over a reload */
  key: string
  /** of the list that it belongs to: asked again after a save */
  collection: string
  /** of the document itself; of its collection while it is new */
  path: string
  isStored: boolean
  latest: Version<Plain>
  given?: Plain | undefined
  /** what is edited, of what the API answers */
  documentOf(answer: T): Plain
  /** what is sent, of what is edited */
  bodyOf?(document: Plain): Plain
  words(error: FieldError): string
  labelOf(pointer: string): string
  isSecret(pointer: string): boolean
  onWrong?(errors: readonly FieldError[]): void
  onSaved?(loaded: Loaded<T>): void
  saved: { title: string; text: string }
}
export interface Editor {
  draft: Draft<Plain>
  /** a new document is being saved: its form is replaced by that of the stored one, so nothing may be typed into it */
  isLocked: boolean
  /** discard and save */
  buttons: ReactNode
  /** how the last save ended, and what else has to be said above the form */
  notices: ReactNode
  /** what is asked when somebody leaves, or has saved meanwhile */
  dialogs: ReactNode
}

/** Everything around a form that edits one document of the API. */
export function useEditor<T>(options: EditorOptions<T>): Editor {
  const { path, isStored, documentOf, bodyOf = same } = options
  const t = useText()
  const draft = useDraft<Plain>(options)
  const { isSaving, save } = useSave<T>({ collection: options.collection })
  const [failure, setFailure] = useState<unknown>()
  const [theirs, setTheirs] = useState<Loaded<T>>()
  const [isSaved, setSaved] = useState(false)
  const versionOf = (loaded: Loaded<T>): Version<Plain> => ({ document: documentOf(loaded.data), etag: loaded.etag })

  async function submit(etag: string | undefined): Promise<void> {
    setFailure(undefined)
    setSaved(false)
    const sent = draft.document
    const outcome = await save(path, bodyOf(sent), { isNew: !isStored, etag })
    switch (outcome.is) {
      case 'failed':
        return setFailure(outcome.error)
      case 'conflict':
        return setTheirs(outcome.theirs)
      case 'wrong':
        draft.setErrors(outcome.errors)
        options.onWrong?.(outcome.errors)
        return showFirstError()
      case 'saved':
        draft.settle(versionOf(outcome.loaded), sent)
        setSaved(true)
        options.onSaved?.(outcome.loaded)
    }
  }
  const saveNow = () => void submit(draft.base.etag)

  return {
    draft,
    isLocked: isSaving && !isStored,
    buttons: (
      <>
        <Button disabled={!draft.isDirty || isSaving} onClick={draft.discard}>
          {t('common.discard')}
        </Button>
        <Button look="primary" busy={isSaving} disabled={!draft.isDirty && isStored} onClick={saveNow}>
          {t('common.save')}
        </Button>
      </>
    ),
    notices: (
      <div className="notices">
        {failure !== undefined && <ProblemNotice error={failure} onRetry={saveNow} />}
        {draft.isRestored && (
          <Notice tone="info" title={t('draft.restored')}>
            <p>{t('draft.restoredText')}</p>
          </Notice>
        )}
        {draft.errors.length > 0 && (
          <Notice tone="bad" title={t('wrong.count', { count: new Set(draft.errors.map(({ pointer }) => pointer)).size })} alert>
            <p>{t('wrong.countText')}</p>
          </Notice>
        )}
        {isSaved && !draft.isDirty && (
          <Notice tone="good" title={options.saved.title} alert>
            <p>{options.saved.text}</p>
          </Notice>
        )}
      </div>
    ),
    dialogs: (
      <>
        <UnsavedGuard isDirty={draft.isDirty} onDiscard={draft.discard} />
        {theirs && (
          <ConflictDialog
            base={draft.base.document}
            ours={draft.document}
            theirs={documentOf(theirs.data)}
            labelOf={options.labelOf}
            isSecret={options.isSecret}
            onClose={() => setTheirs(undefined)}
            onReload={() => {
              draft.rebase(versionOf(theirs))
              setTheirs(undefined)
            }}
            onCombine={() => {
              const version = versionOf(theirs)
              draft.rebase(version, combined(draft.base.document, draft.document, version.document))
              setTheirs(undefined)
            }}
            onOverwrite={() => {
              setTheirs(undefined)
              void submit(theirs.etag)
            }}
          />
        )}
      </>
    ),
  }
}

function same(document: Plain): Plain {
  return document
}
