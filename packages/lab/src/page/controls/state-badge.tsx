import { Icon, type IconName } from './icon.tsx'

/** Green works, amber needs attention soon, red is broken now, grey is off or unknown. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle'

/** Colour never stands alone: an icon and a word are beside it. */
export function StateBadge({ tone, icon, children, title }: { tone: Tone; icon: IconName; children: string; title?: string }) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      <Icon name={icon} small />
      {children}
    </span>
  )
}
