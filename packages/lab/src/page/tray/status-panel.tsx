import { useState } from 'react'
import type { GatewayStatus, JournalStatus, SeedStatus } from '../../protocol.ts'
import type { Trouble } from '../api.ts'
import { Button } from '../controls/button.tsx'
import { CopyButton } from '../controls/copy-button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { TroubleNotice } from '../controls/notice.tsx'
import { StateBadge, type Tone } from '../controls/state-badge.tsx'
import { useCommands, useLab } from '../lab.tsx'
import { webAddress } from '../message/spans.ts'

type Part = GatewayStatus['state'] | SeedStatus['state'] | JournalStatus['state']
const looks: Record<Part, { tone: Tone; icon: IconName; word: string }> = {
  none: { tone: 'idle', icon: 'off', word: 'None' },
  connecting: { tone: 'warn', icon: 'clock', word: 'Connecting' },
  waiting: { tone: 'warn', icon: 'clock', word: 'Waiting' },
  running: { tone: 'warn', icon: 'clock', word: 'Running' },
  up: { tone: 'good', icon: 'check', word: 'Up' },
  done: { tone: 'good', icon: 'check', word: 'Done' },
  down: { tone: 'bad', icon: 'failed', word: 'Down' },
  failed: { tone: 'bad', icon: 'failed', word: 'Failed' },
}

/** Whether the Lab, its simulators and the fleet behind it are all there. */
export function StatusPanel() {
  const info = useLab(state => state.info)
  const commands = useCommands()
  const [trouble, setTrouble] = useState<Trouble>()
  const [resetting, setResetting] = useState(false)
  if (info === undefined) return <p className="tray-calm">Loading…</p>
  const { gateway, journal, seed, simulators } = info
  return (
    <div className="status">
      {trouble !== undefined && <TroubleNotice trouble={trouble} onDismiss={() => setTrouble(undefined)} />}
      <div className="status-grid">
        <section>
          <h3>Fleet</h3>
          <StatusRow name="Gateway" state={gateway.state} detail={gateway.why ?? gateway.url} />
          <StatusRow name="Journal" state={journal.state} detail={journal.why ?? `${journal.hops} hops seen`} />
          <ul className="link-list">
            {gateway.links
              .filter(link => webAddress(link.url) !== undefined)
              .map(link => (
                <li key={link.url}>
                  <a href={link.url} target="_blank" rel="noopener noreferrer">
                    {link.title} <Icon name="external" small />
                  </a>
                </li>
              ))}
          </ul>
        </section>
        <section>
          <h3>Demo tenants</h3>
          <StatusRow name="Set-up" state={seed.state} detail={`${seed.tenants.length} ${seed.tenants.length === 1 ? 'tenant' : 'tenants'}`} />
          <ol className="seed-steps">
            {seed.steps.map(step => (
              <li key={`${step.at} ${step.step}`} className={step.ok ? 'trouble-idle' : 'trouble-bad'}>
                <Icon name={step.ok ? 'check' : 'failed'} small />
                <span>
                  <span className="visually-hidden">{step.ok ? 'done: ' : 'failed: '}</span>
                  {step.step}
                  {step.message === undefined ? '' : `: ${step.message}`}
                </span>
              </li>
            ))}
          </ol>
          <div className="status-buttons">
            <Button
              icon="refresh"
              disabled={seed.state === 'running'}
              onClick={() => void commands.seed().then(answer => setTrouble(answer.ok ? undefined : answer.trouble))}
            >
              Set up again
            </Button>
            <Button icon="trash" onClick={() => setResetting(true)}>
              Clear the Lab
            </Button>
          </div>
        </section>
        <section className="status-simulators">
          <h3>Simulators</h3>
          <ul>
            {simulators.map(simulator => (
              <li key={simulator.id}>
                <StatusRow name={simulator.label} state={simulator.up ? 'up' : 'down'} detail={simulator.url} />
                <CopyButton text={simulator.url} what={`address of ${simulator.label}`} />
              </li>
            ))}
          </ul>
        </section>
      </div>
      {resetting && (
        <Dialog title="Clear the Lab?" onClose={() => setResetting(false)}>
          <p>All phones, conversations, journeys and traffic go from the Lab. Accounts, tenants and faults stay.</p>
          <div className="form-end">
            <Button onClick={() => setResetting(false)}>Keep them</Button>
            <Button
              look="danger"
              onClick={() => {
                setResetting(false)
                void commands.reset().then(answer => setTrouble(answer.ok ? undefined : answer.trouble))
              }}
            >
              Clear the Lab
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  )
}

function StatusRow({ name, state, detail }: { name: string; state: Part; detail: string | undefined }) {
  const look = looks[state]
  return (
    <div className="status-row">
      <span>{name}</span>
      <StateBadge tone={look.tone} icon={look.icon}>
        {look.word}
      </StateBadge>
      {detail !== undefined && <span className="status-detail">{detail}</span>}
    </div>
  )
}
