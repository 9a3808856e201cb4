import type { GatewayStatus } from '../../protocol.ts'
import type { IconName } from '../controls/icon.tsx'
import { StateBadge, type Tone } from '../controls/state-badge.tsx'
import { useLab } from '../lab.tsx'

const looks: Record<GatewayStatus['state'], { tone: Tone; icon: IconName; word: string }> = {
  none: { tone: 'idle', icon: 'off', word: 'No fleet' },
  connecting: { tone: 'warn', icon: 'clock', word: 'Fleet starting' },
  up: { tone: 'good', icon: 'check', word: 'Fleet up' },
  down: { tone: 'bad', icon: 'failed', word: 'Fleet down' },
}

/** Whether there is a fleet behind the Lab; pressing it tells more. */
export function FleetPill({ onOpen }: { onOpen: () => void }) {
  const gateway = useLab(state => state.info?.gateway)
  if (gateway === undefined) return null
  const look = looks[gateway.state]
  return (
    <button type="button" className="fleet-pill" onClick={onOpen} title={gateway.why ?? 'Show the status of fleet and simulators'}>
      <StateBadge tone={look.tone} icon={look.icon}>
        {look.word}
      </StateBadge>
    </button>
  )
}
