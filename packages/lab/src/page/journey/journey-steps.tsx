import { exactTime } from '../controls/clock.ts'
import { CopyButton } from '../controls/copy-button.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import type { JourneyLine } from './lines.ts'
import type { Step } from './steps.ts'
import { formatDuration, type Outcome } from './words.ts'

const icons: Record<Outcome, { icon: IconName; word: string }> = {
  ok: { icon: 'check', word: 'done' },
  wait: { icon: 'clock', word: 'waits' },
  bad: { icon: 'failed', word: 'failed' },
  note: { icon: 'right', word: 'noted' },
}

/** The hops of one message on a line of time: how long each took, and what share of the whole that is. */
export function JourneySteps({ line }: { line: JourneyLine }) {
  const times = line.steps.map(step => Date.parse(step.at))
  const begin = times[0] ?? 0
  const whole = Math.max((times.at(-1) ?? begin) - begin, 1)
  return (
    <div className="journey-steps">
      <ol>
        {line.steps.map((step, index) => (
          <StepRow
            key={step.key}
            step={step}
            from={(times[index - 1] ?? begin) - begin}
            to={(times[index] ?? begin) - begin}
            whole={whole}
            first={index === 0}
          />
        ))}
      </ol>
      {line.message !== undefined && (
        <p className="journey-id">
          <span>Message</span> <code>{line.message}</code> <CopyButton text={line.message} what="message id" />
        </p>
      )}
    </div>
  )
}

/** `from` and `to`: milliseconds since the first hop. */
function StepRow({ step, from, to, whole, first }: { step: Step; from: number; to: number; whole: number; first: boolean }) {
  const { icon, word } = icons[step.outcome]
  const took = Math.max(to - from, 0)
  const left = (Math.min(from, to) / whole) * 100
  const width = (took / whole) * 100
  return (
    <li className={`step step-${step.outcome}`}>
      <span className="step-mark">
        <Icon name={icon} small />
        <span className="visually-hidden">{word}: </span>
      </span>
      <div className="step-main">
        <p className="step-title">{step.title}</p>
        <p className="step-place" title={step.replica === undefined ? undefined : `Replica ${step.replica}`}>
          {step.place}
        </p>
        {step.facts.length > 0 && <p className="step-facts">{step.facts.join(' · ')}</p>}
      </div>
      <div className="step-time">
        <time dateTime={step.at} title={exactTime(step.at)}>
          {first ? exactClock(step.at) : `+${formatDuration(took)}`}
        </time>
        <span className="step-bar" aria-hidden="true">
          <span style={{ left: `${left}%`, width: `max(${width}%, 2px)` }} />
        </span>
      </div>
    </li>
  )
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
function exactClock(at: string): string {
  return clock.format(Date.parse(at))
}
