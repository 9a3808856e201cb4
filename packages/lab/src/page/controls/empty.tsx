import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** Nothing to show yet: says what will be here and what to do for it. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} />
      </span>
      <h3>{title}</h3>
      {children}
    </div>
  )
}
