import type { ReactNode } from 'react'

/** Fields that belong together, under a title of their own. */
export function Section({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {text && <p className="soft">{text}</p>}
      </div>
      <div className="section-body">{children}</div>
    </section>
  )
}
