import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provideAll } from '@um/testing'
import { type Check, execute } from './gate/execute.ts'

/** All checks: format and lint, types, generated files, then the three groups of tests. The last line says how many passed. */
const root = join(import.meta.dirname, '..')
const results = mkdtempSync(join(tmpdir(), 'um-test-'))
const only = process.argv.slice(2)
const jest = (project: string, more: string[] = []): Check => ({
  name: project,
  command: [
    process.execPath,
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project,
    '--json',
    `--outputFile=${join(results, `${project}.json`)}`,
    ...more,
  ],
  tests: join(results, `${project}.json`),
})
const all: Check[] = [
  { name: 'lint', command: ['biome', 'check', '.'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'generated', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  { name: 'generated', command: [process.execPath, 'packages/deployment/src/generate.ts', '--check'] },
  jest('unit', ['--maxWorkers=100%']),
  // most of their time these wait for servers
  jest('plumbing', ['--maxWorkers=2', '--forceExit']),
  jest('fleet', ['--maxWorkers=2', '--forceExit']),
]
const checks = all.filter(check => only.length === 0 || only.includes(check.name))

interface Sum {
  passed: number
  failed: number
  skipped: string[]
}
const sum: Sum = { passed: 0, failed: 0, skipped: [] }
try {
  if (checks.some(({ name }) => name === 'plumbing' || name === 'fleet'))
    await provideAll(['redis', 'rabbitmq', 'chromium'], line => process.stdout.write(`${line}\n`))
  for (const check of checks) await account(check)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  sum.failed += 1
} finally {
  rmSync(results, { recursive: true, force: true })
}
for (const name of sum.skipped) process.stdout.write(`skipped: ${name}\n`)
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed${sum.skipped.length === 0 ? '' : `, ${sum.skipped.length} skipped`}\n`)
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1

async function account(check: Check): Promise<void> {
  const started = Date.now()
  process.stdout.write(`\n== ${check.name}\n`)
  const code = await execute(check, root)
  const seconds = Math.round((Date.now() - started) / 1000)
  process.stdout.write(`== ${check.name}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`)
  if (check.tests === undefined) {
    sum[code === 0 ? 'passed' : 'failed'] += 1
    return
  }
  const counted = countTests(check.tests)
  sum.passed += counted.passed
  // a suite that could not even run has no failed test of its own
  sum.failed += Math.max(counted.failed, code === 0 ? 0 : 1)
  sum.skipped.push(...counted.skipped)
}

function countTests(file: string): Sum {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
      numRuntimeErrorTestSuites: number
      testResults: { assertionResults: { status: string; fullName: string }[] }[]
    }
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.testResults.flatMap(suite =>
        suite.assertionResults.filter(({ status }) => status === 'pending' || status === 'todo').map(({ fullName }) => fullName),
      ),
    }
  } catch {
    return { passed: 0, failed: 1, skipped: [] }
  }
}
