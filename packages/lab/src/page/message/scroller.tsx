import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '../controls/button.tsx'

/**
 * A timeline that stays at its end while one reads there, and stays put while one reads further up; then a button tells that there is more.
 * `items` changes when entries come, `own` says that the last one is one's own (then one wants to see it); `subject` changes when another timeline is shown.
 */
export function Scroller({ label, items, own, subject, children }: { label: string; items: unknown; own: boolean; subject: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const lastTop = useRef(0)
  const [hasNews, setHasNews] = useState(false)

  function toEnd(): void {
    box.current?.scrollTo({ top: box.current.scrollHeight })
    setHasNews(false)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: another subject begins at its end
  useLayoutEffect(() => {
    atEnd.current = true
    toEnd()
  }, [subject])

  // biome-ignore lint/correctness/useExhaustiveDependencies: new entries are what moves the end
  useLayoutEffect(() => {
    if (own) atEnd.current = true
    if (atEnd.current) toEnd()
    else setHasNews(true)
  }, [items])

  // The box itself may grow or shrink (an opening sheet, a picture of unknown size): the end stays in sight.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (atEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight })
    })
    if (box.current !== null) observer.observe(box.current)
    if (content.current !== null) observer.observe(content.current)
    return () => observer.disconnect()
  }, [])

  return (
    <div className="scroller">
      <section
        className="scroller-box"
        ref={box}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard
        tabIndex={0}
        onScroll={event => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
          // Only a person moves upwards; that the end is further away than before may be the growth of a picture.
          if (scrollHeight - scrollTop - clientHeight < 24) atEnd.current = true
          else if (scrollTop < lastTop.current) atEnd.current = false
          lastTop.current = scrollTop
          if (atEnd.current) setHasNews(false)
        }}
      >
        <div className="scroller-content" ref={content}>
          {children}
        </div>
      </section>
      {hasNews && (
        <div className="scroller-news">
          <Button look="primary" icon="down" onClick={toEnd}>
            New messages
          </Button>
        </div>
      )}
    </div>
  )
}
