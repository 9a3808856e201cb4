import { useState } from 'react'
import type { FaultKind } from '../../protocol.ts'
import type { Trouble } from '../api.ts'
import { Button } from '../controls/button.tsx'
import { Empty } from '../controls/empty.tsx'
import { SelectField } from '../controls/field.tsx'
import { TroubleNotice } from '../controls/notice.tsx'
import { useCommands, useLab } from '../lab.tsx'
import { FaultCard } from './fault-card.tsx'
import { groupTitle } from './fault-words.ts'

const groups: FaultKind['on'][] = ['requests', 'webhooks', 'service']

/** Misbehaviour on demand: per simulator, drawn from the catalog that the Lab answers. */
export function FaultsPanel() {
  const catalog = useLab(state => state.catalog)
  const faults = useLab(state => state.faults)
  const own = useLab(state => (state.account === undefined ? undefined : state.accounts[state.account]?.platform))
  const ownSimulator = useLab(state => state.info?.platforms.find(known => known.id === own)?.simulator)
  const [wanted, setWanted] = useState<string>()
  const [trouble, setTrouble] = useState<Trouble>()
  const commands = useCommands()
  const shown = catalog.find(known => known.simulator === (wanted ?? ownSimulator)) ?? catalog[0]
  if (shown === undefined) {
    return (
      <Empty icon="fault" title="No simulators yet">
        <p>Once the Lab’s simulators run, each offers its faults here: refusals, delays, lost connections, doubled webhooks.</p>
      </Empty>
    )
  }
  return (
    <div className="faults">
      <div className="faults-head">
        <SelectField label="Simulator" value={shown.simulator} onChange={event => setWanted(event.target.value)}>
          {catalog.map(known => {
            const on = faults.filter(fault => fault.simulator === known.simulator).length
            return (
              <option key={known.simulator} value={known.simulator}>
                {known.label}
                {on === 0 ? '' : ` (${on} on)`}
              </option>
            )
          })}
        </SelectField>
        <p className="faults-lead">Switch a fault on, send a message, and watch its journey.</p>
        <Button
          icon="off"
          disabled={faults.length === 0}
          onClick={() => void commands.removeAllFaults().then(answer => setTrouble(answer.ok ? undefined : answer.trouble))}
        >
          End all faults
        </Button>
      </div>
      {trouble !== undefined && <TroubleNotice trouble={trouble} onDismiss={() => setTrouble(undefined)} />}
      {groups
        .map(group => ({ group, kinds: shown.kinds.filter(kind => kind.on === group) }))
        .filter(({ kinds }) => kinds.length > 0)
        .map(({ group, kinds }) => (
          <section key={group} className="fault-group">
            <h3>{groupTitle(group)}</h3>
            <div className="fault-grid">
              {kinds.map(kind => (
                <FaultCard
                  key={`${shown.simulator} ${kind.kind}`}
                  simulator={shown.simulator}
                  kind={kind}
                  operations={shown.operations}
                  active={faults.filter(fault => fault.simulator === shown.simulator && fault.kind === kind.kind)}
                  onTrouble={setTrouble}
                />
              ))}
            </div>
          </section>
        ))}
    </div>
  )
}
