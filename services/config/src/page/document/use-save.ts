import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Loaded } from '../api/client.ts'
import { Refused } from '../api/problems.ts'
import type { FieldError } from '../api/types.ts'
import { useApi } from '../app-context.tsx'

export type SaveOutcome<T> =
  | { is: 'saved'; loaded: Loaded<T> }
  | { is: 'wrong'; errors: readonly FieldError[] }
  | { is: 'conflict'; theirs: Loaded<T> }
  | { is: 'failed'; error: unknown }

/** Saves a document. `path`: of the document itself, or of its collection when it is new (without `etag`). */
export function useSave<T>(options: { collection: string }): {
  isSaving: boolean
  save(path: string, body: unknown, how: { isNew: boolean; etag: string | undefined }): Promise<SaveOutcome<T>>
} {
  const api = useApi()
  const client = useQueryClient()
  const [isSaving, setSaving] = useState(false)
  const { collection } = options
  const save = useCallback(
    async (path: string, body: unknown, { isNew, etag }: { isNew: boolean; etag: string | undefined }): Promise<SaveOutcome<T>> => {
      setSaving(true)
      try {
        const loaded = await api.call<T>(isNew ? 'POST' : 'PUT', path, { body, ifMatch: etag })
        void client.invalidateQueries({ queryKey: [collection] })
        return { is: 'saved', loaded }
      } catch (error) {
        if (error instanceof Refused && error.status === 412)
          return await api.call<T>('GET', path).then(
            theirs => ({ is: 'conflict', theirs }) as const,
            failure => ({ is: 'failed', error: failure }) as const,
          )
        if (error instanceof Refused && error.errors.length > 0) return { is: 'wrong', errors: error.errors }
        return { is: 'failed', error }
      } finally {
        setSaving(false)
      }
    },
    [api, client, collection],
  )
  return { isSaving, save }
}
