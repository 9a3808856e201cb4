import { useSiteFile } from '../api/queries.ts'
import { Icon } from '../controls/icon.tsx'
import { useText } from '../i18n/i18n.tsx'

interface Download {
  service: string
  name: string
  href: string
}

/** What a service brings along for its admins. Nothing is shown of a service that this version does not have. */
function ServiceDownload({ service, wanted, title, text }: { service: string; wanted: RegExp; title: string; text: string }) {
  const downloads = useSiteFile<Download[]>('downloads.json')
  const found = downloads.data?.find(each => each.service === service && wanted.test(each.name))
  if (found === undefined) return null
  return (
    <div className="part part-download">
      <div>
        <h3>{title}</h3>
        <p className="soft">{text}</p>
      </div>
      <a className="button button-quiet" href={found.href} download={found.name}>
        <Icon name="download" small />
        {found.name}
      </a>
    </div>
  )
}

export function InboundFlowSample() {
  const t = useText()
  return <ServiceDownload service="gcloudcx-connector" wanted={/\.ya?ml$/} title={t('part.flow')} text={t('part.flowText')} />
}
export function DialogflowAgent() {
  const t = useText()
  return <ServiceDownload service="commander" wanted={/\.zip$/} title={t('part.agent')} text={t('part.agentText')} />
}
