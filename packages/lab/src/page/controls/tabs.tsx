import type { KeyboardEvent, ReactNode } from 'react'

export interface Tab<K extends string> {
  key: K
  title: ReactNode
}

/** Arrow keys move between tabs, as the ARIA pattern asks. The panel has the id `<idPrefix>-panel-<key>`, or `panels` of its own choice. */
export function Tabs<K extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  idPrefix,
  className,
}: {
  label: string
  tabs: readonly Tab<K>[]
  chosen: K
  onChoose: (key: K) => void
  idPrefix: string
  className: string
}) {
  function move(event: KeyboardEvent<HTMLDivElement>): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const index = tabs.findIndex(tab => tab.key === chosen)
    const next = tabs[(index + step + tabs.length) % tabs.length]
    if (next === undefined) return
    onChoose(next.key)
    document.getElementById(`${idPrefix}-tab-${next.key}`)?.focus()
  }
  return (
    <div role="tablist" aria-label={label} className={className} onKeyDown={move}>
      {tabs.map(tab => (
        <button
          type="button"
          role="tab"
          key={tab.key}
          id={`${idPrefix}-tab-${tab.key}`}
          aria-selected={tab.key === chosen}
          aria-controls={`${idPrefix}-panel-${tab.key}`}
          tabIndex={tab.key === chosen ? 0 : -1}
          className="tab"
          onClick={() => onChoose(tab.key)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  )
}
