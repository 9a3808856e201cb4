import { useLab } from '../lab.tsx'

/** Says what comes in, once, in one voice: the timelines themselves stay silent. */
export function Announcer() {
  const { seq, text } = useLab(state => state.announcement)
  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Incoming messages">
      {text !== '' && <p key={seq}>{text}</p>}
    </div>
  )
}
