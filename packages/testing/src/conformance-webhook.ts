import assert from 'node:assert/strict'
import type { InboundEvent, ReceivedEvent, Refusal, TenantView, Verified, Webhook } from '@um/shared/contract'
import { readContent } from '@um/shared/model'
import { assertNoSecret, assertWellFormed, bodyOf } from './conformance-calls.ts'
import { altered, extendedJson, memberOf, without, withoutRaw } from './conformance-hooks.ts'
import { assertSame, type Claim, type ConformanceSubject, deepFreeze, type GenuineHook, hookOf, type SampleHook, tenantOf } from './conformance-subject.ts'

type Tenant = TenantView<Record<string, unknown>>

/** What comes in: who is let in, and what becomes of it. */
export function webhookClaims(subject: ConformanceSubject): Claim[] {
  return [
    ...subject.webhooks.flatMap(sample => [...admission(subject, sample), ...parsing(subject, sample)]),
    ...forged(subject),
    ...strange(subject),
    ...handshakes(subject),
  ]
}

/** What the engine does before it parses: find the tenant by the request's key, then let the connector judge. */
export function judge(subject: ConformanceSubject, hook: Webhook, tenant: Tenant, now = subject.now): Refusal | undefined {
  const { implementation } = subject
  if (implementation.locate) {
    const key = implementation.locate(hook)
    if (typeof key !== 'string') return key
    if (!implementation.keys?.(tenant).includes(key)) return { refused: implementation.unlocated ?? 'unauthenticated', why: 'nobody has this key' }
  }
  return implementation.verify(hook, tenant, now)
}
/** Opens and parses, as the engine does with a request that was let in. */
export function read(subject: ConformanceSubject, hook: Webhook, tenant: Tenant = tenantOf(subject)): InboundEvent[] | Refusal {
  const verified = hook as Verified
  const raw = subject.implementation.open?.(verified, tenant) ?? hook.raw
  return Buffer.isBuffer(raw) ? subject.implementation.parse({ ...verified, raw }, tenant) : raw
}
function accepted(subject: ConformanceSubject, hook: Webhook): InboundEvent[] {
  const events = read(subject, hook)
  assert.ok(Array.isArray(events), `refused: ${JSON.stringify(events)}`)
  return events
}
function nameOf(event: InboundEvent): string {
  if (event.type === 'message') return `message:${event.content.kind}`
  if (event.type === 'receipt') return `receipt:${event.state}`
  return event.type === 'lifecycle' ? `lifecycle:${event.change}` : event.type
}

function admission(subject: ConformanceSubject, sample: GenuineHook): Claim[] {
  const about = `webhook "${sample.name}"`
  const { headers = [], query = [], body, toleranceSeconds } = subject.proof
  const tenant = tenantOf(subject)
  const refuses = (name: string, change: () => Webhook, now?: Date): Claim => ({
    about,
    name,
    // by `verify` alone: a webhook below `/<tenant id>` is not located
    run: () => assert.ok(subject.implementation.verify(change(), tenant, now ?? subject.now), 'was let in'),
  })
  const at = (seconds: number): Date => new Date(subject.now.getTime() + seconds * 1000)
  return [
    { about, name: 'is let in', run: () => assert.equal(judge(subject, hookOf(sample), tenant), undefined) },
    {
      about,
      name: 'is refused for another tenant',
      run: () => assert.ok(subject.implementation.verify(hookOf(sample), tenantOf(subject, subject.otherSettings), subject.now), 'was let in'),
    },
    ...headers.flatMap(header => [
      refuses(`is refused without ${header}`, () => hookOf({ ...sample, headers: without(sample.headers, header) })),
      refuses(`is refused with an empty ${header}`, () => hookOf({ ...sample, headers: { ...sample.headers, [header]: '' } })),
      refuses(`is refused when one character of ${header} differs`, () =>
        hookOf({ ...sample, headers: { ...sample.headers, [header]: altered(memberOf(sample.headers, header)) } }),
      ),
    ]),
    ...query.flatMap(parameter => [
      refuses(`is refused without the parameter ${parameter}`, () => hookOf({ ...sample, query: without(sample.query, parameter) })),
      refuses(`is refused when one character of the parameter ${parameter} differs`, () =>
        hookOf({ ...sample, query: { ...sample.query, [parameter]: altered(memberOf(sample.query, parameter)) } }),
      ),
    ]),
    ...(body
      ? [0, 0.5, 1].map(place =>
          refuses(`is refused when a byte of the body is flipped (at ${place * 100} %)`, () => {
            const raw = Buffer.from(sample.body)
            const index = Math.round((raw.length - 1) * place)
            raw[index] = (raw[index] ?? 0) ^ 1
            return { ...hookOf(sample), raw }
          }),
        )
      : []),
    ...(toleranceSeconds === undefined
      ? []
      : [
          refuses('is refused when it is stale', () => hookOf(sample), at(toleranceSeconds + 1)),
          refuses('is refused when it comes from the future', () => hookOf(sample), at(-toleranceSeconds - 1)),
          {
            about,
            name: 'is let in at both edges of the time window',
            run() {
              for (const seconds of [-toleranceSeconds, toleranceSeconds]) assert.equal(judge(subject, hookOf(sample), tenant, at(seconds)), undefined)
            },
          },
        ]),
  ]
}

