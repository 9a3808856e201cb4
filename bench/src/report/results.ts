import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@um/testing/repository'

export const resultsFolder = join(repository, 'bench/results')

/** Four digits are more than any of these figures is worth. */
export function writeResult(folder: string, name: string, result: object): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  const rounded = (_key: string, value: unknown): unknown => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value)
  writeFileSync(file, `${JSON.stringify(result, rounded, 2)}\n`)
  return file
}

export function readResult<T>(folder: string, name: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T
  } catch {
    return undefined
  }
}
