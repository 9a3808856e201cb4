import { Icon, type IconName } from './icon.tsx'

export type Tone = 'good' | 'warn' | 'bad' | 'idle' | 'busy'
const icons = { good: 'good', warn: 'warn', bad: 'bad', idle: 'idle', busy: 'busy' } as const satisfies Record<Tone, IconName>

/** A state: never by colour alone. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`badge badge-${tone}`}>
      <Icon name={icons[tone]} small />
      {children}
    </span>
  )
}
