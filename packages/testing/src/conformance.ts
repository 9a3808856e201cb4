import { describe, it } from '@jest/globals'
import type { Definition } from '@um/shared/contract'
import { answerClaims } from './conformance-answers.ts'
import { definitionClaims } from './conformance-definition.ts'
import { effectClaims } from './conformance-effects.ts'
import { renderClaims } from './conformance-render.ts'
import type { Claim, ConformanceSubject } from './conformance-subject.ts'
import { webhookClaims } from './conformance-webhook.ts'

export { type Script, type ScriptedContext, type Seen, scriptedContext } from './conformance-context.ts'
export type { Claim, ConformanceSubject, GenuineHook, RefusedAnswer, SampleAnswer, SampleHook } from './conformance-subject.ts'
export { capabilityTable, withCapabilityTable } from './conformance-table.ts'

/** Everything that must hold of a connector, as functions that throw when it does not. */
export function claimsOf<D extends Definition>(subject: ConformanceSubject<D>): Claim[] {
  const anyone: ConformanceSubject = subject
  return [...definitionClaims(anyone), ...webhookClaims(anyone), ...renderClaims(anyone), ...answerClaims(anyone), ...effectClaims(anyone)]
}

/** Declares the tests that every connector must pass; called once by its `test/conformance.spec.ts`. */
export function conformance<D extends Definition>(subject: ConformanceSubject<D>): void {
  const claims = claimsOf(subject)
  describe(`${subject.definition.id} conforms`, () => {
    for (const about of new Set(claims.map(claim => claim.about))) {
      describe(about, () => {
        for (const claim of claims.filter(other => other.about === about)) it(claim.name, async () => void (await claim.run()))
      })
    }
  })
}
