import assert from 'node:assert/strict'
import { CallFailed } from '@um/shared/contract'
import { assertNoSecret, assertWellFormed } from './conformance-calls.ts'
import { type ScriptedContext, scriptedContext } from './conformance-context.ts'
import { assertSame, type Claim, type ConformanceSubject, type SampleAnswer, tenantOf } from './conformance-subject.ts'

type Platform = NonNullable<ConformanceSubject['platform']>

/** Registration and its end can be repeated, and what they leave behind holds no secret. */
export function effectClaims(subject: ConformanceSubject): Claim[] {
  const { check, register, unregister, jobs = [] } = subject.implementation
  const gone: Platform = subject.gone ?? (() => ({ name: 'gone', status: 404, body: {} }))
  const refuses: Platform = () => subject.answers.unauthorized[0]
  const about = 'effects'
  return [
    ...(check
      ? [
          { about, name: 'check passes when the platform says yes', run: () => subject.implementation.check?.(contextOf(subject)) },
          {
            about,
            name: 'check fails with advice when the credentials are refused',
            run: () =>
              assert.rejects(
                async () => subject.implementation.check?.(contextOf(subject, refuses)),
                error => error instanceof CallFailed && ['subscription', 'unauthorized'].includes(error.failure.kind),
              ),
          },
        ]
      : []),
    ...(register
      ? [
          {
            about,
            name: 'register succeeds twice and comes to the same',
            async run() {
              const first = contextOf(subject)
              const state = await subject.implementation.register?.(first)
              const second = contextOf({ ...subject, state: { ...first.state, ...state } })

              assertSame(await subject.implementation.register?.(second), state)
              assertNoSecret(subject, [state, first.state, first.seen.logged])
              for (const call of [...first.seen.calls, ...second.seen.calls]) assertWellFormed(subject, call)
            },
          },
        ]
      : []),
    ...(unregister
      ? [
          { about, name: 'unregister succeeds', run: () => subject.implementation.unregister?.(contextOf(subject)) },
          { about, name: 'unregister succeeds when everything is gone already', run: () => subject.implementation.unregister?.(contextOf(subject, gone)) },
        ]
      : []),
    ...jobs.map(job => ({
      about,
      name: `job ${job.name} runs and can run again`,
      async run() {
        const first = contextOf(subject)
        assert.ok(Number.isFinite(job.everySeconds(first.tenant.settings)))
        await job.run(first, async () => {})
        const second = contextOf({ ...subject, state: first.state })
        await job.run(second, async () => {})
        assertNoSecret(subject, [second.state, first.seen.logged, second.seen.logged])
      },
    })),
  ]
}

function contextOf(subject: ConformanceSubject, platform?: Platform): ScriptedContext<Record<string, unknown>> {
  const answer = platform ?? subject.platform
  return scriptedContext({
    tenant: tenantOf(subject),
    classify: (reply, call) => subject.implementation.classify(reply, call),
    ...(answer === undefined ? {} : { platform: (call): SampleAnswer | undefined => answer(call) }),
    now: () => subject.now,
  })
}
