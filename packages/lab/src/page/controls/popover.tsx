import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'

/** Between the panel and its button, and the edges of the window. */
const gap = 4

/**
 * A panel that its own button (`trigger`) opens, next to it and inside the window, over whatever scrolls. Escape closes it and gives the focus back to
 * the button; so does a click, a focus or scrolling elsewhere, without taking the focus.
 */
export function Popover({
  open,
  onClose,
  trigger,
  label,
  children,
}: {
  open: boolean
  onClose: () => void
  trigger: ReactNode
  label: string
  children: ReactNode
}) {
  const anchor = useRef<HTMLDivElement>(null)
  const panel = useRef<HTMLElement>(null)

  useLayoutEffect(() => {
    if (open && anchor.current !== null && panel.current !== null) place(panel.current, anchor.current.getBoundingClientRect())
  }, [open])

  useEffect(() => {
    if (!open) return
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && anchor.current?.contains(event.target) !== true) onClose()
    }
    document.addEventListener('pointerdown', elsewhere)
    document.addEventListener('focusin', elsewhere)
    document.addEventListener('scroll', elsewhere, true)
    window.addEventListener('resize', onClose)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('focusin', elsewhere)
      document.removeEventListener('scroll', elsewhere, true)
      window.removeEventListener('resize', onClose)
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
        <section className="popover" ref={panel} aria-label={label}>
          {children}
        </section>
      )}
    </div>
  )
}

/** Below the button if there is room, else above; never beyond the window's sides. */
function place(panel: HTMLElement, button: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = panel
  const below = button.bottom + gap
  const fits = below + height + gap <= window.innerHeight
  panel.style.top = `${fits ? below : Math.max(gap, button.top - gap - height)}px`
  panel.style.left = `${Math.max(gap, Math.min(button.left, window.innerWidth - width - gap))}px`
}
