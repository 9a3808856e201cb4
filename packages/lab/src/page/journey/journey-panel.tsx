import { useMemo, useState } from 'react'
import { Empty } from '../controls/empty.tsx'
import { Icon } from '../controls/icon.tsx'
import { useLab } from '../lab.tsx'
import { JourneyFilter, type Whose } from './journey-filter.tsx'
import { JourneyItem } from './journey-item.tsx'
import { type JourneyLine, journeyLines } from './lines.ts'

/** The middle column: where each message is, and what happened to it on its way. */
export function JourneyPanel() {
  const [whose, setWhose] = useState<Whose>('guest')
  const [query, setQuery] = useState('')
  /** line by line as the person set it; untouched lines are closed, but the only one is open, to show what a line holds */
  const [opened, setOpened] = useState<Record<string, boolean>>({})
  const lines = useLines()
  const phone = useLab(state => (state.phone === undefined ? undefined : state.phones[state.phone]))
  const shown = useMemo(
    () => lines.filter(line => (whose === 'all' || query !== '' || (phone !== undefined && line.guest === phone.guest.id)) && matches(line, query)),
    [lines, whose, query, phone],
  )
  const announced = shown.length === 0 ? 'No journeys' : `${shown.length} ${shown.length === 1 ? 'journey' : 'journeys'}`
  return (
    <div className="journey">
      <JourneyFilter whose={whose} onWhose={setWhose} query={query} onQuery={setQuery} />
      <FeedNotice />
      <p className="visually-hidden" role="status">
        {query === '' ? '' : announced}
      </p>
      {shown.length === 0 ? (
        <NoJourneys searched={query !== ''} others={lines.length} onAll={() => setWhose('all')} />
      ) : (
        <ul className="journey-list">
          {shown.map(line => {
            const open = opened[line.id] ?? shown.length === 1
            return <JourneyItem key={line.id} line={line} open={open} named={whose === 'all'} onToggle={() => setOpened({ ...opened, [line.id]: !open })} />
          })}
        </ul>
      )}
    </div>
  )
}

function useLines(): JourneyLine[] {
  const journeys = useLab(state => state.journeys)
  const phones = useLab(state => state.phones)
  const phoneTimelines = useLab(state => state.phoneTimelines)
  const conversations = useLab(state => state.conversations)
  const deskTimelines = useLab(state => state.deskTimelines)
  return useMemo(
    () => journeyLines({ journeys, phones, phoneTimelines, conversations, deskTimelines }),
    [journeys, phones, phoneTimelines, conversations, deskTimelines],
  )
}

function matches(line: JourneyLine, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return true
  return [line.preview, line.guestName, line.guest, line.id, line.tenantId ?? '', line.why ?? ''].some(text => text.toLowerCase().includes(wanted))
}

/** The journal is best effort; when its feed is away, hops are missing, and the page says so. */
function FeedNotice() {
  const journal = useLab(state => state.info?.journal)
  if (journal === undefined || journal.state === 'up' || journal.state === 'none') return null
  return (
    <p className="journey-notice">
      <Icon name="alert" small />
      <span>
        {journal.state === 'connecting'
          ? 'Connecting to the fleet’s journal; hops show once it is there.'
          : 'The fleet’s journal is out of reach; new hops do not show.'}
        {journal.why === undefined ? '' : ` ${journal.why}`}
      </span>
    </p>
  )
}

function NoJourneys({ searched, others, onAll }: { searched: boolean; others: number; onAll: () => void }) {
  const journal = useLab(state => state.info?.journal.state)
  if (searched) {
    return (
      <Empty icon="search" title="Nothing matches">
        <p>Search for words of a message, a guest’s name, or an id.</p>
      </Empty>
    )
  }
  return (
    <Empty icon="journey" title="No journeys yet">
      {journal === 'none' ? (
        <p>This Lab runs without a fleet: a message leaves the phone and waits at its platform until a webhook takes it.</p>
      ) : (
        <p>Each message gets a line here. Open it to see every hop with its time, its attempts, and why it is stuck if it is.</p>
      )}
      {others > 0 && (
        <button type="button" className="button button-quiet" onClick={onAll}>
          <span>Show those of all guests ({others})</span>
        </button>
      )}
    </Empty>
  )
}
