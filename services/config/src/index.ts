import { join } from 'node:path'
import { runService } from '@um/shared/service'
import { readFiles } from './files.ts'
import { site } from './site.ts'

/** Beside the bundle; started from the sources, where the bundle would be. */
const pageFolder = import.meta.filename.endsWith('.mjs') ? join(import.meta.dirname, 'page') : join(import.meta.dirname, '../dist/page')

await runService({
  name: 'config',
  label: 'Configuration',
  plumbing: false,
  async setup({ app, environment }) {
    app.use(site(readFiles(pageFolder), { https: environment.publicUrl.startsWith('https:') }))
  },
})
