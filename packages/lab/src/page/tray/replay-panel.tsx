import { useRef, useState } from 'react'
import { Button } from '../controls/button.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { inOrder } from '../controls/in-order.ts'
import { TroubleNotice } from '../controls/notice.tsx'
import { useCommands, useLab, useStore } from '../lab.tsx'
import { type Progress, runScript, type StepState } from '../script/run.ts'
import { type Script, scripts } from '../script/scripts.ts'
import { stageOn } from '../script/stage.ts'
import { stepInWords } from '../script/words.ts'

const looks: Record<StepState, { icon: IconName; word: string }> = {
  waiting: { icon: 'circle', word: 'to come' },
  running: { icon: 'clock', word: 'now' },
  done: { icon: 'check', word: 'done' },
  skipped: { icon: 'right', word: 'passed over: this platform has no such thing' },
  failed: { icon: 'failed', word: 'failed' },
}

/** Sample conversations that play themselves on the phone and at the desk. */
export function ReplayPanel() {
  const store = useStore()
  const commands = useCommands()
  const ready = useLab(state => state.account !== undefined)
  const [script, setScript] = useState<Script>(scripts[0])
  const [progress, setProgress] = useState<Progress>()
  const [running, setRunning] = useState(false)
  const stop = useRef(false)

  async function play(): Promise<void> {
    stop.current = false
    setRunning(true)
    await runScript(script.steps, stageOn(store, commands), () => stop.current, setProgress)
    setRunning(false)
  }

  return (
    <div className="replay">
      <fieldset className="replay-list" aria-label="Sample conversations">
        {scripts.map(one => (
          <label key={one.id} className={one.id === script.id ? 'replay-script replay-script-chosen' : 'replay-script'}>
            <input
              type="radio"
              name="script"
              checked={one.id === script.id}
              disabled={running}
              onChange={() => {
                setScript(one)
                setProgress(undefined)
              }}
            />
            <span>
              <strong>{one.title}</strong>
              <span>{one.about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="replay-run">
        <div className="replay-head">
          {running ? (
            <Button icon="stop" onClick={() => (stop.current = true)}>
              Stop
            </Button>
          ) : (
            <Button look="primary" icon="play" disabled={!ready} onClick={() => void play()}>
              Replay it
            </Button>
          )}
          <p>{ready ? 'Plays on the phone in hand, or on a new guest’s.' : 'There is no account to write to yet.'}</p>
        </div>
        {progress?.trouble !== undefined && <TroubleNotice trouble={progress.trouble} onDismiss={() => setProgress({ states: progress.states })} />}
        <ol className="replay-steps">
          {inOrder(script.steps).map(({ key, item: step }) => {
            const state = progress?.states[key] ?? 'waiting'
            return (
              <li key={key} className={`replay-step replay-step-${state}`}>
                <Icon name={looks[state].icon} small />
                <span className="visually-hidden">{looks[state].word}: </span>
                <span className="replay-who">{step.who === 'guest' ? 'Guest' : step.who === 'agent' ? 'Agent' : 'Lab'}</span>
                <span>{stepInWords(step)}</span>
              </li>
            )
          })}
        </ol>
      </div>
    </div>
  )
}
