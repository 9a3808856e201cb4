import type { ReactNode } from 'react'

/** What may be larger than its place: it scrolls, for the keyboard too. */
export function Scrolling({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
