import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

export interface PageFile {
  path: string
  contents: Uint8Array
}

/** The compressed forms of a file that gets smaller by it: servers send them as they are. */
export function pack({ path, contents }: PageFile): PageFile[] {
  if (!/\.(js|css|json|svg|yaml)$/.test(path) || contents.length < 1024) return []
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length }
  return [
    { path: `${path}.br`, contents: brotliCompressSync(contents, { params }) },
    { path: `${path}.gz`, contents: gzipSync(contents, { level: 9 }) },
  ]
}

/** Parts are named by their content: those of earlier builds would stay for ever. */
export function removeLeftovers(output: string, kept: readonly string[]): void {
  const names = new Set(kept)
  const folder = join(output, 'parts')
  for (const name of readParts(folder)) if (!names.has(join(folder, name))) rmSync(join(folder, name), { force: true })
}

function readParts(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
