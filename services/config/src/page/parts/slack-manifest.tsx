import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { CopyButton } from '../controls/copy-button.tsx'
import { ExternalLink } from '../controls/link.tsx'
import { Scrolling } from '../controls/scrolling.tsx'
import { useForm } from '../forms/form-context.tsx'
import { valueAt } from '../forms/pointer.ts'
import { useText } from '../i18n/i18n.tsx'
import type { PartProps } from './registry.tsx'
import { slackManifest } from './slack-app-manifest.ts'

export function SlackManifest({ platform }: PartProps) {
  const t = useText()
  const form = useForm()
  const [isOpen, setOpen] = useState(false)
  if (!platform?.webhookUrl) return null
  const name = valueAt(form.document, '/name')
  const manifest = slackManifest({ address: platform.webhookUrl, name: typeof name === 'string' ? name : '' })
  return (
    <div className="part">
      <h3>{t('part.slackManifest')}</h3>
      <p className="soft">
        {t('part.slackManifestText')} <ExternalLink href="https://api.slack.com/apps">api.slack.com/apps</ExternalLink>
      </p>
      <div className="part-row">
        <CopyButton text={manifest} label={t('part.slackManifest')} withWord />
        <Button look="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'form.hide' : 'form.reveal')}
        </Button>
      </div>
      {isOpen && (
        <Scrolling className="code" label={t('part.slackManifest')}>
          {manifest}
        </Scrolling>
      )}
    </div>
  )
}
