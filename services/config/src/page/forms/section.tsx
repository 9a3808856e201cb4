import type { ReactNode } from 'react'

interface SectionProps {
  title: string
  text?: ReactNode
  /** nothing in it can be used for the moment */
  inert?: boolean
  children: ReactNode
}

/** Fields that belong together, under a title of their own. */
export function Section({ title, text, inert = false, children }: SectionProps) {
  return (
    <section className="section" inert={inert}>
      <div className="section-head">
        <h2>{title}</h2>
        {text && <p className="soft">{text}</p>}
      </div>
      <div className="section-body">{children}</div>
    </section>
  )
}
