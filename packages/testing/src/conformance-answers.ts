import assert from 'node:assert/strict'
import { assertNoSecret } from './conformance-calls.ts'
import { answerOf, assertSame, type Claim, type ConformanceSubject, plainCall, type RefusedAnswer, strings } from './conformance-subject.ts'

/** What the platform's answers mean. */
export function answerClaims(subject: ConformanceSubject): Claim[] {
  const { accepted, rateLimited, unauthorized, unavailable, blocked, others = [] } = subject.answers
  return [
    ...accepted.map(sample => ({
      about: 'answer',
      name: `"${sample.name}" is a success${sample.id === undefined ? '' : ' and names the message'}`,
      run() {
        const call = sample.call ?? plainCall
        assert.equal(subject.implementation.classify(answerOf(sample), call), undefined)
        assert.equal(subject.implementation.sent(sample.body, call).id, sample.id)
      },
    })),
    ...demand(subject, 'rate limit', rateLimited, ['rateLimited']),
    ...demand(subject, 'refused credentials', unauthorized, ['unauthorized', 'subscription']),
    ...demand(subject, 'platform away', unavailable, ['retryable']),
    ...demand(subject, 'guest not reachable', blocked, ['recipient']),
    ...demand(subject, 'other refusal', others),
    ...[undefined, null, '', '<html>Bad gateway</html>', 0, [], {}, { error: null }, { ok: 'maybe' }].map(body => ({
      about: 'answer',
      name: `a strange body is judged by its status: ${JSON.stringify(body)}`,
      run() {
        for (const status of [400, 401, 403, 404, 413, 429, 500, 502, 503, 504]) {
          const failure = subject.implementation.classify(answerOf({ name: '', status, body }), plainCall)
          assert.ok(failure, `${status} counts as a success`)
          assert.ok(strings(failure.why).length === 1 && failure.why.length > 0 && failure.why.length <= 1000)
          if (failure.kind === 'rateLimited') assert.ok(failure.afterSeconds > 0)
        }
        subject.implementation.sent(body, plainCall)
      },
    })),
  ]
}

function demand(subject: ConformanceSubject, about: string, samples: readonly RefusedAnswer[], kinds?: readonly string[]): Claim[] {
  return samples.map(sample => ({
    about,
    name: `"${sample.name}" is ${sample.failure.kind}`,
    run() {
      const failure = subject.implementation.classify(answerOf(sample), sample.call ?? plainCall)
      assert.ok(failure, 'counts as a success')
      assert.ok(kinds === undefined || kinds.includes(failure.kind), `is ${failure.kind}`)
      assertSame({ ...failure, ...sample.failure }, failure)
      assertNoSecret(subject, failure)
    },
  }))
}