function parsing(subject: ConformanceSubject, sample: GenuineHook): Claim[] {
  const about = `webhook "${sample.name}"`
  return [
    {
      about,
      name: 'becomes the events that it should, in order',
      run: () => assertSame(accepted(subject, hookOf(sample)).map(nameOf), sample.events),
    },
    {
      about,
      name: 'parses the same twice and changes nothing',
      run() {
        const hook = deepFreeze(hookOf(sample))
        const before = Buffer.from(hook.raw)

        const first = accepted(subject, hook)

        assertSame(accepted(subject, hook), first)
        assert.ok(before.equals(hook.raw))
      },
    },
    {
      about,
      name: 'gives events that can travel: ids, instants and contents of the right form, no id twice',
      run() {
        const events = accepted(subject, hookOf(sample))
        assert.equal(new Set(events.map(event => event.id)).size, events.length)
        for (const event of events) {
          assert.ok(event.id && event.guest && !Number.isNaN(event.at?.getTime()))
          assertSame(JSON.parse(JSON.stringify(event)), { ...event, ...(event.at === undefined ? {} : { at: event.at.toISOString() }) })
          if (event.type === 'message') assertSame(readContent(event.content), event.content)
        }
      },
    },
    {
      about,
      name: 'gives the same events with fields that nobody knows yet',
      run() {
        const json = extendedJson(sample.body, subject.openMaps ?? [])
        if (json === undefined) return
        const extended = { ...hookOf(sample), raw: Buffer.from(json) }

        assertSame(accepted(subject, extended).map(withoutRaw), accepted(subject, hookOf(sample)).map(withoutRaw))
      },
    },
    {
      about,
      name: 'leaks no secret into its events, nor into the calls made at once',
      run() {
        const events = accepted(subject, hookOf(sample))
        const calls = events.flatMap(event => subject.implementation.respond?.(taken(event, subject), tenantOf(subject)) ?? [])
        assertNoSecret(subject, [events, calls.map(bodyOf)])
      },
    },
    {
      about,
      name: 'is answered at once by pure calls of the right form',
      run() {
        for (const event of accepted(subject, hookOf(sample)).map(deepFreeze)) {
          const calls = subject.implementation.respond?.(taken(event, subject), tenantOf(subject)) ?? []
          assertSame(subject.implementation.respond?.(taken(event, subject), tenantOf(subject)) ?? [], calls)
          for (const call of calls) assertWellFormed(subject, call)
        }
      },
    },
    {
      about,
      name: 'is acknowledged with 2xx',
      run() {
        const hook = hookOf(sample) as Verified
        const tenant = tenantOf(subject)
        const raw = subject.implementation.open?.(hook, tenant) ?? hook.raw
        const opened = { ...hook, raw: Buffer.isBuffer(raw) ? raw : hook.raw } as Verified
        const reply = subject.implementation.acknowledge?.(accepted(subject, hook), opened, tenant) ?? { status: 200 }
        assert.ok(reply.status >= 200 && reply.status < 300)
        assertSame(subject.implementation.acknowledge?.(accepted(subject, hook), opened, tenant) ?? { status: 200 }, reply)
        assertNoSecret(subject, [reply.body, reply.headers])
      },
    },
    { about, name: 'is no handshake', run: () => assert.equal(subject.implementation.handshake?.(hookOf(sample), tenantOf(subject)), undefined) },
  ]
}

function forged(subject: ConformanceSubject): Claim[] {
  return (subject.forgeries ?? []).map(sample => ({
    about: 'forgery',
    name: `is refused: ${sample.name}`,
    run: () => assert.ok(judge(subject, hookOf(sample), tenantOf(subject)), 'was let in'),
  }))
}

function strange(subject: ConformanceSubject): Claim[] {
  const [genuine] = subject.webhooks
  const made: SampleHook[] = [
    { ...genuine, name: 'an empty body', body: '' },
    { ...genuine, name: 'half of a body', body: Buffer.from(genuine.body).subarray(0, Buffer.byteLength(genuine.body) >> 1) },
    { ...genuine, name: 'bytes that are no text', body: Buffer.from([0xff, 0xfe, 0x00, 0x80]) },
    ...['null', '[]', '"text"', '42', '{}'].map(body => ({ ...genuine, name: `the body ${body}`, body })),
  ]
  const bodies = [...(genuine.body.length === 0 ? [] : made), ...(subject.malformed ?? [])]
  return [
    ...bodies.map(sample => ({
      about: 'malformed',
      name: `is refused, not thrown: ${sample.name}`,
      run: () => assert.ok(!Array.isArray(read(subject, hookOf(sample))), 'was parsed'),
    })),
    {
      about: 'unknown event',
      name: 'survives',
      run: () => assertSame(accepted(subject, hookOf(subject.unknownEvent)).map(nameOf), subject.unknownEvent.events),
    },
  ]
}

function handshakes(subject: ConformanceSubject): Claim[] {
  return (subject.handshakes ?? []).map(sample => ({
    about: `handshake "${sample.name}"`,
    name: 'is answered with 2xx and keeps the secrets',
    run() {
      const reply = subject.implementation.handshake?.(hookOf(sample), tenantOf(subject))
      assert.ok(reply && reply.status >= 200 && reply.status < 300)
      assertNoSecret(subject, [reply.body, reply.headers])
    },
  }))
}

/** What the engine makes of an event whose platform tells no time. */
function taken(event: InboundEvent, subject: ConformanceSubject): ReceivedEvent {
  return { ...event, at: event.at ?? subject.now }
}
