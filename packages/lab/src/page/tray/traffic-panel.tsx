import { useMemo, useState } from 'react'
import type { Exchange } from '../../protocol.ts'
import { Empty } from '../controls/empty.tsx'
import { SelectField } from '../controls/field.tsx'
import { StateBadge, type Tone } from '../controls/state-badge.tsx'
import { RelativeTime } from '../controls/time.tsx'
import { formatDuration } from '../journey/words.ts'
import { useLab } from '../lab.tsx'

/** Rows drawn at most: the newest are what one looks for. */
const shownRows = 100

/** Every HTTP exchange between the simulators and the fleet, the newest first. */
export function TrafficPanel() {
  const exchanges = useLab(state => state.exchanges)
  const info = useLab(state => state.info)
  const [simulator, setSimulator] = useState('')
  const [outcome, setOutcome] = useState<'all' | 'bad'>('all')
  const shown = useMemo(
    () => exchanges.filter(one => (simulator === '' || one.simulator === simulator) && (outcome === 'all' || toneOf(one) !== 'good')).slice(0, shownRows),
    [exchanges, simulator, outcome],
  )
  if (exchanges.length === 0) {
    return (
      <Empty icon="traffic" title="No traffic yet">
        <p>Each request of the fleet to a platform, and each webhook of a platform to the fleet, shows here with its answer and its time.</p>
      </Empty>
    )
  }
  return (
    <div className="traffic">
      <div className="traffic-head">
        <SelectField label="Simulator" value={simulator} onChange={event => setSimulator(event.target.value)}>
          <option value="">All</option>
          {(info?.simulators ?? []).map(known => (
            <option key={known.id} value={known.id}>
              {known.label}
            </option>
          ))}
        </SelectField>
        <SelectField label="Answers" value={outcome} onChange={event => setOutcome(event.target.value === 'bad' ? 'bad' : 'all')}>
          <option value="all">All</option>
          <option value="bad">Only refused or unanswered</option>
        </SelectField>
      </div>
      <div className="table-box">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">From and to</th>
              <th scope="col">What</th>
              <th scope="col">Answer</th>
              <th scope="col" className="cell-number">
                Took
              </th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(one => (
              <ExchangeRow key={one.seq} exchange={one} label={info?.simulators.find(known => known.id === one.simulator)?.label ?? one.simulator} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

function ExchangeRow({ exchange, label }: { exchange: Exchange; label: string }) {
  const tone = toneOf(exchange)
  const why = [
    exchange.why,
    exchange.fault === undefined ? undefined : 'spoiled by a fault',
    (exchange.attempt ?? 1) > 1 ? `attempt ${exchange.attempt}` : undefined,
  ]
  return (
    <tr>
      <td>
        <RelativeTime at={exchange.at} />
      </td>
      <td>{exchange.direction === 'request' ? `Fleet → ${label}` : `${label} → fleet`}</td>
      <td>
        <code>{exchange.operation}</code>
      </td>
      <td>
        <StateBadge tone={tone} icon={tone === 'good' ? 'check' : tone === 'warn' ? 'alert' : 'failed'}>
          {exchange.status === 0 ? 'No answer' : String(exchange.status)}
        </StateBadge>
      </td>
      <td className="cell-number">{formatDuration(exchange.ms)}</td>
      <td>{why.filter(part => part !== undefined).join(' · ')}</td>
    </tr>
  )
}

function toneOf({ status }: Exchange): Tone {
  if (status >= 200 && status < 400) return 'good'
  return status === 429 ? 'warn' : 'bad'
}
