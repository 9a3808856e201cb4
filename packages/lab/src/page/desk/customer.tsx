import type { Conversation } from '../../protocol.ts'
import { CopyButton } from '../controls/copy-button.tsx'
import { Icon } from '../controls/icon.tsx'

/** What the contact centre knows about the guest: the profile, and the participant data that the fleet told. */
export function Customer({ conversation }: { conversation: Conversation }) {
  const { guest, participantData } = conversation
  const facts: [name: string, value: string | undefined][] = [
    ['First name', guest.firstName],
    ['Last name', guest.lastName],
    ['E-mail', guest.email],
    ['Guest id', guest.id],
    ['Conversation id', conversation.id],
    ...Object.entries(participantData),
  ]
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '')
  const count = Object.keys(participantData).length
  return (
    <details className="customer">
      <summary>
        <Icon name="open" small />
        <span>Customer</span>
        <span className="customer-count">{count === 0 ? 'no participant data' : `${count} participant ${count === 1 ? 'attribute' : 'attributes'}`}</span>
      </summary>
      <dl>
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span>{value}</span>
              <CopyButton text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
