import type { Fault, FaultKind } from '../../protocol.ts'
import { Icon } from '../controls/icon.tsx'
import { RelativeTime } from '../controls/time.tsx'
import { useLab } from '../lab.tsx'
import { hitsInWords } from './fault-words.ts'

/** A fault that is on: with what, for whom, and how often it has struck. */
export function FaultActive({ fault, kind }: { fault: Fault; kind: FaultKind }) {
  const phones = useLab(state => state.phones)
  const params = kind.params.map(param => {
    const value = fault.params[param.name] ?? param.default
    const choice = param.choices?.find(known => known.value === value)?.title
    if (param.type === 'boolean') return value === true ? param.title : undefined
    return `${param.title}: ${choice ?? value}${param.unit === undefined ? '' : ` ${param.unit}`}`
  })
  const { guest, account, operation } = fault.where
  const guestName = guest === undefined ? undefined : (Object.values(phones).find(phone => phone.guest.id === guest)?.guest.name ?? guest)
  const scope = [guestName === undefined ? undefined : `only ${guestName}`, account === undefined ? undefined : `account ${account}`, operation]
  const parts = [...params, ...scope].filter(part => part !== undefined)
  return (
    <div className="fault-active">
      <p className="fault-hits">
        <Icon name="fault" small />
        <strong>{hitsInWords(fault, kind.on) ?? 'on'}</strong>
        {fault.lastHitAt !== undefined && (
          <span>
            last <RelativeTime at={fault.lastHitAt} />
          </span>
        )}
        {fault.endsAt !== undefined && (
          <span>
            ends <RelativeTime at={fault.endsAt} />
          </span>
        )}
      </p>
      {parts.length > 0 && <p className="fault-parts">{parts.join(' · ')}</p>}
    </div>
  )
}
