import { useState } from 'react'
import { Button, IconButton } from '../controls/button.tsx'
import { useText } from '../i18n/i18n.tsx'
import { useForm } from './form-context.tsx'
import { joinPointer } from './pointer.ts'
import { isStoredSecret } from './secrets.ts'

interface Row {
  /** stays the same while the name is typed */
  key: number
  name: string
  value: string
}
interface MapInputProps {
  label: string
  pointer: string
  value: Readonly<Record<string, string>> | undefined
  isSecret: boolean
  onChange(value: Record<string, string>): void
}

/** A table of names and values (custom data, headers). Rows without a name are not sent. */
export function MapInput({ label, pointer, value, isSecret, onChange }: MapInputProps) {
  const t = useText()
  const form = useForm()
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(value))
  const shown = sameEntries(rows, value) ? rows : rowsOf(value)
  const change = (next: readonly Row[]) => {
    setRows(next)
    onChange(Object.fromEntries(next.filter(row => row.name !== '').map(row => [row.name, row.value])))
  }
  const edit = (row: Row, part: Partial<Row>) => change(shown.map(each => (each.key === row.key ? { ...each, ...part } : each)))
  return (
    <div className="map">
      {shown.length > 0 && (
        <table className="map-table">
          <thead>
            <tr>
              <th scope="col">{t('form.name')}</th>
              <th scope="col">{t('form.value')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => {
              const errors = form.errorsAt(joinPointer(pointer, row.name))
              const isTwice = row.name !== '' && shown.some(other => other.key !== row.key && other.name === row.name)
              const problem = isTwice ? t('form.nameTwice') : errors.join(' ')
              const errorId = `${pointer}-${row.key}-error`
              return (
                <tr key={row.key}>
                  <td>
                    <input
                      className="input"
                      aria-label={`${label}, ${index + 1}: ${t('form.name')}`}
                      aria-invalid={problem !== '' || undefined}
                      aria-describedby={problem === '' ? undefined : errorId}
                      value={row.name}
                      autoComplete="off"
                      onChange={event => edit(row, { name: event.target.value })}
                    />
                    {problem !== '' && (
                      <p className="field-error" id={errorId}>
                        {problem}
                      </p>
                    )}
                  </td>
                  <td>
                    <input
                      className="input"
                      type={isSecret && !isStoredSecret(row.value) ? 'password' : 'text'}
                      aria-label={`${label}, ${index + 1}: ${t('form.value')}`}
                      value={isSecret && isStoredSecret(row.value) ? '' : row.value}
                      placeholder={isSecret && isStoredSecret(row.value) ? t('form.secretStored') : undefined}
                      autoComplete="off"
                      onChange={event => edit(row, { value: event.target.value })}
                    />
                  </td>
                  <td>
                    <IconButton
                      icon="trash"
                      label={t('form.removeRow', { name: row.name || index + 1 })}
                      onClick={() => change(shown.filter(each => each.key !== row.key))}
                    />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      <Button icon="plus" onClick={() => setRows([...shown, { key: nextKey(shown), name: '', value: '' }])}>
        {t('form.addRow', { what: label })}
      </Button>
    </div>
  )
}

function rowsOf(value: Readonly<Record<string, string>> | undefined): Row[] {
  return Object.entries(value ?? {}).map(([name, text], key) => ({ key, name, value: text }))
}
function nextKey(rows: readonly Row[]): number {
  return Math.max(-1, ...rows.map(({ key }) => key)) + 1
}
/** The rows are those of the value; otherwise it came from elsewhere (an import, a reload). */
function sameEntries(rows: readonly Row[], value: Readonly<Record<string, string>> | undefined): boolean {
  const named = new Map(rows.filter(({ name }) => name !== '').map(row => [row.name, row.value]))
  const entries = Object.entries(value ?? {})
  return entries.length === named.size && entries.every(([name, text]) => named.get(name) === text)
}
