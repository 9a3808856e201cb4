import { useEffect, useRef, useState } from 'react'
import { useMedia } from './controls/use-media.ts'
import { Announcer } from './frame/announcer.tsx'
import { Columns } from './frame/columns.tsx'
import { StaleBanner } from './frame/connection-pill.tsx'
import { TopBar } from './frame/top-bar.tsx'
import { useLab } from './lab.tsx'
import { Tray, type TrayTool } from './tray/tray.tsx'

export function App() {
  const [tool, setTool] = useState<TrayTool>()
  const isNarrow = useMedia('(max-width: 759px)')
  const unread = useLab(state => state.deskUnread)

  const isCovered = isNarrow && tool !== undefined

  // What covered the page gives the focus back to what opened it.
  const wasCovered = useRef(false)
  useEffect(() => {
    if (wasCovered.current && !isCovered) document.querySelector<HTMLElement>('.tools-button button')?.focus()
    wasCovered.current = isCovered
  }, [isCovered])

  // Who looks at another tab of the browser sees that something has come.
  useEffect(() => {
    const count = Object.values(unread).reduce((sum, one) => sum + one, 0)
    document.title = `${count === 0 ? '' : `(${count}) `}Lab · Universal Messaging`
  }, [unread])

  return (
    <div className="app">
      <div className="app-page" inert={isCovered}>
        <TopBar onTool={setTool} {...(isNarrow ? { onTools: () => setTool(tool === undefined ? 'faults' : undefined) } : {})} />
        <StaleBanner />
        <Columns />
      </div>
      {(!isNarrow || tool !== undefined) && <Tray open={tool} onOpen={setTool} covers={isNarrow} />}
      <Announcer />
    </div>
  )
}
