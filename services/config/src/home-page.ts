import type { KnownHomePageTag } from '@um/catalog/home-page-tags'
import type { Logger } from '@um/shared/log'
import { htmlFile, type SiteFile, type SiteFiles } from './files.ts'
import { readTags, type Tag, writeTags } from './tags.ts'

export interface HomePage {
  /** All files of the site as they are now: the page with the tags that are known, and a page for each tag that has one. */
  files(): SiteFiles
  /** Asks all connectors again; false: not all have answered, and what these told last stays as it was. Never throws. */
  refresh(): Promise<boolean>
}
interface Source {
  readonly connector: string
  readonly path: string
  readonly known: readonly KnownHomePageTag[]
  tags: readonly Tag[]
  /** undefined: not asked yet */
  answers: boolean | undefined
}

/** The home page of the host, where platforms look for the proof that a domain is a tenant's: connectors know their tenants' tags. `ask` gives the text of a connector's page. */
export function homePage(
  site: SiteFiles,
  known: readonly KnownHomePageTag[],
  ask: (connector: string, path: string) => Promise<string>,
  log: Logger,
): HomePage {
  const sources = sourcesOf(known)
  let files = site

  async function askFor(source: Source): Promise<void> {
    const { connector, path } = source
    try {
      source.tags = readTags(await ask(connector, path), new Set(source.known.map(({ name }) => name)))
      if (source.answers === false) log.info({ connector }, 'the connector tells its tags for the home page now')
      source.answers = true
    } catch (error) {
      // a connector that is not installed is nothing to worry about
      if (source.answers !== false) log.info({ connector, why: whyOf(error) }, 'the connector does not tell its tags for the home page')
      source.answers = false
    }
  }

  return {
    files: () => files,
    refresh: async () => {
      const before = allTags(sources)
      await Promise.all(sources.map(askFor))
      if (allTags(sources) !== before) files = withTags(site, sources)
      return sources.every(({ answers }) => answers)
    },
  }
}

/** Done when all connectors were asked once; goes on until `stopping`. One that does not answer may be about to start, so it is asked again soon. */
export async function keepUpToDate(home: HomePage, every: { milliseconds: number; unansweredMilliseconds: number }, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return
  const isComplete = await home.refresh()
  setTimeout(() => void keepUpToDate(home, every, stopping), isComplete ? every.milliseconds : every.unansweredMilliseconds).unref()
}

function sourcesOf(known: readonly KnownHomePageTag[]): Source[] {
  const byConnector = Map.groupBy(known, ({ connector }) => connector)
  return [...byConnector].map(([connector, tags]) => ({ connector, path: tags[0]?.path ?? '/', known: tags, tags: [], answers: undefined }))
}

function allTags(sources: readonly Source[]): string {
  return writeTags(sources.flatMap(({ tags }) => tags))
}

/** The site's own files come before pages for tags, whatever these are called. */
function withTags(site: SiteFiles, sources: readonly Source[]): SiteFiles {
  const index = site.get('/index.html')
  const tags = allTags(sources)
  if (index === undefined || tags === '') return site
  return new Map([...sources.flatMap(pagesOf), ...site, ['/index.html', htmlFile(inHead(index.bytes.toString('utf8'), tags))]])
}

function pagesOf({ known, tags }: Source): [string, SiteFile][] {
  return known.flatMap(({ name, file }) =>
    file === undefined
      ? []
      : tags.filter(tag => tag.name === name).map(tag => [`/${file.replace('*', tag.content)}`, htmlFile(pageOf(tag))] as [string, SiteFile]),
  )
}
function pageOf(tag: Tag): string {
  return inHead('<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Universal Messaging</title></head><body></body></html>', writeTags([tag]))
}
function inHead(page: string, tags: string): string {
  return page.replace('</head>', end => `${tags}${end}`)
}
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
