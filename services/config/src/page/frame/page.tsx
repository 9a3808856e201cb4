import { type ReactNode, useEffect, useRef } from 'react'
import { useRoute } from '../app-context.tsx'

interface PageProps {
  title: string
  /** beside the title */
  state?: ReactNode
  actions?: ReactNode
  /** above the title: where one comes from */
  above?: ReactNode
  children: ReactNode
}

/** What is between the bars. Whoever comes here by the keyboard starts at its title. */
export function Page({ title, state, actions, above, children }: PageProps) {
  const { path } = useRoute()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Universal Messaging`
  }, [title])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each place
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
  }, [path])
  return (
    <main className="page" id="main">
      {above}
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {state}
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </main>
  )
}

/** The place of what is being loaded: as large as what will be there. */
export function Loading({ label, rows = 5 }: { label: string; rows?: number }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div className="loading-row" key={index} />
      ))}
    </div>
  )
}
