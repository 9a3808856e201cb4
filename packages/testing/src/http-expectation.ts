import { isDeepStrictEqual } from 'node:util'
import type { RecordedCall } from './http-call.ts'

export interface ScriptedReply {
  /** default 200 */
  status?: number
  headers?: Record<string, string>
  json?: unknown
  body?: string | Buffer
  retryAfterSeconds?: number
  delayMs?: number
  /** the connection is reset instead of an answer */
  reset?: boolean
  /** the head is sent and so many bytes of the body, then the connection is reset */
  resetAfterBytes?: number
  /** no answer, until the caller or the recorder gives up */
  silence?: boolean
}
export interface ExpectedCall {
  method: string
  /** without the query */
  path: string | RegExp
  query?: Record<string, string>
  /** undefined: must be absent */
  headers?: Record<string, string | RegExp | undefined>
  /** what the JSON body must contain; more may be there */
  json?: unknown
  /** the decoded form must be exactly this */
  form?: Record<string, string>
  /** throws, or returns false, when the call is not the expected one */
  // biome-ignore lint/suspicious/noConfusingVoidType: a matcher is either assertions, which return nothing, or a condition
  matches?: (call: RecordedCall) => boolean | void
  /** default: once. `any`: never is fine too. */
  times?: number | 'any'
  reply?: ScriptedReply | ((call: RecordedCall) => ScriptedReply)
}

export function describeExpected({ method, path }: ExpectedCall): string {
  return `${method} ${path}`
}

export function isAddressed(expected: ExpectedCall, call: RecordedCall): boolean {
  return expected.method === call.method && (typeof expected.path === 'string' ? expected.path === call.path : expected.path.test(call.path))
}

/** Why a call is not the expected one; empty: it is. */
export function differences(expected: ExpectedCall, call: RecordedCall): string[] {
  const found: string[] = []
  for (const [name, value] of Object.entries(expected.query ?? {})) {
    if (call.query.get(name) !== value) found.push(`query ${name}: expected "${value}", got ${shown(call.query.get(name))}`)
  }
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    const actual = call.headers.get(name)
    const same = value === undefined ? actual === null : actual !== null && (typeof value === 'string' ? actual === value : value.test(actual))
    if (!same) found.push(`header ${name}: expected ${value === undefined ? 'none' : shown(value)}, got ${shown(actual)}`)
  }
  if (expected.json !== undefined && !attempt(() => contains(call.json(), expected.json))) {
    found.push(`body: expected JSON with ${JSON.stringify(expected.json)}, got ${call.text()}`)
  }
  if (expected.form !== undefined && !isDeepStrictEqual(Object.fromEntries(call.form()), expected.form)) {
    found.push(`body: expected the form ${JSON.stringify(expected.form)}, got ${call.text()}`)
  }
  if (expected.matches !== undefined) found.push(...mismatch(expected.matches, call))
  return found
}

function mismatch(matches: NonNullable<ExpectedCall['matches']>, call: RecordedCall): string[] {
  try {
    return matches(call) === false ? ['the matcher says no'] : []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function contains(actual: unknown, expected: unknown): boolean {
  if (!isObject(expected)) return isDeepStrictEqual(actual, expected)
  if (Array.isArray(expected)) {
    return Array.isArray(actual) && actual.length === expected.length && expected.every((item, index) => contains(actual[index], item))
  }
  return isObject(actual) && !Array.isArray(actual) && Object.entries(expected).every(([key, value]) => contains(actual[key], value))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function attempt(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

function shown(value: string | RegExp | null): string {
  return value === null ? 'none' : typeof value === 'string' ? `"${value}"` : String(value)
}
