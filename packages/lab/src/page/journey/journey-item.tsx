import { memo, useId } from 'react'
import type { Journey } from '../../protocol.ts'
import { Icon, type IconName } from '../controls/icon.tsx'
import { StateBadge, type Tone } from '../controls/state-badge.tsx'
import { RelativeTime } from '../controls/time.tsx'
import { JourneySteps } from './journey-steps.tsx'
import type { JourneyLine } from './lines.ts'
import { formatDuration } from './words.ts'

const looks: Record<Journey['state'], { tone: Tone; icon: IconName; word: string }> = {
  underway: { tone: 'idle', icon: 'clock', word: 'Under way' },
  done: { tone: 'good', icon: 'check', word: 'Arrived' },
  stuck: { tone: 'warn', icon: 'alert', word: 'Stuck' },
  failed: { tone: 'bad', icon: 'failed', word: 'Failed' },
}

/** `named`: lines of several guests stand together, so each says whose it is. Compared by its line: it draws again only when that changes. */
export const JourneyItem = memo(
  function JourneyItem({ line, open, named, onToggle }: { line: JourneyLine; open: boolean; named: boolean; onToggle: () => void }) {
    const steps = useId()
    const look = looks[line.state]
    const toAgent = line.direction === 'toAgent'
    const lasts = Date.parse(line.steps.at(-1)?.at ?? line.lastAt) - Date.parse(line.firstAt)
    return (
      <li className={open ? 'journey-item journey-item-open' : 'journey-item'}>
        <button type="button" className="journey-row" aria-expanded={open} aria-controls={steps} onClick={onToggle}>
          <span className="journey-way" title={toAgent ? 'From the guest to the agent' : 'From the agent to the guest'}>
            <Icon name={toAgent ? 'right' : 'left'} small />
            <span className="visually-hidden">{toAgent ? 'To the agent: ' : 'To the guest: '}</span>
          </span>
          <span className="journey-row-main">
            <span className="journey-row-preview">{line.preview}</span>
            <span className="journey-row-meta">
              {named && <span>{line.guestName}</span>}
              <span>
                {line.steps.length} {line.steps.length === 1 ? 'hop' : 'hops'}
              </span>
              <span>{formatDuration(lasts)}</span>
              <RelativeTime at={line.firstAt} />
            </span>
          </span>
          <StateBadge tone={look.tone} icon={look.icon}>
            {look.word}
          </StateBadge>
          <span className="journey-fold">
            <Icon name={open ? 'down' : 'open'} small />
          </span>
        </button>
        {line.why !== undefined && (
          <p className={`journey-why journey-why-${line.state}`}>
            {line.state === 'stuck' ? 'Stuck because' : 'Failed because'} {line.why}. Last seen <RelativeTime at={line.lastAt} />.
          </p>
        )}
        <div id={steps}>{open && <JourneySteps line={line} />}</div>
      </li>
    )
  },
  (before, after) => before.open === after.open && before.named === after.named && before.line === after.line,
)
