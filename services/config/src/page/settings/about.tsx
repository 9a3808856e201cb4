import { useState } from 'react'
import { useSiteFile, useStatus } from '../api/queries.ts'
import { Button } from '../controls/button.tsx'
import { Dialog, DialogButtons } from '../controls/dialog.tsx'
import { Notice } from '../controls/notice.tsx'
import { Scrolling } from '../controls/scrolling.tsx'
import { SearchBox } from '../controls/search-box.tsx'
import { ProblemNotice } from '../document/problem-notice.tsx'
import { Section } from '../forms/section.tsx'
import { Loading } from '../frame/page.tsx'
import { useText } from '../i18n/i18n.tsx'

interface AboutFile {
  version: string
  packages: { name: string; version: string; licence: string; text: number | null }[]
  texts: string[]
}

/** Which version this is, of the site and of the API, and whose software is inside. */
export function About() {
  const t = useText()
  const about = useSiteFile<AboutFile>('about.json')
  const status = useStatus()
  const [search, setSearch] = useState('')
  const [shownText, setShownText] = useState<{ name: string; text: string }>()
  if (about.data === undefined)
    return about.error ? <ProblemNotice error={about.error} onRetry={() => void about.refetch()} /> : <Loading label={t('common.loading')} />
  const { version, packages, texts } = about.data
  const shown = packages.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(search.trim().toLowerCase()))
  return (
    <>
      <Section title={t('about.versions')}>
        <dl className="facts">
          <div>
            <dt>{t('about.site')}</dt>
            <dd>{version}</dd>
          </div>
          <div>
            <dt>{t('about.api')}</dt>
            <dd>{status.data?.version ?? '–'}</dd>
          </div>
          <div>
            <dt>{t('about.deployment')}</dt>
            <dd>{status.data?.deployment ?? '–'}</dd>
          </div>
        </dl>
        {status.data !== undefined && status.data.version !== version && (
          <Notice tone="warn" title={t('about.different')}>
            <p>{t('about.differentText')}</p>
          </Notice>
        )}
        <p>
          <a href="/api/v1/openapi-ui">{t('about.apiDocs')}</a>
        </p>
      </Section>
      <Section title={t('about.licences')} text={t('about.licencesText')}>
        <div className="filters">
          <SearchBox label={t('about.search')} value={search} onChange={setSearch} />
        </div>
        <Scrolling className="table-box table-box-tall" label={t('about.licences')}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('about.package')}</th>
                <th scope="col">{t('about.version')}</th>
                <th scope="col">{t('about.licence')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name, version: of, licence, text }) => (
                <tr key={`${name}@${of}`}>
                  <th scope="row">{name}</th>
                  <td>{of}</td>
                  <td>
                    {text === null ? (
                      licence
                    ) : (
                      <button type="button" className="link-button" onClick={() => setShownText({ name, text: texts[text] ?? '' })}>
                        {licence}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      </Section>
      {shownText && (
        <Dialog title={shownText.name} wide onClose={() => setShownText(undefined)}>
          <Scrolling className="code" label={t('about.licence')}>
            {shownText.text}
          </Scrolling>
          <DialogButtons>
            <Button look="primary" onClick={() => setShownText(undefined)}>
              {t('common.close')}
            </Button>
          </DialogButtons>
        </Dialog>
      )}
    </>
  )
}
