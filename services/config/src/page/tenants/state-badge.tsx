import { Badge } from '../controls/badge.tsx'
import { useText } from '../i18n/i18n.tsx'
import { stateTones, type TenantState } from './tenant-state.ts'

export function StateBadge({ state }: { state: TenantState }) {
  const t = useText()
  return <Badge tone={stateTones[state]}>{t(`state.${state}`)}</Badge>
}
