import { useMemo } from 'react'
import type { Account } from '../../protocol.ts'
import { IconButton } from '../controls/button.tsx'
import { SelectField } from '../controls/field.tsx'
import { useDispatch, useLab } from '../lab.tsx'
import { accountKey } from '../state.ts'
import { usePhonesInHand } from './use-phone.ts'

/** Whom the phone writes to (platform and tenant), and whose phone it is. */
export function GuestChooser({ onNew }: { onNew: () => void }) {
  const dispatch = useDispatch()
  const account = useLab(state => state.account)
  const phone = useLab(state => state.phone)
  const unread = useLab(state => state.phoneUnread)
  const phones = usePhonesInHand()
  const groups = useAccountGroups()
  return (
    <div className="guest-chooser">
      <SelectField label="Writes to" value={account ?? ''} onChange={event => dispatch({ type: 'accountChosen', account: event.target.value })}>
        {account === undefined && <option value="">No account yet</option>}
        {groups.map(([label, accounts]) => (
          <optgroup key={label} label={label}>
            {accounts.map(one => (
              <option key={accountKey(one.platform, one.id)} value={accountKey(one.platform, one.id)}>
                {one.tenantName ?? one.name}
              </option>
            ))}
          </optgroup>
        ))}
      </SelectField>
      <SelectField
        label="Guest"
        value={phone ?? ''}
        onChange={event => dispatch({ type: 'phoneChosen', phone: event.target.value === '' ? undefined : event.target.value })}
      >
        <option value="">Someone new</option>
        {phones.map(one => (
          <option key={one.id} value={one.id}>
            {one.guest.name}
            {unread[one.id] === undefined ? '' : ` (${unread[one.id]} new)`}
          </option>
        ))}
      </SelectField>
      <IconButton icon="plus" label="New guest" look="quiet" onClick={onNew} disabled={account === undefined} />
    </div>
  )
}

function useAccountGroups(): [label: string, accounts: Account[]][] {
  const accounts = useLab(state => state.accounts)
  const info = useLab(state => state.info)
  return useMemo(() => {
    const groups = Map.groupBy(Object.values(accounts), account => info?.platforms.find(known => known.id === account.platform)?.label ?? account.platform)
    return [...groups].toSorted(([a], [b]) => a.localeCompare(b))
  }, [accounts, info])
}
