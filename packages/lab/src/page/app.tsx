import { useEffect, useState } from 'react'
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
  const isStale = useLab(state => state.connection.status === 'stale')
  const unread = useLab(state => state.deskUnread)

  // Who looks at another tab of the browser sees that something has come.
  useEffect(() => {
    const count = Object.values(unread).reduce((sum, one) => sum + one, 0)
    document.title = `${count === 0 ? '' : `(${count}) `}Lab · Universal Messaging`
  }, [unread])

  return (
    <div className={isStale ? 'app app-stale' : 'app'}>
      <TopBar onTool={setTool} {...(isNarrow ? { onTools: () => setTool(tool === undefined ? 'faults' : undefined) } : {})} />
      <StaleBanner />
      <Columns />
      {(!isNarrow || tool !== undefined) && <Tray open={tool} onOpen={setTool} />}
      <Announcer />
    </div>
  )
}
