import { Icon } from '../controls/icon.tsx'
import { useCommands, useLab } from '../lab.tsx'
import { hitsInWords } from './fault-words.ts'

/** What misbehaves at the moment, always in sight, each with its switch. */
export function ActiveFaults() {
  const faults = useLab(state => state.faults)
  const info = useLab(state => state.info)
  const catalog = useLab(state => state.catalog)
  const commands = useCommands()
  if (faults.length === 0) return <p className="tray-calm">All simulators behave</p>
  return (
    <ul className="tray-faults" aria-label="Faults that are on">
      {faults.map(fault => {
        const simulator = info?.simulators.find(known => known.id === fault.simulator)?.label ?? fault.simulator
        const kind = catalog.find(known => known.simulator === fault.simulator)?.kinds.find(known => known.kind === fault.kind)
        return (
          <li key={fault.id}>
            <span className="tray-fault">
              <Icon name="fault" small />
              <span className="tray-fault-text">
                {simulator}: {fault.title}
              </span>
              <span className="tray-fault-hits">{hitsInWords(fault, kind?.on)}</span>
              <button
                type="button"
                className="tray-fault-end"
                aria-label={`End ${fault.title} at ${simulator}`}
                onClick={() => void commands.removeFaults([fault.id])}
              >
                <Icon name="cross" small />
              </button>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
