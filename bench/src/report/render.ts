import { readFileSync, writeFileSync } from 'node:fs'
import { type AnyBench, tablesOf } from './tables.ts'

/** What stands between `<!-- bench:NAME -->` and `<!-- /bench -->` is written anew from the result of that name; without a result it stays. */
export function withTables(document: string, resultOf: (name: string) => AnyBench | undefined): string {
  return document.replaceAll(/<!-- bench:([a-z-]+) -->\n[\s\S]*?<!-- \/bench -->/g, (before, name: string) => {
    const result = resultOf(name)
    return result === undefined ? before : `<!-- bench:${name} -->\n\n${tablesOf(result)}\n\n<!-- /bench -->`
  })
}

export function renderDocument(file: string, resultOf: (name: string) => AnyBench | undefined): void {
  writeFileSync(file, withTables(readFileSync(file, 'utf8'), resultOf))
}
