import assert from 'node:assert/strict'
import type { PlatformCall } from '@um/shared/contract'
import { assertSame, type ConformanceSubject, secretsOf, strings, tenantOf } from './conformance-subject.ts'

/** A call as its connector must describe it, its alternatives included. */
export function assertWellFormed(subject: ConformanceSubject, call: PlatformCall): void {
  assert.match(call.path, /^\//)
  assert.ok((call.base ?? 'api') in subject.implementation.bases(tenantOf(subject).settings), `there is no base ${call.base}`)
  assert.ok([call.json, call.form, call.multipart].filter(body => body !== undefined).length <= 1, 'has more than one body')
  if (call.json !== undefined) assertSame(JSON.parse(JSON.stringify(call.json)), call.json, 'the JSON body has members that JSON has not')
  for (const value of Object.values({ ...call.form, ...call.multipart?.fields, ...call.query, ...call.headers })) assert.equal(typeof value, 'string')
  for (const alternative of Object.values(call.alternatives ?? {}).flat()) assertWellFormed(subject, alternative)
}
/** What of a call must not hold a secret: headers and base URL may. */
export function bodyOf(call: PlatformCall): unknown {
  const alternatives = Object.values(call.alternatives ?? {}).flat()
  return [call.path, call.query ?? {}, call.json, call.form, call.multipart, call.upload, alternatives.map(bodyOf)]
}
export function assertNoSecret(subject: ConformanceSubject, value: unknown): void {
  const all = strings(value)
  for (const secret of secretsOf(subject)) assert.ok(!all.some(text => text.includes(secret)), 'holds a secret')
}
