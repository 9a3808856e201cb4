import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installDebianPackages } from './debian-packages.ts'
import { run } from './process.ts'

export type Need = 'redis' | 'rabbitmq' | 'chromium' | 'faketime'
export type Source = { kind: 'docker' } | { kind: 'binary'; path: string }

interface Recipe {
  programs: string[]
  /** looked through before the PATH */
  folders: string[]
  packages: string[]
  container: boolean
}

const recipes: Record<Need, Recipe> = {
  redis: { programs: ['redis-server'], folders: [], packages: ['redis-server'], container: true },
  // on Debian, the `rabbitmq-server` of the PATH is a wrapper that always becomes the package's user
  rabbitmq: { programs: ['rabbitmq-server'], folders: ['/usr/lib/rabbitmq/bin'], packages: ['rabbitmq-server'], container: true },
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], folders: [], packages: ['chromium'], container: false },
  faketime: { programs: ['faketime'], folders: [], packages: ['faketime'], container: false },
}

const found = new Map<Need, Promise<Source>>()

/**
 * Where Redis, RabbitMQ or a browser comes from: a container engine that answers, else a program on this machine, else a Debian package that is installed now.
 * Throws one line that says what to install when none of these can be had. The environment variable PROVISION (`docker` or `binaries`) narrows the choice.
 */
export function provide(need: Need): Promise<Source> {
  const known = found.get(need)
  if (known !== undefined) return known
  const answer = decide(need)
  found.set(need, answer)
  return answer
}

/** All at once: one visit to the package manager instead of three. */
export async function provideAll(needs: readonly Need[], tell: (line: string) => void): Promise<void> {
  const docker = await dockerAnswers()
  const missing = needs.filter(need => !(docker && recipes[need].container) && locate(need) === undefined)
  if (missing.length > 0) await install(missing, tell)
  for (const need of needs) await provide(need)
}

/** A Chromium for browser tests. */
export async function chromiumPath(): Promise<string> {
  const source = await provide('chromium')
  if (source.kind !== 'binary') throw new Error('chromium is used as a program of this machine')
  return source.path
}

async function decide(need: Need): Promise<Source> {
  if (recipes[need].container && (await dockerAnswers())) return { kind: 'docker' }
  const present = locate(need)
  if (present !== undefined) return { kind: 'binary', path: present }
  await install([need], () => undefined)
  const installed = locate(need)
  if (installed === undefined) throw new Error(`the package of ${need} was installed, but its program was not found`)
  return { kind: 'binary', path: installed }
}

async function install(needs: readonly Need[], tell: (line: string) => void): Promise<void> {
  const packages = needs.flatMap(need => recipes[need].packages)
  const possible = process.env.PROVISION !== 'docker' && process.getuid?.() === 0 && find('apt-get', []) !== undefined
  if (!possible) throw new Error(advice(needs, packages))
  tell(`installing ${packages.join(', ')} (Debian packages)`)
  await installDebianPackages(packages)
}

function advice(needs: readonly Need[], packages: string[]): string {
  const container = needs.some(need => recipes[need].container) ? 'start Docker, or ' : ''
  return `${needs.join(' and ')} missing: ${container}install ${packages.join(' and ')} (e.g. "sudo apt-get install ${packages.join(' ')}", "brew install ${needs.join(' ')}")`
}

let docker: Promise<boolean> | undefined

function dockerAnswers(): Promise<boolean> {
  docker ??= askDocker()
  return docker
}

async function askDocker(): Promise<boolean> {
  const choice = process.env.PROVISION
  if (choice === 'binaries') return false
  if (choice === 'docker') return true
  if (find('docker', []) === undefined) return false
  try {
    await run('docker', ['info', '--format', '{{.ServerVersion}}'], { withinMs: 10_000 })
    return true
  } catch {
    return false
  }
}

function locate(need: Need): string | undefined {
  const recipe = recipes[need]
  for (const program of recipe.programs) {
    const path = find(program, recipe.folders)
    if (path !== undefined) return path
  }
  return undefined
}

function find(program: string, folders: string[]): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter)
  return [...folders, ...path, '/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/sbin']
    .filter(folder => folder !== '')
    .map(folder => join(folder, program))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
