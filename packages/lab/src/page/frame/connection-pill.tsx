import { exactTime } from '../controls/clock.ts'
import { StateBadge } from '../controls/state-badge.tsx'
import { RelativeTime } from '../controls/time.tsx'
import { useLab } from '../lab.tsx'

/** Whether what the page shows is so now. */
export function ConnectionPill() {
  const { status, since } = useLab(state => state.connection)
  return (
    <span className="connection" role="status">
      {status === 'live' && (
        <StateBadge tone="good" icon="check" title="What you see is so now.">
          Live
        </StateBadge>
      )}
      {status === 'connecting' && (
        <StateBadge tone="idle" icon="clock">
          Connecting
        </StateBadge>
      )}
      {status === 'unreachable' && (
        <StateBadge tone="bad" icon="failed">
          Not reachable
        </StateBadge>
      )}
      {status === 'stale' && (
        <StateBadge tone="warn" icon="alert" {...(since === undefined ? {} : { title: `What you see was so at ${exactTime(since)}.` })}>
          Connection lost
        </StateBadge>
      )}
    </span>
  )
}

/** Across the page while it is stale: nobody should act on what is no longer true. */
export function StaleBanner() {
  const { status, since } = useLab(state => state.connection)
  if (status === 'unreachable') {
    return (
      <p className="stale-banner stale-banner-bad" role="alert">
        The Lab’s server does not answer. Check that it is running; this page tries again every few seconds.
      </p>
    )
  }
  if (status !== 'stale' || since === undefined) return null
  return (
    <p className="stale-banner" role="alert">
      The connection to the Lab is lost. What you see may be out of date since <RelativeTime at={since} />; it catches up by itself.
    </p>
  )
}
