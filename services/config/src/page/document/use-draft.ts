import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { FieldError, Plain } from '../api/types.ts'
import { combined, differences } from '../forms/difference.ts'
import type { FormState } from '../forms/form-context.tsx'
import { valueAt, withValue } from '../forms/pointer.ts'
import { storedSecret } from '../forms/secrets.ts'
import { dropDraft, keepDraft, keptDraft } from './kept-drafts.ts'

export interface Version<T> {
  document: T
  etag: string | undefined
}
export interface Draft<T> {
  document: T
  /** what the edit began with */
  base: Version<T>
  form: FormState
  isDirty: boolean
  /** it is from before a reload */
  isRestored: boolean
  errors: readonly FieldError[]
  change(document: T): void
  setErrors(errors: readonly FieldError[]): void
  /** Goes on from another version; `document`: with these changes on top. */
  rebase(version: Version<T>, document?: T): void
  /** `sent` has been saved, and `version` is the answer: what was typed meanwhile is a change of that. */
  settle(version: Version<T>, sent: T): void
  discard(): void
}

interface Edit<T> {
  base: Version<T>
  document: T
  isRestored: boolean
}

/**
 * What is being edited. `latest`: as it is stored now; it replaces what was edited only while nothing has been changed. `isSecret`: places whose typed
 * values must not be kept over a reload.
 */
export function useDraft<T extends Plain>(options: {
  key: string
  latest: Version<T>
  /** what it is to be at first instead of `latest`, as a change */
  given?: T | undefined
  isStored: boolean
  words(error: FieldError): string
  isSecret(pointer: string): boolean
}): Draft<T> {
  const { key, latest, given, isStored, words, isSecret } = options
  const [edit, setEdit] = useState<Edit<T>>(() => (given === undefined ? restored(key, latest) : { base: latest, document: given, isRestored: false }))
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const changed = useMemo(() => differences(edit.base.document, edit.document), [edit])
  const isDirty = changed.length > 0

  const newest = useRef(latest)
  const heard = useRef(latest)
  useEffect(() => {
    // what had been heard before a save says nothing of what is stored after it
    if (heard.current === latest) return
    heard.current = latest
    newest.current = latest
    if (!isDirty) setEdit({ base: latest, document: latest.document, isRestored: false })
  }, [latest, isDirty])

  useEffect(() => {
    if (!isDirty) return dropDraft(sessionStorage, key)
    const kept = changed
      .filter(isSecret)
      .reduce((document, pointer) => withValue(document, pointer, safeSecret(valueAt(edit.base.document, pointer))), edit.document)
    keepDraft(sessionStorage, key, { draft: kept, base: edit.base.document, etag: edit.base.etag })
  }, [edit, isDirty, changed, key, isSecret])

  const change = useCallback((document: T) => setEdit(before => ({ ...before, document })), [])
  const set = useCallback((pointer: string, value: unknown) => {
    setEdit(before => ({ ...before, document: withValue(before.document, pointer, value === null ? null : value) }))
    // what is being corrected is not called wrong any more
    setErrors(before => (before.some(error => concerns(error.pointer, pointer)) ? before.filter(error => !concerns(error.pointer, pointer)) : before))
  }, [])
  const grouped = useMemo(() => Map.groupBy(errors, ({ pointer }) => pointer), [errors])
  const form = useMemo<FormState>(
    () => ({
      document: edit.document,
      stored: isStored ? edit.base.document : undefined,
      set,
      errorsAt: pointer => [...new Set((grouped.get(pointer) ?? []).map(words))],
      errorPointers: () => [...grouped.keys()],
      setErrors,
    }),
    [edit, isStored, set, grouped, words],
  )
  return {
    document: edit.document,
    base: edit.base,
    form,
    isDirty,
    isRestored: edit.isRestored && isDirty,
    errors,
    change,
    setErrors,
    rebase: useCallback((version: Version<T>, document?: T) => {
      newest.current = version
      setErrors([])
      setEdit({ base: version, document: document ?? version.document, isRestored: false })
    }, []),
    settle: useCallback(
      (version: Version<T>, sent: T) => {
        newest.current = version
        // at once: the editor may be gone before its effects run
        dropDraft(sessionStorage, key)
        setErrors([])
        setEdit(({ document }) => ({ base: version, document: afterSave(sent, document, version.document), isRestored: false }))
      },
      [key],
    ),
    discard: useCallback(() => {
      dropDraft(sessionStorage, key)
      setErrors([])
      setEdit({ base: newest.current, document: newest.current.document, isRestored: false })
    }, [key]),
  }
}

/** What is edited once `sent` has been answered: what is stored now, with what was typed while the save ran on top. */
export function afterSave<T>(sent: T, current: T, answered: T): T {
  return combined(sent, current, answered)
}

function restored<T extends Plain>(key: string, latest: Version<T>): Edit<T> {
  const kept = keptDraft<T>(sessionStorage, key)
  if (kept === undefined) return { base: latest, document: latest.document, isRestored: false }
  return { base: { document: kept.base, etag: kept.etag }, document: kept.draft, isRestored: true }
}

function safeSecret(value: unknown): unknown {
  return value === storedSecret ? storedSecret : undefined
}
function concerns(pointer: string, changed: string): boolean {
  return pointer === changed || pointer.startsWith(`${changed}/`)
}
