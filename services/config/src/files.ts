import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'

/** A file of the site, in memory with its compressed forms: there are few, and all but the home page never change while the service runs. */
export interface SiteFile {
  readonly type: string
  readonly etag: string
  readonly bytes: Buffer
  /** compressed at build time, by content coding */
  readonly packed: ReadonlyMap<string, Buffer>
  /** its name changes with its content */
  readonly isImmutable: boolean
}
export type SiteFiles = ReadonlyMap<string, SiteFile>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.yaml': 'application/yaml; charset=utf-8',
  '.zip': 'application/zip',
}
/** In the order of preference. */
export const codings = { br: '.br', gzip: '.gz' } as const
const notServed = new Set(['.map', '.br', '.gz'])

/** All files below `folder` by their path in the site, '/main.js'. Throws when the page has not been built. */
export function readFiles(folder: string): SiteFiles {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = new Set(found.map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')))
  const served = [...paths].filter(path => !notServed.has(extname(path)) && path !== 'built.json')
  if (!paths.has('index.html')) throw new Error(`there is no index.html in ${folder}: build the page first`)
  return new Map(served.map(path => [`/${path}`, readFile(folder, path, paths)]))
}

function readFile(folder: string, path: string, paths: ReadonlySet<string>): SiteFile {
  const bytes = readFileSync(join(folder, path))
  const packed = Object.entries(codings)
    .filter(([, suffix]) => paths.has(path + suffix))
    .map(([coding, suffix]) => [coding, readFileSync(join(folder, path + suffix))] as const)
  return {
    type: types[extname(path)] ?? 'application/octet-stream',
    etag: etagOf(bytes),
    bytes,
    packed: new Map(packed),
    isImmutable: path.startsWith('parts/'),
  }
}

/** A page that is made while the service runs. Nobody compresses it: it is small. */
export function htmlFile(text: string): SiteFile {
  const bytes = Buffer.from(text)
  return { type: types['.html'] ?? '', etag: etagOf(bytes), bytes, packed: new Map(), isImmutable: false }
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
}
