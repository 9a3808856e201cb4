import { withoutStatus } from '../api/client.ts'
import type { Plain, Tenant } from '../api/types.ts'
import { useRoute } from '../app-context.tsx'
import { Icon } from '../controls/icon.tsx'
import { Menu } from '../controls/menu.tsx'
import { saveFile } from '../controls/save-file.ts'
import { useText } from '../i18n/i18n.tsx'
import { duplicateOf, handOver } from './handover.ts'

export function TenantMenu({ stored, tenant, onDelete }: { stored: Plain; tenant: Tenant; onDelete(): void }) {
  const t = useText()
  const { go } = useRoute()
  return (
    <Menu
      label={t('tenant.more')}
      className="icon-button icon-button-quiet"
      entries={[
        { id: 'duplicate', label: t('tenant.duplicate'), icon: 'copy' },
        { id: 'export', label: t('tenant.export'), icon: 'download' },
        { id: 'delete', label: t('tenant.delete'), icon: 'trash', danger: true },
      ]}
      onChoose={id => {
        if (id === 'delete') return onDelete()
        if (id === 'export') return saveFile(`${tenant.name}.json`, JSON.stringify(withoutStatus(tenant), null, 2))
        handOver(duplicateOf(stored, t('tenant.copyOf', { name: tenant.name })))
        go('/tenants/new')
      }}
    >
      <Icon name="more" />
    </Menu>
  )
}
