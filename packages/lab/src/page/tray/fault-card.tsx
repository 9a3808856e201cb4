import { useState } from 'react'
import type { Fault, FaultKind } from '../../protocol.ts'
import type { Trouble } from '../api.ts'
import { Switch } from '../controls/switch.tsx'
import { useCommands, useLab } from '../lab.tsx'
import { FaultActive } from './fault-active.tsx'
import { FaultForm, type FaultSettings } from './fault-form.tsx'
import { endingOf, readParam } from './fault-words.ts'

interface Props {
  simulator: string
  kind: FaultKind
  operations: string[]
  /** those of this kind that are on, whoever switched them on */
  active: Fault[]
  onTrouble: (trouble: Trouble | undefined) => void
}

export function FaultCard({ simulator, kind, operations, active, onTrouble }: Props) {
  const commands = useCommands()
  const guest = useLab(state => (state.phone === undefined ? undefined : state.phones[state.phone]?.guest))
  const account = useLab(state => (state.account === undefined ? undefined : state.accounts[state.account]))
  const [settings, setSettings] = useState<FaultSettings>({ typed: {}, whom: 'all', operation: '', ending: 'never' })
  const [busy, setBusy] = useState(false)
  const isOn = active.length > 0

  async function change(on: boolean): Promise<void> {
    setBusy(true)
    const params = Object.fromEntries(kind.params.map(param => [param.name, readParam(param, settings.typed[param.name] ?? String(param.default))]))
    const where = {
      ...(settings.whom === 'guest' && guest !== undefined ? { guest: guest.id } : {}),
      ...(settings.whom === 'account' && account !== undefined ? { account: account.id } : {}),
      ...(settings.operation === '' ? {} : { operation: settings.operation }),
    }
    const answer = on
      ? await commands.addFault({ simulator, kind: kind.kind, params, where, ...endingOf(settings.ending) })
      : await commands.removeFaults(active.map(fault => fault.id))
    setBusy(false)
    onTrouble(answer.ok ? undefined : answer.trouble)
  }

  return (
    <article className={isOn ? 'fault-card fault-card-on' : 'fault-card'} aria-label={kind.title}>
      <header>
        <h4>{kind.title}</h4>
        <Switch label={kind.title} on={isOn} busy={busy} onChange={on => void change(on)} />
      </header>
      <p className="fault-help">{kind.help}</p>
      {isOn ? (
        active.map(fault => <FaultActive key={fault.id} fault={fault} kind={kind} />)
      ) : (
        <FaultForm kind={kind} operations={operations} settings={settings} onSettings={setSettings} guestName={guest?.name} accountName={account?.name} />
      )}
    </article>
  )
}
