import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'

/** A modal dialog; the browser keeps the focus inside and gives it back. Mounted means open. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onClose={onClose}>
      <header className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <IconButton icon="cross" label="Close" onClick={onClose} />
      </header>
      {children}
    </dialog>
  )
}
