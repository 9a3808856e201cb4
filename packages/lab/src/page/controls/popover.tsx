import { type ReactNode, useEffect, useRef } from 'react'

/**
 * A panel that its own button opens. Escape closes it and gives the focus back to the button; so does a click or a focus elsewhere, without taking the focus.
 * Put it and its button (`trigger`) into one `popover-anchor`.
 */
export function Popover({
  open,
  onClose,
  trigger,
  label,
  side = 'below',
  align = 'start',
  children,
}: {
  open: boolean
  onClose: () => void
  trigger: ReactNode
  label: string
  side?: 'below' | 'above'
  align?: 'start' | 'end'
  children: ReactNode
}) {
  const anchor = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && anchor.current?.contains(event.target) !== true) onClose()
    }
    document.addEventListener('pointerdown', elsewhere)
    document.addEventListener('focusin', elsewhere)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('focusin', elsewhere)
    }
  }, [open, onClose])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is heard for the whole panel; each control inside is reachable by itself
    <div
      className="popover-anchor"
      ref={anchor}
      onKeyDown={event => {
        if (!open || event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
        anchor.current?.querySelector('button')?.focus()
      }}
    >
      {trigger}
      {open && (
        <section className={`popover popover-${side} popover-${align}`} aria-label={label}>
          {children}
        </section>
      )}
    </div>
  )
}
