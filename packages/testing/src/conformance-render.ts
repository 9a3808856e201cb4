import assert from 'node:assert/strict'
import type { Content, ContentKind, LifecycleChange, Outgoing, OutgoingReceipt, PlatformCall, ReceiptState } from '@um/shared/contract'
import { assertNoSecret, assertWellFormed, bodyOf } from './conformance-calls.ts'
import { contentsOf, type SampleContent } from './conformance-contents.ts'
import { assertSame, type Claim, type ConformanceSubject, deepFreeze, strings, tenantOf } from './conformance-subject.ts'

/** What goes out: every declared kind, ordinary and at its limits. */
export function renderClaims(subject: ConformanceSubject): Claim[] {
  const kinds = Object.keys(subject.implementation.render) as ContentKind[]
  return [...kinds.flatMap(kind => contentsOf(kind, subject.definition).flatMap(sample => kindClaims(subject, kind, sample))), ...factClaims(subject)]
}

function outgoing(subject: ConformanceSubject): Outgoing<Record<string, unknown>> {
  return deepFreeze({
    id: '0d9c5a52-6c1e-5f5b-8a33-3b1f0f6f7a10',
    at: subject.now,
    to: { guest: subject.recipient.guest, address: { ...subject.recipient.address } },
    tenant: tenantOf(subject),
    profile: { displayName: 'Lena Ruiz', firstName: 'Lena', lastName: 'Ruiz', participantData: { media: subject.definition.media, locale: 'es' } },
    originId: 'origin-1',
    author: subject.definition.role === 'messaging' ? 'agent' : 'guest',
  })
}
function rendered(subject: ConformanceSubject, kind: ContentKind, content: Content): PlatformCall[] {
  const renderers: Record<string, (content: Content, out: Outgoing<Record<string, unknown>>) => PlatformCall[]> = subject.implementation.render
  const renderer = renderers[kind]
  assert.ok(renderer, `there is no renderer for ${kind}`)
  return renderer(content, outgoing(subject))
}

function kindClaims(subject: ConformanceSubject, kind: ContentKind, sample: SampleContent): Claim[] {
  const about = `render ${kind}`
  const content = deepFreeze(structuredClone(sample.content))
  return [
    {
      about,
      name: `${sample.name}: gives calls of the right form, the same ones each time, to the guest`,
      run() {
        const calls = rendered(subject, kind, content)

        assert.ok(sample.silent || calls.length > 0, 'gives no call')
        assertSame(rendered(subject, kind, content), calls)
        for (const call of calls) assertWellFormed(subject, call)
        assert.ok(sample.silent || calls.some(call => !call.auxiliary), 'no call carries the message itself')
        const { guest, address = {} } = subject.recipient
        const names = [guest, ...Object.values(address)].filter(name => name !== '')
        if (calls.length > 0)
          assert.ok(
            textsOf(calls).some(text => names.some(name => text.includes(name))),
            'names no recipient',
          )
        assertNoSecret(subject, calls.map(bodyOf))
        for (const call of calls) assertBudgets(subject, call)
      },
    },
    {
      about,
      name: `${sample.name}: shows all of it`,
      run() {
        const texts = textsOf(rendered(subject, kind, content))
        for (const expected of sample.whole ?? [])
          assert.ok(
            texts.some(text => text.includes(expected) || text.includes(subject.written?.(expected) ?? expected)),
            `"${expected.slice(0, 60)}" is missing`,
          )
        for (const word of (sample.words ?? []).flatMap(text => text.split(/\s+/)))
          assert.ok(
            texts.some(text => text.includes(word)),
            `"${word}" is missing`,
          )
      },
    },
  ]
}

function factClaims(subject: ConformanceSubject): Claim[] {
  const { implementation } = subject
  const states: ReceiptState[] = ['sent', 'delivered', 'read', 'failed']
  const changes: LifecycleChange[] = ['started', 'ended', 'joined', 'follow', 'unfollow', 'optOut', 'optIn']
  const check = (calls: PlatformCall[]): void => {
    for (const call of calls) assertWellFormed(subject, call)
    assertNoSecret(subject, calls.map(bodyOf))
  }
  return [
    ...states.map(state => ({
      about: 'render receipt',
      name: state,
      run() {
        const receipt: OutgoingReceipt = { of: 'm-1', state, ...(state === 'failed' ? { code: 'blocked' as const, why: 'the guest blocked us' } : {}) }
        check(implementation.renderReceipt?.(receipt, outgoing(subject)) ?? [])
      },
    })),
    ...changes.map(change => ({
      about: 'render lifecycle',
      name: change,
      run: () => check(implementation.renderLifecycle?.(change, outgoing(subject)) ?? []),
    })),
  ]
}

function assertBudgets(subject: ConformanceSubject, call: PlatformCall): void {
  const { to, tenant } = outgoing(subject)
  const rules = [...(subject.implementation.budgets?.(call, to, tenant) ?? []), ...(subject.implementation.budgets?.(call, undefined, tenant) ?? [])]
  for (const { key, limit, perSeconds } of rules) assert.ok(key && limit > 0 && perSeconds > 0)
  assertNoSecret(subject, rules)
}

/** All that the calls themselves say, alternatives left aside. */
function textsOf(calls: PlatformCall[]): string[] {
  return calls.flatMap(call => strings([decodeURIComponent(call.path), call.query, call.json, call.form, call.multipart, call.upload]))
}
