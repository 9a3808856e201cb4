import { IconButton } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { useLab } from '../lab.tsx'
import { webAddress } from '../message/spans.ts'
import type { TrayTool } from '../tray/tray.tsx'
import { ConnectionPill } from './connection-pill.tsx'
import { FleetPill } from './fleet-pill.tsx'
import { ThemeToggle } from './theme-toggle.tsx'

/** `onTools` is given where the tray's own bar has no room. */
export function TopBar({ onTool, onTools }: { onTool: (tool: TrayTool) => void; onTools?: () => void }) {
  return (
    <header className="top-bar">
      <svg className="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
        <rect width="24" height="24" rx="6" />
        <path d="M8 6.5v11h8.5" />
      </svg>
      <h1>
        Lab <span>Universal Messaging</span>
      </h1>
      <div className="top-bar-end">
        <ConnectionPill />
        <FleetPill onOpen={() => onTool('status')} />
        <Links />
        {onTools !== undefined && <ToolsButton onTools={onTools} />}
        <ThemeToggle />
      </div>
    </header>
  )
}

function ToolsButton({ onTools }: { onTools: () => void }) {
  const faults = useLab(state => state.faults.length)
  return (
    <span className="tools-button">
      <IconButton icon="fault" label="Tools: faults, replay, traffic, status" onClick={onTools} />
      {faults > 0 && (
        <span className="count count-warn">
          {faults}
          <span className="visually-hidden"> faults on</span>
        </span>
      )}
    </span>
  )
}

function Links() {
  const links = useLab(state => state.info?.gateway.links)
  return (
    <nav className="top-links" aria-label="Elsewhere">
      {(links ?? [])
        .filter(link => webAddress(link.url) !== undefined)
        .map(link => (
          <a key={link.url} href={link.url} target="_blank" rel="noopener noreferrer">
            {link.title} <Icon name="external" small />
          </a>
        ))}
    </nav>
  )
}
