import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { Loaded } from '../api/client.ts'
import { type Catalog, useCatalog, useSettings } from '../api/queries.ts'
import type { FleetSettings } from '../api/types.ts'
import { useRoute } from '../app-context.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Loading, Page } from '../frame/page.tsx'
import { useText } from '../i18n/i18n.tsx'
import { About } from './about.tsx'
import { Notifiers } from './notifiers.tsx'
import { CommanderSettings, ProxySettings } from './settings-editor.tsx'

const sections = ['proxy', 'notifiers', 'commander', 'about'] as const

export function SettingsPage() {
  const t = useText()
  const { query, refine } = useRoute()
  const settings = useSettings()
  const catalog = useCatalog()
  const section = sections.find(each => each === query.get('section')) ?? 'proxy'
  const error = settings.error ?? catalog.error
  const retry = () => {
    void settings.refetch()
    void catalog.refetch()
  }
  return (
    <Page title={t('nav.settings')}>
      <Tabs className="tabs" selectedKey={section} onSelectionChange={key => refine({ section: key === 'proxy' ? undefined : String(key) })}>
        <TabList className="tab-list" aria-label={t('nav.settings')}>
          {sections.map(each => (
            <Tab key={each} id={each} className="tab">
              {t(`settings.${each}`)}
            </Tab>
          ))}
        </TabList>
        {sections.map(each => (
          <TabPanel key={each} id={each} className="tab-panel">
            {each === 'about' ? (
              <About />
            ) : settings.data === undefined || catalog.data === undefined ? (
              error ? (
                <ProblemNotice error={error} onRetry={retry} />
              ) : (
                <Loading label={t('common.loading')} rows={3} />
              )
            ) : (
              <SettingsSection section={each} settings={settings.data} catalog={catalog.data} />
            )}
          </TabPanel>
        ))}
      </Tabs>
    </Page>
  )
}

function SettingsSection({ section, settings, catalog }: { section: 'proxy' | 'notifiers' | 'commander'; settings: Loaded<FleetSettings>; catalog: Catalog }) {
  if (section === 'proxy') return <ProxySettings settings={settings} />
  if (section === 'notifiers') return <Notifiers settings={settings} types={catalog.notifiers} />
  return <CommanderSettings settings={settings} catalog={catalog} />
}
