import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '@um/testing'
import { repository } from '@um/testing/repository'

/** How Node runs in a container: the same facts from which the image is made. */
interface Runtime {
  heapPercent: number
  v8Flags: string[]
  roomy: { fromMebibytes: number; v8Flags: string[] }
  environment: Record<string, string>
}
export function readRuntime(): Runtime {
  return JSON.parse(readFileSync(join(repository, 'docker/runtime.json'), 'utf8')) as Runtime
}

/** What those are tuned for whose memory is not what is measured: the flags of a container that has room. */
export const roomyMiB = 256

/** V8's flags within a container of so many MiB. */
export function containerFlags(memoryMiB: number): string[] {
  const { heapPercent, v8Flags, roomy } = readRuntime()
  return [`--max-old-space-size=${Math.floor((memoryMiB * heapPercent) / 100)}`, ...(memoryMiB < roomy.fromMebibytes ? v8Flags : roomy.v8Flags)]
}

/** Who is charged for the pages of Node's program: the container itself, or somebody who read them before. */
export type PageCache = 'own' | 'shared'

/** What an image holds of a service. */
export interface Program {
  node: string
  bundle: string
  compileCache: string
}

/**
 * Lays a service out as docker/assemble.sh does: Node without symbols, the bundle, a compile cache made by starting once. Each has its own copy of Node, so that a control group is charged for
 * its file pages as a container would be that is the first of its image on a machine.
 */
export async function layOut(service: string, memoryMiB: number, pageCache: PageCache = 'own'): Promise<Program> {
  const folder = join(repository, '.cache/bench/image', service)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const node = join(folder, 'node')
  copyFileSync(process.execPath, node)
  await run('strip', ['--strip-unneeded', node]).catch(() => undefined)
  cpSync(join(repository, 'services', service, 'dist'), folder, { recursive: true })
  const program = { node, bundle: join(folder, 'main.mjs'), compileCache: join(folder, 'compile-cache') }
  // without settings it stops at once, but by then all of it is compiled
  await run(node, [...containerFlags(memoryMiB), program.bundle], { env: { NODE_COMPILE_CACHE: program.compileCache }, withinMs: 20_000 }).catch(
    () => undefined,
  )
  if (!existsSync(program.compileCache)) throw new Error(`${service} has left no compile cache`)
  if (pageCache === 'own') await forget([node, program.bundle])
  else for (const file of [node, program.bundle]) readFileSync(file)
  return program
}

/** Takes files out of the page cache, so that the next to read them is charged. Where that cannot be done they stay charged to nobody. */
async function forget(files: readonly string[]): Promise<void> {
  for (const file of files) await run('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none']).catch(() => undefined)
}
