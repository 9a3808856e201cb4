import type { Trouble } from '../api.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

/** Something did not work, told where it happened. */
export function TroubleNotice({ trouble, onDismiss }: { trouble: Trouble; onDismiss: () => void }) {
  return (
    <div className="notice notice-bad" role="alert">
      <Icon name="alert" small />
      <p>
        <strong>{trouble.title}.</strong> {trouble.detail}
      </p>
      <IconButton icon="cross" label="Dismiss" onClick={onDismiss} />
    </div>
  )
}
