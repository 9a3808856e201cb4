import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const repository = join(import.meta.dirname, '..')
let copy: string

/** A copy of what a new connector touches, with this repository's packages. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'um-new-connector-'))
  for (const path of [
    'packages/catalog/src',
    'packages/catalog/package.json',
    'charts/universal-messaging/Chart.yaml',
    'charts/universal-messaging/values.yaml',
  ]) {
    cpSync(join(repository, path), join(copy, path), { recursive: true })
  }
  execFileSync(process.execPath, [join(repository, 'scripts/new-connector.ts'), 'acme', '--label', 'Acme Chat', '--root', copy], { stdio: 'pipe' })
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

describe('pnpm new-connector', () => {
  it('adds one line to the catalog and one entry to the chart', () => {
    expect(readFileSync(join(copy, 'packages/catalog/src/index.ts'), 'utf8')).toMatch(/byId\(\[telegram, gcloudcx.*, acme\]\)/)
    expect(readFileSync(join(copy, 'packages/catalog/package.json'), 'utf8')).toContain('"@um/acme-connector": "workspace:*"')
    expect(readFileSync(join(copy, 'charts/universal-messaging/values.yaml'), 'utf8')).toContain(
      '\nacme-connector: { enabled: true, kind: connector, path: /acme,',
    )
    expect(readFileSync(join(copy, 'charts/universal-messaging/Chart.yaml'), 'utf8')).toContain('alias: acme-connector,')
  })

  it('writes a connector that type-checks against the contract', () => {
    const folder = join(copy, 'services/acme-connector')
    mkdirSync(join(folder, 'node_modules/@um'), { recursive: true })
    symlinkSync(join(repository, 'packages/shared'), join(folder, 'node_modules/@um/shared'))
    symlinkSync(join(repository, 'packages/testing'), join(folder, 'node_modules/@um/testing'))
    symlinkSync(join(repository, 'packages/shared/node_modules/zod'), join(folder, 'node_modules/zod'))
    const options = JSON.parse(readFileSync(join(repository, 'tsconfig.base.json'), 'utf8')) as { compilerOptions: Record<string, unknown> }
    const flags = Object.entries(options.compilerOptions).flatMap(([name, value]) =>
      name === 'types' ? [] : [`--${name}`, Array.isArray(value) ? value.join(',') : String(value)],
    )

    const run = () =>
      execFileSync(
        join(repository, 'node_modules/.bin/tsc'),
        [...flags, '--types', 'node', '--typeRoots', join(repository, 'node_modules/@types'), join(folder, 'src/index.ts')],
        {
          stdio: 'pipe',
          cwd: copy,
        },
      )

    expect(run).not.toThrow()
  }, 60_000)

  it('refuses a name that cannot be a service', () => {
    const run = () => execFileSync(process.execPath, [join(repository, 'scripts/new-connector.ts'), 'Bad-Name', '--root', copy], { stdio: 'pipe' })

    expect(run).toThrow(/lower-case letters and digits/)
  })
})
