import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectors } from '@um/catalog'
import { asyncApi } from '@um/shared/asyncapi'
import { withCapabilityTable } from '@um/testing/conformance-table'
import { stringify } from 'yaml'
import { version } from '../packages/shared/src/service/version.ts'
import { homePageTags } from './home-page-tags.ts'

/** Files that are made from code. Without arguments they are written; with --check they are compared, and a difference is an error. */
const root = join(import.meta.dirname, '..')

function generated(): { path: string; text: string }[] {
  const readmes = [...connectors.values()].map(definition => {
    const path = join('services', `${definition.id}-connector`, 'README.md')
    return { path, text: withCapabilityTable(readFileSync(join(root, path), 'utf8'), definition) }
  })
  return [
    { path: 'docs/asyncapi.yaml', text: stringify(asyncApi(version), { lineWidth: 160, aliasDuplicateObjects: false }) },
    { path: 'packages/catalog/src/home-page-tags.ts', text: homePageTags([...connectors.values()]) },
    ...readmes,
  ]
}

const check = process.argv.includes('--check')
const stale = generated().filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
if (check) {
  for (const { path } of stale) process.stderr.write(`${path} is not up to date: run "pnpm generate"\n`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const { path, text } of stale) {
    writeFileSync(join(root, path), text)
    process.stdout.write(`${path} written\n`)
  }
}
