import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Something that is bundled: a program for Node, or a page for browsers. */
export interface Target {
  /** 'telegram-connector', 'lab', 'lab page' */
  name: string
  kind: 'program' | 'page'
  /** relative to the repository, like all paths here */
  entry: string
  outputFolder: string
}

/** All that can be built now: a folder without an entry file is not there yet, or has nothing to build. */
export function findTargets(repository: string): Target[] {
  const services = folders(repository, 'services').map(path => program(path, 'src/index.ts'))
  const packages = folders(repository, 'packages').map(path => program(path, 'src/main.ts'))
  const pages = [...folders(repository, 'services'), ...folders(repository, 'packages')].map(page)
  return [...services, ...packages, ...pages].filter(({ entry }) => existsSync(join(repository, entry)))
}

/** `names`: services or packages; their pages come with them. Throws on a name that nothing has. */
export function chosenTargets(all: readonly Target[], names: readonly string[]): Target[] {
  if (names.length === 0) return [...all]
  const unknown = names.filter(name => !all.some(target => target.name === name))
  if (unknown.length > 0) throw new Error(`nothing to build has the name ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`)
  return all.filter(target => names.some(name => target.name === name || target.name === pageName(name)))
}

function program(path: string, entry: string): Target {
  return { name: nameOf(path), kind: 'program', entry: join(path, entry), outputFolder: join(path, 'dist') }
}

function page(path: string): Target {
  return { name: pageName(nameOf(path)), kind: 'page', entry: join(path, 'src/page/main.tsx'), outputFolder: join(path, 'dist/page') }
}

function pageName(name: string): string {
  return `${name} page`
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path
}

function folders(repository: string, parent: string): string[] {
  return readdirSync(join(repository, parent), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => join(parent, name))
    .sort()
}
