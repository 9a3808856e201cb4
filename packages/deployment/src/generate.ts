import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse } from 'yaml'
import { chartReadme } from './chart-readme.ts'
import { readChartValues } from './chart-values.ts'
import { composeFile } from './compose.ts'
import { chart, repository } from './paths.ts'
import { valuesSchema } from './values-schema.ts'

/** Every file that is generated from the chart's values, with the text that it should have. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const values = readChartValues()
  const { version, appVersion } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as { version: string; appVersion: string }
  return new Map([
    [join(chart, 'values.schema.json'), `${JSON.stringify(valuesSchema(values), null, 2)}\n`],
    [join(chart, 'README.md'), chartReadme(values, version)],
    [join(repository, 'docker/compose.yaml'), composeFile(values.services, appVersion)],
  ])
}

/** The generated files that are not what they should be. */
export function staleFiles(): string[] {
  return [...generatedFiles()].filter(([file, text]) => readOrEmpty(file) !== text).map(([file]) => relative(repository, file))
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

if (import.meta.main) {
  const stale = staleFiles()
  if (!process.argv.includes('--check')) for (const [file, text] of generatedFiles()) writeFileSync(file, text)
  else if (stale.length > 0) {
    console.error(`out of date, run "pnpm --filter @um/deployment generate": ${stale.join(', ')}`)
    process.exit(1)
  }
}
