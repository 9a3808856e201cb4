import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A key of a values file that carries a `# --` comment. */
export interface DocumentedKey {
  readonly path: readonly string[]
  readonly description: string
  readonly default: unknown
  /** JSON schema given by a `# @schema` comment, to be merged over what the default value tells */
  readonly schema: Readonly<Record<string, unknown>>
}

export interface ValuesFile {
  readonly values: Readonly<Record<string, unknown>>
  readonly keys: readonly DocumentedKey[]
}

const keyLine = /^( *)("[^"]+"|[\w./:-]+):(?: |$)/

/**
 * Reads a values file line by line, since a YAML parser attaches comments by rules of its own: ours are that the comments
 * stand directly above their key, and that keys are indented by two spaces.
 */
export function readValuesFile(file: string): ValuesFile {
  const text = readFileSync(file, 'utf8')
  const values = parse(text) as Record<string, unknown>
  const keys: DocumentedKey[] = []
  let path: string[] = []
  let description = ''
  let schema: Record<string, unknown> = {}
  for (const line of text.split('\n')) {
    const comment = /^ *# (--|@schema) (.*)$/.exec(line)
    if (comment?.[1] === '--') description = comment[2] ?? ''
    if (comment?.[1] === '@schema') schema = JSON.parse(comment[2] ?? '{}') as Record<string, unknown>
    const key = keyLine.exec(line)
    if (key === null) continue
    path = [...path.slice(0, (key[1] ?? '').length / 2), (key[2] ?? '').replaceAll('"', '')]
    if (description !== '') keys.push({ path, description, schema, default: valueAt(values, path) })
    description = ''
    schema = {}
  }
  return { values, keys }
}

export function valueAt(values: unknown, path: readonly string[]): unknown {
  let value = values
  for (const key of path) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  return value
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
