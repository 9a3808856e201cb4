import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { Catalog } from '../api/queries.ts'
import type { Storage, Tenant } from '../api/types.ts'
import { useText } from '../i18n/i18n.tsx'
import { AuthenticationTab } from './authentication-tab.tsx'
import { CommanderTab } from './commander-tab.tsx'
import { GeneralTab } from './general-tab.tsx'
import { PartTab } from './part-tab.tsx'
import { type TenantTab, tenantTabs } from './tenant-document.ts'

interface TenantTabsProps {
  tab: TenantTab
  onChoose(tab: TenantTab): void
  /** how many places are wrong on each */
  errors: Readonly<Record<TenantTab, number>>
  catalog: Catalog
  storages: readonly Storage[]
  tenant: Tenant | undefined
}

export function TenantTabs({ tab, onChoose, errors, catalog, storages, tenant }: TenantTabsProps) {
  const t = useText()
  return (
    <Tabs className="tabs" selectedKey={tab} onSelectionChange={key => onChoose(tenantTabs.find(each => each === key) ?? 'general')}>
      <TabList className="tab-list" aria-label={t('tenant.tabs')}>
        {tenantTabs.map(each => (
          <Tab key={each} id={each} className="tab">
            {t(`tenant.tab.${each}`)}
            {errors[each] > 0 && (
              <span className="count count-bad">
                {errors[each]}
                <span className="visually-hidden"> {t('wrong.onTab')}</span>
              </span>
            )}
          </Tab>
        ))}
      </TabList>
      <TabPanel id="general" className="tab-panel">
        <GeneralTab tenant={tenant} />
      </TabPanel>
      <TabPanel id="authentication" className="tab-panel">
        <AuthenticationTab />
      </TabPanel>
      <TabPanel id="cxPlatform" className="tab-panel">
        <PartTab part="cxPlatform" catalog={catalog} storages={storages} tenant={tenant} />
      </TabPanel>
      <TabPanel id="commander" className="tab-panel">
        <CommanderTab catalog={catalog} />
      </TabPanel>
      <TabPanel id="messaging" className="tab-panel">
        <PartTab part="messaging" catalog={catalog} storages={storages} tenant={tenant} />
      </TabPanel>
    </Tabs>
  )
}
