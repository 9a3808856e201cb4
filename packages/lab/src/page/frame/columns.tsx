import { useEffect, useMemo, useState } from 'react'
import { Icon } from '../controls/icon.tsx'
import { Tabs } from '../controls/tabs.tsx'
import { useMedia } from '../controls/use-media.ts'
import { DeskPanel } from '../desk/desk-panel.tsx'
import { JourneyPanel } from '../journey/journey-panel.tsx'
import { useDispatch, useLab } from '../lab.tsx'
import { PhonePanel } from '../phone/phone-panel.tsx'
import type { Panel } from '../state.ts'

/** Three columns where there is room, phone and one more on a tablet, one at a time on a phone. */
export function Columns() {
  const isWide = useMedia('(min-width: 1100px)')
  const isNarrow = useMedia('(max-width: 759px)')
  const [chosen, setChosen] = useState<Panel>('phone')
  const dispatch = useDispatch()
  const tabs: Panel[] = useMemo(() => (isWide ? [] : isNarrow ? ['phone', 'journey', 'desk'] : ['journey', 'desk']), [isWide, isNarrow])
  const shown = tabs.length === 0 || tabs.includes(chosen) ? chosen : (tabs[0] ?? chosen)
  const isVisible = useMemo(() => {
    const visible = (panel: Panel) => !tabs.includes(panel) || panel === shown
    return { phone: visible('phone'), journey: visible('journey'), desk: visible('desk') }
  }, [tabs, shown])
  useEffect(() => dispatch({ type: 'panelsShown', visible: isVisible }), [dispatch, isVisible])

  const chooser = (
    <nav className="panel-chooser" aria-label="Parts of the Lab">
      <Tabs
        label="Parts of the Lab"
        className="panel-tabs"
        idPrefix="lab"
        chosen={shown}
        onChoose={setChosen}
        tabs={tabs.map(key => ({ key, title: <TabTitle panel={key} /> }))}
      />
    </nav>
  )

  return (
    <main className="columns">
      {isVisible.phone && (
        <PanelBox panel="phone" title="Guest’s phone" tabbed={tabs.includes('phone')}>
          <PhonePanel />
        </PanelBox>
      )}
      {tabs.length === 2 && chooser}
      {isVisible.journey && (
        <PanelBox panel="journey" title="Journey" tabbed={tabs.includes('journey')}>
          <JourneyPanel />
        </PanelBox>
      )}
      {isVisible.desk && (
        <PanelBox panel="desk" title="Agent’s desk" tabbed={tabs.includes('desk')}>
          <DeskPanel />
        </PanelBox>
      )}
      {tabs.length === 3 && chooser}
    </main>
  )
}

function PanelBox({ panel, title, tabbed, children }: { panel: Panel; title: string; tabbed: boolean; children: React.ReactNode }) {
  const role = tabbed ? { role: 'tabpanel', id: `lab-panel-${panel}`, 'aria-labelledby': `lab-tab-${panel}` } : { 'aria-label': title }
  return (
    <section className={`panel panel-${panel}`} {...role}>
      <h2 className={tabbed ? 'panel-title visually-hidden' : 'panel-title'}>
        <Icon name={panel} small />
        {title}
      </h2>
      {children}
    </section>
  )
}

const titles: Record<Panel, string> = { phone: 'Phone', journey: 'Journey', desk: 'Desk' }

function TabTitle({ panel }: { panel: Panel }) {
  const counts = useLab(state => (panel === 'phone' ? state.phoneUnread : state.deskUnread))
  const count = panel === 'journey' ? 0 : Object.values(counts).reduce((sum, one) => sum + one, 0)
  return (
    <>
      <Icon name={panel} small />
      <span>{titles[panel]}</span>
      {count > 0 && (
        <span className="count">
          {count}
          <span className="visually-hidden"> new</span>
        </span>
      )}
    </>
  )
}
