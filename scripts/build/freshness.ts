import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Built } from './bundle.ts'
import type { Target } from './targets.ts'

/** What makes bundles look as they do, apart from their sources. */
const recipe = ['scripts/build/bundle.ts', 'scripts/build/plugins.ts', 'pnpm-lock.yaml']
const record = 'built.json'

/** What was built last time, if nothing that it was made of has changed since. */
export function stillFresh(repository: string, target: Target): Built | undefined {
  try {
    const file = join(repository, target.outputFolder, record)
    const builtAt = statSync(file).mtimeMs
    const { inputs, bytes }: Built = JSON.parse(readFileSync(file, 'utf8'))
    const unchanged = [...inputs, ...recipe].every(path => statSync(join(repository, path)).mtimeMs < builtAt)
    return unchanged ? { inputs, bytes } : undefined
  } catch {
    // never built, or a source is gone
    return undefined
  }
}

/** `startedAt`: a source that changes while it is built counts as changed afterwards. */
export function remember(repository: string, target: Target, built: Built, startedAt: Date): void {
  const file = join(repository, target.outputFolder, record)
  writeFileSync(file, JSON.stringify(built))
  utimesSync(file, startedAt, startedAt)
}
