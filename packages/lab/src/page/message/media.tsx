import { useState } from 'react'
import type { MediaView } from '../../protocol.ts'
import { Icon, type IconName } from '../controls/icon.tsx'
import { AudioPlayer } from './audio-player.tsx'

/** The box is as large as the picture will be, so that nothing jumps when it arrives. */
const boxWidth = 264
const boxHeight = 320

function fitted(media: MediaView): { width: number; height: number } {
  const { width, height } = media
  if (width === undefined || height === undefined || width === 0 || height === 0) return { width: boxWidth, height: 176 }
  const scale = Math.min(boxWidth / width, boxHeight / height, 1)
  return { width: Math.max(Math.round(width * scale), 48), height: Math.max(Math.round(height * scale), 48) }
}

export function Picture({ media, alt }: { media: MediaView; alt: string }) {
  const [broken, setBroken] = useState(false)
  if (broken) return <FileRow media={media} icon="photo" note="The picture cannot be shown." />
  return (
    <a className="media-link" href={media.url} target="_blank" rel="noopener noreferrer" aria-label={`Open ${alt}`}>
      <img className="media-picture" src={media.url} alt={alt} loading="lazy" {...fitted(media)} onError={() => setBroken(true)} />
    </a>
  )
}

export function Film({ media, label, loops = false }: { media: MediaView; label: string; loops?: boolean }) {
  const [broken, setBroken] = useState(false)
  if (broken) return <FileRow media={media} icon="video" note="This browser cannot play it." />
  return (
    <video
      className="media-film"
      src={media.url}
      controls
      preload="metadata"
      loop={loops}
      aria-label={label}
      {...fitted(media)}
      onError={() => setBroken(true)}
    />
  )
}

export function Sound({ media, label }: { media: MediaView; label: string }) {
  const [broken, setBroken] = useState(false)
  if (broken) return <FileRow media={media} icon="audio" note="This browser cannot play it." />
  return <AudioPlayer url={media.url} label={label} durationSeconds={media.durationSeconds} onBroken={() => setBroken(true)} />
}

export function FileRow({ media, icon = 'file', note }: { media: MediaView; icon?: IconName; note?: string }) {
  return (
    <a className="file-row" href={media.url} target="_blank" rel="noopener noreferrer" download={media.name}>
      <Icon name={icon} />
      <span className="file-row-text">
        <span className="file-row-name">{media.name}</span>
        <span className="file-row-size">{note ?? [sizeInWords(media.size), media.mime].filter(part => part !== '').join(' · ')}</span>
      </span>
    </a>
  )
}

export function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
