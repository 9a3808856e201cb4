import { useEffect, useRef } from 'react'
import { Icon } from '../controls/icon.tsx'

export type Whose = 'guest' | 'all'

const choices: { whose: Whose; title: string }[] = [
  { whose: 'guest', title: 'This guest' },
  { whose: 'all', title: 'All' },
]

export function JourneyFilter({
  whose,
  onWhose,
  query,
  onQuery,
}: {
  whose: Whose
  onWhose: (whose: Whose) => void
  query: string
  onQuery: (query: string) => void
}) {
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      search.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])
  return (
    <div className="journey-filter">
      <fieldset className="segmented" aria-label="Whose messages">
        {choices.map(choice => (
          <button key={choice.whose} type="button" aria-pressed={choice.whose === whose} onClick={() => onWhose(choice.whose)}>
            {choice.title}
          </button>
        ))}
      </fieldset>
      <label className="search">
        <Icon name="search" small />
        <span className="visually-hidden">Search journeys</span>
        <input
          ref={search}
          type="search"
          placeholder="Search"
          value={query}
          onChange={event => onQuery(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') onQuery('')
          }}
        />
        <span className="search-key" aria-hidden="true">
          /
        </span>
      </label>
    </div>
  )
}
