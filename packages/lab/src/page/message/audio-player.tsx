import { useRef, useState } from 'react'
import { IconButton } from '../controls/button.tsx'

/** Play, pause and seek: the browser's own player is too wide for a message, and follows no theme. */
export function AudioPlayer({
  url,
  label,
  durationSeconds,
  onBroken,
}: {
  url: string
  label: string
  durationSeconds: number | undefined
  onBroken: () => void
}) {
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [length, setLength] = useState(durationSeconds ?? 0)

  function toggle(): void {
    const element = audio.current
    if (element === null) return
    if (playing) element.pause()
    // Refused when the file cannot be played: `onError` tells.
    else void element.play().catch(() => undefined)
  }

  return (
    <div className="audio-player">
      {/* biome-ignore lint/a11y/useMediaCaption: people send voice messages without captions */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={event => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={event => {
          if (Number.isFinite(event.currentTarget.duration)) setLength(event.currentTarget.duration)
        }}
        onError={onBroken}
      />
      <IconButton icon={playing ? 'pause' : 'play'} label={playing ? `Pause ${label}` : `Play ${label}`} look="primary" onClick={toggle} />
      <input
        type="range"
        className="audio-seek"
        aria-label={`Position in ${label}`}
        min={0}
        max={Math.max(length, 0.1)}
        step={0.1}
        value={Math.min(at, length)}
        onChange={event => {
          const to = Number(event.target.value)
          setAt(to)
          if (audio.current !== null) audio.current.currentTime = to
        }}
      />
      <span className="audio-time">{minutes(playing || at > 0 ? at : length)}</span>
    </div>
  )
}

function minutes(seconds: number): string {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 60)}:${(whole % 60).toString().padStart(2, '0')}`
}
