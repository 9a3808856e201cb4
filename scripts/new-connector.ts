import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { addToCatalog, addToChart } from './new-connector/places.ts'
import { skeleton } from './new-connector/skeleton.ts'

/** `pnpm new-connector acme --label "Acme Chat"`: one folder, one catalog line, one chart entry. Its conformance spec fails until the connector is one. */
const usage = 'pnpm new-connector <id> [--label "Shown Name"] [--role messaging|cx] [--root <repository>]'
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { label: { type: 'string' }, role: { type: 'string', default: 'messaging' }, root: { type: 'string', default: join(import.meta.dirname, '..') } },
})
const id = positionals[0]
const role = (['messaging', 'cx'] as const).find(known => known === values.role)
if (id === undefined || !/^[a-z][a-z0-9]{1,30}$/.test(id) || role === undefined) {
  process.stderr.write(`${usage}\nThe id is lower-case letters and digits; service, queues, chart and image are named after it.\n`)
  process.exit(2)
}
const folder = join('services', `${id}-connector`)
if (existsSync(join(values.root, folder))) {
  process.stderr.write(`${folder} exists already\n`)
  process.exit(1)
}
const facts = { id, label: values.label ?? `${id.charAt(0).toUpperCase()}${id.slice(1)}`, role }

write(Object.entries(skeleton(facts)).map(([path, text]) => ({ path: join(folder, path), text })))
const catalog = 'packages/catalog/src/index.ts'
const catalogPackage = 'packages/catalog/package.json'
const added = addToCatalog(read(catalog), read(catalogPackage), facts)
const chart = addToChart(read('charts/universal-messaging/Chart.yaml'), read('charts/universal-messaging/values.yaml'), facts)
write([
  { path: catalog, text: added.index },
  { path: catalogPackage, text: added.manifest },
  { path: 'charts/universal-messaging/Chart.yaml', text: chart.chart },
  { path: 'charts/universal-messaging/values.yaml', text: chart.values },
])
process.stdout.write(`
Next: pnpm install, then make its conformance spec pass, file by file:
  definition.ts, webhook.ts, schema.ts, parse.ts, render.ts, api.ts, README.md
  pnpm jest --selectProjects unit --testPathPatterns ${folder}
docs/adding-a-connector.md tells the rest.
`)

function read(path: string): string {
  return readFileSync(join(values.root, path), 'utf8')
}
function write(files: { path: string; text: string }[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(values.root, path)), { recursive: true })
    writeFileSync(join(values.root, path), text)
    process.stdout.write(`${path}\n`)
  }
}
