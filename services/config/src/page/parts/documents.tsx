import { useState } from 'react'
import { usePlatformDocument } from '../api/queries.ts'
import type { PlatformDocument } from '../api/types.ts'
import { Button } from '../controls/button.tsx'
import { CopyButton } from '../controls/copy-button.tsx'
import { saveFile } from '../controls/save-file.ts'
import { Scrolling } from '../controls/scrolling.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { HelpText } from '../forms/help-text.tsx'
import { Loading } from '../frame/page.tsx'
import { useLanguage, useText } from '../i18n/i18n.tsx'
import { shownDocuments } from './platform-documents.ts'
import type { PartProps } from './registry.tsx'

/** What an admin brings to the console of the platform, made for this installation; there before the tenant is. */
export function PlatformDocuments({ platform }: PartProps) {
  const { catalog } = useLanguage()
  if (platform === undefined) return null
  return shownDocuments(catalog, platform).map(document => <Document key={document.name} platform={platform.id} document={document} />)
}

function Document({ platform, document: { name, title, help, mime } }: { platform: string; document: PlatformDocument }) {
  const t = useText()
  const [isOpen, setOpen] = useState(false)
  const content = usePlatformDocument(platform, name)
  return (
    <div className="part">
      <h3>{title}</h3>
      <p className="soft">
        <HelpText text={help} />
      </p>
      {content.data === undefined ? (
        content.error ? (
          <ProblemNotice error={content.error} onRetry={() => void content.refetch()} />
        ) : (
          <Loading label={t('common.loading')} rows={1} />
        )
      ) : (
        <>
          <div className="part-row">
            <CopyButton text={content.data} label={title} withWord />
            <Button icon="download" onClick={() => saveFile(name, content.data, mime)}>
              {t('part.download', { name })}
            </Button>
            <Button look="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {t(isOpen ? 'form.hide' : 'form.reveal')}
            </Button>
          </div>
          {isOpen && (
            <Scrolling className="code" label={title}>
              {content.data}
            </Scrolling>
          )}
        </>
      )}
    </div>
  )
}
