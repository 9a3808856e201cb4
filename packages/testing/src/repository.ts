import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export const repository = join(import.meta.dirname, '../../..')

/** The services that exist: folders with an entry file. */
export function findServices(root = repository): string[] {
  return readdirSync(join(root, 'services'))
    .filter(name => existsSync(join(root, 'services', name, 'src/index.ts')))
    .sort()
}

/** The guide's two paths that no connector's definition holds. */
const fixedPaths: Record<string, `/${string}`> = { api: '/api', config: '/' }

/** The public path of a service, from its definition. None: nothing outside calls it. */
export async function ingressPath(service: string, root = repository): Promise<`/${string}` | undefined> {
  const fixed = fixedPaths[service]
  if (fixed !== undefined) return fixed
  const file = join(root, 'services', service, 'src/definition.ts')
  if (!existsSync(file)) return undefined
  const exported: Record<string, unknown> = await import(pathToFileURL(file).href)
  return Object.values(exported).find(hasIngress)?.ingress
}

function hasIngress(value: unknown): value is { ingress: `/${string}` } {
  return typeof value === 'object' && value !== null && 'ingress' in value && typeof value.ingress === 'string' && value.ingress.startsWith('/')
}

/** All services keep their state in a Redis of their own, but for the web site, which has none. */
export function ownsRedis(service: string): boolean {
  return service !== 'config'
}
