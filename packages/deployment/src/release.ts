import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { staleFiles } from './generate.ts'
import { chart, repository } from './paths.ts'
import { provideHelm } from './provide-helm.ts'

export interface ReleaseOptions {
  /** folder for everything; made if it is not there */
  readonly output: string
  /** address under which the folder will be published */
  readonly url: string
  /** registry of the images in the list; none when empty */
  readonly registry: string
}

/** Packs the chart for a chart repository: the archive, `index.yaml`, `images.txt`, `install.sh` and `SHA256SUMS`. */
export function makeRelease({ output, url, registry }: ReleaseOptions): void {
  const stale = staleFiles()
  if (stale.length > 0) throw new Error(`not up to date: ${stale.join(', ')}`)
  mkdirSync(output, { recursive: true })
  const helm = provideHelm('3.17.1')
  execFileSync(helm, ['package', chart, '--destination', output], { stdio: ['ignore', 'ignore', 'inherit'] })
  execFileSync(helm, ['repo', 'index', output, '--url', url])
  writeFileSync(join(output, 'images.txt'), `${imageNames(registry).join('\n')}\n`)
  writeFileSync(join(output, 'install.sh'), readFileSync(join(repository, 'scripts/install.sh')), { mode: 0o755 })
  writeFileSync(join(output, 'SHA256SUMS'), checksums(output))
}

/** The images of everything that has code, as `docker/build.sh` names them. */
export function imageNames(registry: string): string[] {
  const options = registry === '' ? [] : ['--registry', registry]
  const list = execFileSync(join(repository, 'docker/build.sh'), ['--list', ...options], { encoding: 'utf8' })
  return list
    .trim()
    .split('\n')
    .map(line => line.split(' ')[1] ?? '')
}

/** In the format of `sha256sum --check`. */
function checksums(folder: string): string {
  const files = readdirSync(folder).filter(file => file !== 'SHA256SUMS')
  return files
    .sort()
    .map(
      file =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('')
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { output: { type: 'string', default: 'release' }, url: { type: 'string', default: '' }, registry: { type: 'string', default: '' } },
  })
  makeRelease({ ...values, output: resolve(values.output) })
}
