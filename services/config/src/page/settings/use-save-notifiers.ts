import type { Loaded } from '../api/client.ts'
import type { FieldError, FleetSettings, Plain } from '../api/types.ts'
import { useSave } from '../document/use-save.ts'

export type NotifierDraft = Plain & { id?: string }
export type NotifiersOutcome = { is: 'saved' } | { is: 'wrong'; errors: readonly FieldError[] } | { is: 'failed'; error: unknown }

/**
 * Changes the list of notifiers in the settings, which are one document. When somebody else has saved the settings meanwhile, the same change is
 * made to theirs: it concerns one entry only.
 */
export function useSaveNotifiers(settings: Loaded<FleetSettings>): {
  isSaving: boolean
  saveNotifiers(change: (notifiers: readonly NotifierDraft[]) => NotifierDraft[]): Promise<NotifiersOutcome>
} {
  const { isSaving, save } = useSave<FleetSettings>({ collection: 'settings' })
  return {
    isSaving,
    async saveNotifiers(change) {
      let current = settings
      for (let attempt = 0; ; attempt += 1) {
        const notifiers = change(current.data.notifiers.map(notifier => ({ ...notifier })))
        const outcome = await save('/settings', { ...current.data, notifiers }, { isNew: false, etag: current.etag })
        if (outcome.is !== 'conflict') return outcome
        if (attempt >= 3) return { is: 'failed', error: new Error('the settings change faster than they can be saved') }
        current = outcome.theirs
      }
    },
  }
}
