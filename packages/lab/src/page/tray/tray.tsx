import { useEffect, useRef } from 'react'
import { IconButton } from '../controls/button.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { useLab } from '../lab.tsx'
import { ActiveFaults } from './active-faults.tsx'
import { FaultsPanel } from './faults-panel.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import { StatusPanel } from './status-panel.tsx'
import { TrafficPanel } from './traffic-panel.tsx'

export type TrayTool = 'faults' | 'replay' | 'traffic' | 'status'

const tools: { tool: TrayTool; title: string; icon: IconName }[] = [
  { tool: 'faults', title: 'Faults', icon: 'fault' },
  { tool: 'replay', title: 'Replay', icon: 'play' },
  { tool: 'traffic', title: 'Traffic', icon: 'traffic' },
  { tool: 'status', title: 'Status', icon: 'server' },
]

interface Props {
  open: TrayTool | undefined
  onOpen: (tool: TrayTool | undefined) => void
  /** on a small screen it lies over the whole page; then its tools are chosen, and the cross closes it */
  covers: boolean
}

/** The Lab's tools below the three columns: a bar that is always there, and above it the tool that is open. */
export function Tray({ open, onOpen, covers }: Props) {
  const faults = useLab(state => state.faults.length)
  const bar = useRef<HTMLDivElement>(null)

  // The focus follows onto what covers the page.
  useEffect(() => {
    if (covers) openTool(bar.current)?.focus()
  }, [covers])

  function close(): void {
    openTool(bar.current)?.focus()
    onOpen(undefined)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is heard for the whole tray; each control inside is reachable by itself
    <footer
      className={open === undefined ? 'tray' : 'tray tray-open'}
      onKeyDown={event => {
        if (event.key === 'Escape' && open !== undefined) close()
      }}
    >
      <div className="tray-bar" ref={bar}>
        <div className="tray-tools">
          {tools.map(({ tool, title, icon }) => (
            <button
              key={tool}
              type="button"
              className="tray-tool"
              aria-expanded={tool === open}
              onClick={() => onOpen(tool === open && !covers ? undefined : tool)}
            >
              <Icon name={icon} small />
              <span>{title}</span>
              {tool === 'faults' && faults > 0 && (
                <span className="count count-warn">
                  {faults}
                  <span className="visually-hidden"> on</span>
                </span>
              )}
            </button>
          ))}
        </div>
        <ActiveFaults />
        {open !== undefined && <IconButton icon="cross" label="Close the tray" onClick={close} />}
      </div>
      {open !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard
        <section className="tray-body" aria-label={tools.find(known => known.tool === open)?.title} tabIndex={0}>
          {open === 'faults' && <FaultsPanel />}
          {open === 'replay' && <ReplayPanel />}
          {open === 'traffic' && <TrafficPanel />}
          {open === 'status' && <StatusPanel />}
        </section>
      )}
    </footer>
  )
}

function openTool(bar: HTMLElement | null): HTMLElement | null | undefined {
  return bar?.querySelector<HTMLElement>('button[aria-expanded="true"]')
}
