import { type ReactNode, useMemo } from 'react'
import type { Body } from '../../protocol.ts'
import { ShortTime } from '../controls/time.tsx'
import { BodyView } from './body-view.tsx'
import type { OnPress } from './press.ts'

/** Pictures and offers fill the bubble; words need air around them. */
const widthless = new Set<Body['kind']>(['photo', 'video', 'animation', 'videoNote', 'location'])

/** One message. `own`: written by the person whose screen this is. */
export function Bubble({
  body,
  at,
  own,
  writer,
  ghost = false,
  edited = false,
  status,
  above,
  below,
  onPress,
}: {
  body: Body
  at: string
  own: boolean
  /** who wrote it, for those who do not see on which side it stands */
  writer: string
  /** it was written but the reader never saw it */
  ghost?: boolean
  edited?: boolean
  status?: ReactNode
  above?: ReactNode
  below?: ReactNode
  onPress?: OnPress | undefined
}) {
  const classes = [
    'bubble',
    own ? 'bubble-own' : 'bubble-other',
    ghost ? 'bubble-ghost' : '',
    widthless.has(body.kind) ? 'bubble-media' : '',
    body.kind === 'sticker' ? 'bubble-bare' : '',
  ]
  const view = useMemo(() => <BodyView body={body} onPress={onPress} />, [body, onPress])
  return (
    <article className={classes.filter(name => name !== '').join(' ')} aria-label={writer}>
      {above}
      <div className="bubble-body">
        {view}
        <div className="bubble-foot">
          {edited && <span>edited</span>}
          <ShortTime at={at} />
          {status}
        </div>
      </div>
      {below}
    </article>
  )
}

/** Something that happened: stands between the messages. */
export function EventLine({ text, at }: { text: string; at: string }) {
  return (
    <p className="event-line">
      {text} <ShortTime at={at} />
    </p>
  )
}
