import type { FaultKind, FaultParam } from '../../protocol.ts'
import { CheckField, SelectField, TextField } from '../controls/field.tsx'
import { type Ending, endings } from './fault-words.ts'

export interface FaultSettings {
  /** parameters as they were typed; untouched ones are absent */
  typed: Record<string, string>
  whom: 'all' | 'guest' | 'account'
  /** '' means any */
  operation: string
  ending: Ending
}

interface Props {
  kind: FaultKind
  operations: string[]
  settings: FaultSettings
  onSettings: (settings: FaultSettings) => void
  guestName: string | undefined
  accountName: string | undefined
}

/** Everything about a fault before it is switched on; its own defaults stand ready. */
export function FaultForm({ kind, operations, settings, onSettings, guestName, accountName }: Props) {
  const set = (name: string, value: string) => onSettings({ ...settings, typed: { ...settings.typed, [name]: value } })
  const canAim = kind.where.length > 0
  const whom = settings.whom === 'guest' ? guestName : settings.whom === 'account' ? accountName : undefined
  const narrowed =
    whom === undefined && settings.operation === ''
      ? undefined
      : `For ${whom === undefined ? 'everyone' : `only ${whom}`}, at ${settings.operation || 'anything'}`
  return (
    <div className="fault-form">
      {kind.params.map(param => (
        <ParamField key={param.name} param={param} typed={settings.typed[param.name] ?? String(param.default)} onType={value => set(param.name, value)} />
      ))}
      {kind.on !== 'service' && (
        <SelectField label="Ends" value={settings.ending} onChange={event => onSettings({ ...settings, ending: event.target.value as Ending })}>
          {endings.map(({ key, title }) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </SelectField>
      )}
      {canAim && (
        <details className="fault-narrow">
          <summary>{narrowed === undefined ? 'For everyone, at anything' : narrowed}</summary>
          <div>
            <SelectField label="For" value={settings.whom} onChange={event => onSettings({ ...settings, whom: event.target.value as FaultSettings['whom'] })}>
              <option value="all">everyone</option>
              {kind.where.includes('guest') && guestName !== undefined && <option value="guest">only {guestName}</option>}
              {kind.where.includes('account') && accountName !== undefined && <option value="account">only {accountName}</option>}
            </SelectField>
            {kind.where.includes('operation') && operations.length > 0 && (
              <SelectField label="At" value={settings.operation} onChange={event => onSettings({ ...settings, operation: event.target.value })}>
                <option value="">anything</option>
                {operations.map(operation => (
                  <option key={operation} value={operation}>
                    {operation}
                  </option>
                ))}
              </SelectField>
            )}
          </div>
        </details>
      )}
    </div>
  )
}

function ParamField({ param, typed, onType }: { param: FaultParam; typed: string; onType: (value: string) => void }) {
  if (param.type === 'boolean') return <CheckField label={param.title} checked={typed === 'true'} onChange={event => onType(String(event.target.checked))} />
  if (param.type === 'choice') {
    return (
      <SelectField wide label={param.title} value={typed} onChange={event => onType(event.target.value)}>
        {(param.choices ?? []).map(choice => (
          <option key={choice.value} value={choice.value}>
            {choice.title}
          </option>
        ))}
      </SelectField>
    )
  }
  return (
    <TextField
      label={param.unit === undefined ? param.title : `${param.title} (${param.unit})`}
      type="number"
      value={typed}
      onChange={event => onType(event.target.value)}
      {...(param.min === undefined ? {} : { min: param.min })}
      {...(param.max === undefined ? {} : { max: param.max })}
    />
  )
}
