import type { PartFlow, Tenant } from '../api/types.ts'
import { Notice } from '../controls/notice.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'
import { flowWords } from './flow-words.ts'

const tones = { open: 'info', limited: 'info', broken: 'warn', paused: 'bad' } as const

/** For the editor of a part: why its messages do not move. */
export function FlowNotice({ flow }: { flow: PartFlow }) {
  const t = useText()
  const format = useFormat()
  const words = flowWords(t, format, flow)
  if (words === undefined) return null
  return (
    <Notice tone={tones[flow.state]} title={words}>
      {flow.since !== null && <p>{t('flow.since', { time: format.dateTime(flow.since) })}</p>}
    </Notice>
  )
}

/** For a row of a list: a line for each platform of the tenant at which messages wait. `label`: of a platform, by its id. */
export function FlowLines({ tenant, label }: { tenant: Tenant; label(id: string): string }) {
  const t = useText()
  const format = useFormat()
  return (['messaging', 'cxPlatform'] as const).map(part => {
    const { flow } = tenant.status[part]
    const words = flowWords(t, format, flow)
    if (words === undefined) return null
    return (
      <p key={part} className={flow.state === 'paused' || flow.state === 'broken' ? 'row-error' : 'row-note'}>
        <strong>{label(tenant[part].type)}</strong> {words}
      </p>
    )
  })
}
