import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Licences {
  packages: { name: string; version: string; licence: string; text: number | null }[]
  /** each licence text once, however many packages have it */
  texts: string[]
}
interface Manifest {
  name?: string
  version?: string
  license?: string | { type?: string }
  licenses?: { type?: string }[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** Bundled into the page; elsewhere only tools are development dependencies. */
const pagePackages = ['@tanstack/react-query', 'i18next', 'react', 'react-aria-components', 'react-dom', 'react-i18next', 'zxcvbn']

/** Software of others in what is shipped: what the services' packages depend on at run time, and what the configuration page is made of. */
export function findLicences(repository: string): Licences {
  const found = new Map<string, { name: string; version: string; licence: string; text: string | undefined }>()
  const visited = new Set<string>()

  function visit(folder: string, names: readonly string[]): void {
    for (const name of names) {
      const place = resolve(folder, name)
      if (place === undefined || visited.has(place)) continue
      visited.add(place)
      const manifest = readManifest(place)
      if (!place.includes(`${join('/', 'node_modules')}/`)) {
        visit(place, Object.keys(manifest.dependencies ?? {}))
        continue
      }
      const version = manifest.version ?? ''
      found.set(`${name}@${version}`, { name, version, licence: licenceOf(manifest), text: licenceText(place) })
      visit(place, Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
    }
  }
  for (const service of readdirSync(join(repository, 'services'))) {
    const folder = join(repository, 'services', service)
    if (existsSync(join(folder, 'package.json'))) visit(folder, Object.keys(readManifest(folder).dependencies ?? {}))
  }
  visit(join(repository, 'services/config'), pagePackages)

  const all = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
  const texts = [...new Set(all.flatMap(({ text }) => text ?? []))]
  return { packages: all.map(({ text, ...rest }) => ({ ...rest, text: text === undefined ? null : texts.indexOf(text) })), texts }
}

/** As Node finds it: in `node_modules` of the folder, or of a folder above. */
function resolve(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (dirname(at) === at) return undefined
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function licenceOf({ license, licenses }: Manifest): string {
  if (typeof license === 'string') return license
  return license?.type ?? licenses?.map(({ type }) => type).join(' or ') ?? 'unknown'
}

function licenceText(folder: string): string | undefined {
  const name = readdirSync(folder).find(each => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(each))
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8').trim()
}
