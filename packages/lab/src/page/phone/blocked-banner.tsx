import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'

export function BlockedBanner({ onUnblock }: { onUnblock: () => void }) {
  return (
    <div className="blocked-banner">
      <Icon name="ban" small />
      <p>This guest has blocked the account. Messages of agents are refused.</p>
      <Button onClick={onUnblock}>Unblock</Button>
    </div>
  )
}
