import { type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from '../controls/button.tsx'

/** A panel above the text box. It takes the focus when it opens; Escape closes it. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const body = useRef<HTMLDivElement>(null)
  useEffect(() => {
    body.current?.querySelector<HTMLElement>('button, input, select, textarea')?.focus()
  }, [])
  return (
    <section
      className="sheet"
      aria-label={title}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <header className="sheet-head">
        <h4>{title}</h4>
        <IconButton icon="cross" label={`Close ${title.toLowerCase()}`} onClick={onClose} />
      </header>
      <div className="sheet-body" ref={body}>
        {children}
      </div>
    </section>
  )
}
