/** On or off, at once. `label` names what is switched, not the state it is in. */
export function Switch({ label, on, busy = false, onChange }: { label: string; on: boolean; busy?: boolean; onChange: (on: boolean) => void }) {
  return (
    <button type="button" role="switch" className="switch" aria-checked={on} aria-label={label} aria-busy={busy} onClick={() => busy || onChange(!on)}>
      <span className="switch-track" aria-hidden="true">
        <span className="switch-knob" />
      </span>
      <span className="switch-word" aria-hidden="true">
        {on ? 'On' : 'Off'}
      </span>
    </button>
  )
}
