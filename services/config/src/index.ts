import { join } from 'node:path'
import { homePageTags } from '@um/catalog/home-page-tags'
import { runService } from '@um/shared/service'
import { askPage } from './ask-page.ts'
import { readFiles } from './files.ts'
import { homePage, keepUpToDate } from './home-page.ts'
import { site } from './site.ts'

/** Beside the bundle; started from the sources, where the bundle would be. */
const pageFolder = import.meta.filename.endsWith('.mjs') ? join(import.meta.dirname, 'page') : join(import.meta.dirname, '../dist/page')
const every = { milliseconds: 60_000, unansweredMilliseconds: 10_000 }
/** Of a page with a tag: a thousand tenants have less. */
const limits = { milliseconds: 2000, bytes: 256 * 1024 }

await runService({
  name: 'config',
  label: 'Configuration',
  plumbing: false,
  async setup({ app, environment, log, stopping }) {
    const ask = (connector: string, path: string) => askPage(`${environment.serviceUrl(`${connector}-connector`)}${path}`, limits)
    const home = homePage(readFiles(pageFolder), homePageTags, ask, log)
    // before the first visitor: a platform that looks again must not miss a tag because this service was started anew
    await keepUpToDate(home, every, stopping)
    app.use(site(home.files, { https: environment.publicUrl.startsWith('https:') }))
  },
})
