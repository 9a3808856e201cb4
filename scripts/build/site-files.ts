import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findLicences } from './licences.ts'

/** What the configuration site offers besides its page: files that administrators take from it, and whose software is inside. */
export function siteFiles(repository: string): { files: { name: string; contents: Buffer }[]; inputs: string[] } {
  const services = join(repository, 'services')
  const assets = readdirSync(services)
    .sort()
    .flatMap(service => assetsOf(join(services, service)).map(name => ({ service, name, path: join('services', service, 'assets', name) })))
  const downloads = assets.map(({ service, name, path }) => ({ name: `downloads/${service}/${name}`, contents: readFileSync(join(repository, path)) }))
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
  const json = (name: string, value: unknown) => ({ name, contents: Buffer.from(JSON.stringify(value)) })
  return {
    files: [
      ...downloads,
      json(
        'downloads.json',
        assets.map(({ service, name }) => ({ service, name, href: `/downloads/${service}/${name}` })),
      ),
      json('about.json', { version, ...findLicences(repository) }),
    ],
    inputs: ['package.json', ...assets.map(({ path }) => path)],
  }
}

function assetsOf(service: string): string[] {
  const folder = join(service, 'assets')
  return existsSync(folder) ? readdirSync(folder).sort() : []
}
