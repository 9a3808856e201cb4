import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

type Tone = 'bad' | 'warn' | 'info' | 'good'

/** Something that has to be said, with what can be done about it as its children. `alert`: read out at once. */
export function Notice({ tone, title, alert = false, children }: { tone: Tone; title?: string; alert?: boolean; children?: ReactNode }) {
  return (
    <div className={`notice notice-${tone}`} role={alert ? 'alert' : undefined}>
      <Icon name={tone satisfies IconName} />
      <div className="notice-body">
        {title && <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}
