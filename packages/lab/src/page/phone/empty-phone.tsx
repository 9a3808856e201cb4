import { Button } from '../controls/button.tsx'
import { Empty } from '../controls/empty.tsx'
import { useLab } from '../lab.tsx'
import { usePhoneDeeds } from './phone-actions.tsx'
import { useAccount } from './use-phone.ts'

const openers = ['Hello!', 'My suitcase did not arrive 🧳', 'Can I change my booking?']

/** The first thing a newcomer reads: what to do, and what will happen. */
export function EmptyPhone() {
  const account = useAccount()
  const { say, start, can } = usePhoneDeeds()
  if (account === undefined) return <NoAccount />
  return (
    <div className="scroller scroller-empty">
      <Empty icon="phone" title="Write a message on the phone">
        <p>
          You are a guest of {account.tenantName ?? account.name}. Your message travels through the fleet, hop by hop, to the agent’s desk. Answer it there.
        </p>
        <div className="openers">
          {openers.map(text => (
            <Button key={text} onClick={() => say(text)}>
              {text}
            </Button>
          ))}
          {can('start') && (
            <Button icon="play" onClick={start}>
              Press Start
            </Button>
          )}
        </div>
      </Empty>
    </div>
  )
}

function NoAccount() {
  const seed = useLab(state => state.info?.seed)
  const status = useLab(state => state.connection.status)
  const underway = seed?.state === 'waiting' || seed?.state === 'running' || status === 'connecting'
  const failed = seed?.state === 'failed' ? seed.steps.findLast(step => !step.ok) : undefined
  return (
    <div className="scroller scroller-empty">
      <Empty icon="phone" title={underway ? 'Setting up the demo tenants' : 'Nobody to write to yet'}>
        {underway ? (
          <p>Each tenant gets an account on one messaging platform. Then you can write here.</p>
        ) : failed !== undefined ? (
          <p>
            The demo tenants could not be set up: {failed.step}
            {failed.message === undefined ? '' : `: ${failed.message}`}. Open Status below to try again.
          </p>
        ) : (
          <p>
            A phone writes to the account of a tenant on a messaging platform. Add a tenant on the admin site, or open Status below to set up the demo tenants.
          </p>
        )}
      </Empty>
    </div>
  )
}
