import { describe, expect, it } from '@jest/globals'
import type { Implementation, InboundEvent, Outgoing, PlatformCall, Refusal, SettingsOf } from '@um/shared/contract'
import { CallFailed } from '@um/shared/contract'
import { type ConformanceSubject, capabilityTable, claimsOf, conformance, scriptedContext, withCapabilityTable } from '../src/conformance.ts'
import { tenantOf } from '../src/conformance-subject.ts'
import { subject } from './acme.ts'
import type { acme } from './fixtures/acme-connector/src/definition.ts'

conformance(subject)

type Acme = typeof acme
type Code = Implementation<Acme>
const good = subject.implementation
const withCode = (more: Partial<Code>): ConformanceSubject<Acme> => ({ ...subject, implementation: { ...good, ...more } })
const withRender = (more: Partial<Code['render']>): ConformanceSubject<Acme> => withCode({ render: { ...good.render, ...more } })
const withFacts = (more: object): ConformanceSubject<Acme> => ({ ...subject, definition: { ...subject.definition, ...more } })
const withCapabilities = (more: object): ConformanceSubject<Acme> => withFacts({ capabilities: { ...subject.definition.capabilities, ...more } })
const changed = (change: (events: InboundEvent[]) => InboundEvent[]): ConformanceSubject<Acme> =>
  withCode({ parse: (hook, tenant) => ((parsed: InboundEvent[] | Refusal) => (Array.isArray(parsed) ? change(parsed) : parsed))(good.parse(hook, tenant)) })
const text = (more: object): ConformanceSubject<Acme> =>
  withRender({ text: (content, out) => good.render.text(content, out).map(call => ({ ...call, ...more }) as PlatformCall) })

async function broken(of: ConformanceSubject<Acme>): Promise<string[]> {
  const names: string[] = []
  for (const claim of claimsOf(of)) {
    try {
      await claim.run()
    } catch {
      names.push(`${claim.about}: ${claim.name}`)
    }
  }
  return names
}

let count = 0
describe('the suite sees', () => {
  it.each<[string, ConformanceSubject<Acme>, string]>([
    ['a bad id', withFacts({ id: 'Acme_1' }), 'has an id'],
    ['a path with a slash at its end', withFacts({ ingress: '/acme/' }), 'has an id'],
    ['no label', withFacts({ label: ' ' }), 'has an id'],
    ['settings that take anything', withFacts({ settings: subject.definition.settings.loose() }), 'refuses a setting'],
    [
      'a setting without a title',
      withFacts({ settings: subject.definition.settings.extend({ account: subject.definition.settings.shape.account.meta({ title: '' }) }) }),
      'a title',
    ],
    [
      'a secret that is not marked',
      withFacts({ settings: subject.definition.settings.extend({ apiToken: subject.definition.settings.shape.account.default('x') }) }),
      'marks what sounds secret',
    ],
    [
      'a secret with a default',
      withFacts({
        settings: subject.definition.settings.extend({
          more: subject.definition.settings.shape.signingSecret.default('open').meta({ title: 'M', secret: true }),
        }),
      }),
      'marks what sounds',
    ],
    ['a sample without a secret to see', { ...subject, settings: { ...subject.settings, signingSecret: 'abc' } }, 'has a value for every secret'],
    ['a fixed base URL', withCode({ bases: () => ({ api: 'https://api.acme.example' }) }), 'override every base URL'],
    ['a renderer too few', withCapabilities({ sticker: { level: 'native' } }), 'renders exactly'],
    ['a renderer too many', withCapabilities({ typing: { level: 'fallback' } }), 'renders exactly'],
    ['a limit of nothing', withCapabilities({ text: { level: 'native', maxText: 0 } }), 'renders exactly'],
    ['another table in the README', withCapabilities({ text: { level: 'native', maxText: 400 } }), 'README'],

    ['a verification that takes everything', withCode({ verify: () => undefined }), 'one character of X-Acme-Signature differs'],
    [
      'a signature of something else than the body',
      withCode({ verify: (hook, tenant, now) => good.verify({ ...hook, raw: Buffer.from(subject.webhooks[0].body) }, tenant, now) }),
      'a byte of the body',
    ],
    ['no limit to the past', withCode({ verify: (hook, tenant) => good.verify(hook, tenant, subject.now) }), 'stale'],
    [
      'no limit to the future',
      withCode({ verify: (hook, tenant, now) => good.verify(hook, tenant, new Date(Math.max(now.getTime(), subject.now.getTime()))) }),
      'from the future',
    ],
    [
      'a window that is too short',
      withCode({ verify: (hook, tenant, now) => good.verify(hook, tenant, new Date(subject.now.getTime() + (now.getTime() - subject.now.getTime()) * 2)) }),
      'both edges',
    ],
    [
      'a tenant that takes what is for another',
      withCode({ keys: () => ['acme-1', 'acme-2'], verify: (hook, _tenant, now) => good.verify(hook, tenantOf(subject), now) }),
      'for another tenant',
    ],
    ['a location that nobody has', withCode({ keys: () => [] }), 'is let in'],
    ['a parser that throws', withCode({ parse: hook => JSON.parse(hook.raw.toString()) as InboundEvent[] }), 'malformed: is refused'],
    ['a parser that takes anything', withCode({ parse: () => [] }), 'malformed: is refused'],
    [
      'an order turned round',
      changed(events => events.toReversed().map(event => ({ ...event, content: { kind: 'system', text: '' } }) as InboundEvent)),
      'in order',
    ],
    ['a parser that asks the clock', changed(events => events.map(event => ({ ...event, at: new Date(count++) }))), 'parses the same twice'],
    [
      'a parser that changes the body',
      withCode({ parse: (hook, tenant) => [good.parse(hook, tenant), hook.raw.fill(32)][0] as InboundEvent[] }),
      'parses the same twice',
    ],
    ['an id given twice', changed(events => events.map(event => ({ ...event, id: 'same' }))), 'can travel'],
    ['an instant that is none', changed(events => events.map(event => ({ ...event, at: new Date(Number.NaN) }))), 'can travel'],
    ['members that JSON has not', changed(events => events.map(event => ({ ...event, messageId: undefined }) as unknown as InboundEvent)), 'can travel'],
    ['a content that nobody knows', changed(events => events.map(event => ({ ...event, content: { kind: 'song' } }) as unknown as InboundEvent)), 'can travel'],
    [
      'a parser that minds new fields',
      withCode({ parse: (hook, tenant) => (hook.raw.includes('um_unknown') ? { refused: 'malformed', why: 'new' } : good.parse(hook, tenant)) }),
      'fields that nobody knows',
    ],
    ['a secret in an event', changed(events => events.map(event => ({ ...event, from: { nickname: 'acme-signing-secret' } }))), 'leaks no secret'],
    [
      'a secret in a call made at once',
      withCode({ respond: () => [{ method: 'POST', path: '/seen', query: { s: 'acme-signing-secret' } }] }),
      'leaks no secret',
    ],
    ['a call at once that is not pure', withCode({ respond: () => [{ method: 'POST', path: `/seen${count++}` }] }), 'pure calls'],
    ['an acknowledgement that is none', withCode({ acknowledge: () => ({ status: 500 }) }), 'acknowledged'],
    ['a handshake that takes events', withCode({ handshake: () => ({ status: 200 }) }), 'is no handshake'],
    ['a handshake that is not answered', withCode({ handshake: () => undefined }), 'is answered with 2xx'],
    ['a handshake that tells the secret', withCode({ handshake: () => ({ status: 200, body: { s: 'acme-signing-secret' } }) }), 'keeps the secrets'],
    [
      'an unknown event that is dropped',
      changed(events => events.filter(event => event.type === 'message' && event.content.kind === 'text')),
      'unknown event: survives',
    ],

    ['nothing rendered', withRender({ text: () => [] }), 'plain: gives calls'],
    [
      'a renderer that is not pure',
      withRender({ text: (content, out) => good.render.text({ ...content, text: `${content.text}${count++}` }, out) }),
      'plain: gives calls',
    ],
    [
      'a renderer that changes what it is given',
      withRender({
        text(content, out) {
          content.text += '!'
          return good.render.text(content, out)
        },
      }),
      'plain: gives calls',
    ],
    ['a path without its slash', text({ path: 'text' }), 'plain: gives calls'],
    ['a base that there is not', text({ base: 'files' }), 'plain: gives calls'],
    ['two bodies', text({ form: { a: 'b' } }), 'plain: gives calls'],
    ['a body that is not JSON', text({ json: { to: 'g-77', at: new Date(0), text: undefined } }), 'plain: gives calls'],
    ['a form field that is no text', text({ json: undefined, form: { to: 'g-77', n: 1 } }), 'plain: gives calls'],
    ['a message that is only preparation', text({ auxiliary: true }), 'plain: gives calls'],
    ['no recipient', text({ json: { text: 'Hello Lena' } }), 'plain: gives calls'],
    ['a secret in a call', text({ query: { key: 'acme-signing-secret' } }), 'plain: gives calls'],
    ['a secret in another way', text({ alternatives: { link: [{ method: 'POST', path: '/x', json: 'acme-signing-secret' }] } }), 'plain: gives calls'],
    ['another way that is no call', text({ alternatives: { link: [{ method: 'POST', path: 'x' }] } }), 'plain: gives calls'],
    [
      'a text that is cut',
      withRender({ text: (content, out) => good.render.text({ ...content, text: content.text.slice(0, 499) }, out) }),
      'at its limit: shows all of it',
    ],
    [
      'a title that is lost',
      withRender({ structured: (content, out) => good.render.structured({ ...content, items: content.items.slice(1) }, out) }),
      'shows all of it',
    ],
    [
      'a caption that is lost',
      withRender({ attachment: ({ caption: _, ...content }, out) => good.render.attachment(content, out) }),
      'with the longest caption: shows',
    ],
    ['a budget of nothing', withCode({ budgets: () => [{ key: 'a', limit: 0, perSeconds: 1 }] }), 'plain: gives calls'],
    ['a secret in a budget', withCode({ budgets: () => [{ key: 'acme-signing-secret', limit: 1, perSeconds: 1 }] }), 'plain: gives calls'],
    ['a receipt that is no call', withCode({ renderReceipt: () => [{ method: 'POST', path: 'x' }] }), 'render receipt: read'],
    [
      'a lifecycle that tells the secret',
      withCode({ renderLifecycle: () => [{ method: 'POST', path: '/x', json: ['acme-signing-secret'] }] }),
      'render lifecycle: ended',
    ],

    ['a success that is a failure', withCode({ classify: () => ({ kind: 'content', why: 'x' }) }), '"taken" is a success'],
    ['a message without a name', withCode({ sent: () => ({}) }), 'names the message'],
    [
      'a rate limit that is an error',
      withCode({ classify: (answer, call) => good.classify({ ...answer, status: answer.status === 429 ? 500 : answer.status }, call) }),
      '"fast" is rateLimited',
    ],
    [
      'a revoked token that is tried again',
      withCode({ classify: (answer, call) => good.classify({ ...answer, status: answer.status === 401 ? 500 : answer.status }, call) }),
      '"refused" is subscription',
    ],
    [
      'an error that counts as a success',
      withCode({ classify: (answer, call) => (answer.status === 404 ? undefined : good.classify(answer, call)) }),
      'judged by its status',
    ],
    [
      'a classifier that throws',
      withCode({ classify: (answer, call) => good.classify({ ...answer, status: (answer.body as { length: number }).length < 0 ? 0 : answer.status }, call) }),
      'judged by its status: null',
    ],
    [
      'a secret in a reason',
      withCode({ classify: ({ status }) => (status < 300 ? undefined : { kind: 'recipient', why: 'acme-signing-secret', optOut: true }) }),
      '"gone" is recipient',
    ],

    ['a check that does not look', withCode({ check: async () => {} }), 'check fails with advice'],
    ['a check that fails always', withCode({ check: () => Promise.reject(new Error('x')) }), 'check passes'],
    ['a registration that differs each time', withCode({ register: async () => ({ hook: `${count++}` }) }), 'register succeeds twice'],
    ['a registration that keeps the secret', withCode({ register: async () => ({ s: 'acme-signing-secret' }) }), 'register succeeds twice'],
    ['an end that fails', withCode({ unregister: () => Promise.reject(new Error('x')) }), 'unregister succeeds'],
    [
      'an end that fails when all is gone',
      withCode({
        async unregister(ctx) {
          await ctx.http.call({ method: 'DELETE', path: '/hook' }, { parse: (body: unknown) => body } as never)
        },
      }),
      'everything is gone already',
    ],
    ['a job that fails', withCode({ jobs: [{ name: 'look', everySeconds: () => 60, run: () => Promise.reject(new Error('x')) }] }), 'job look'],
  ])('%s', async (_, of, claim) => {
    const names = await broken(of)

    expect(names).toEqual(expect.arrayContaining([expect.stringContaining(claim)]))
  })
})

describe('the scripted context', () => {
  type Out = Outgoing<SettingsOf<Acme>>
  const tenant: Out['tenant'] = tenantOf(subject)
  const context = (status: number): ReturnType<typeof scriptedContext<SettingsOf<Acme>>> =>
    scriptedContext({ tenant, classify: good.classify, platform: ({ path }) => (path === '/me' ? { name: 'me', status, body: {} } : undefined) })

  it('throws what the connector makes of an answer', async () => {
    await expect(good.check?.(context(401))).rejects.toBeInstanceOf(CallFailed)
  })
  it('throws at a call that is not in the script', async () => {
    await expect(good.register?.(context(200))).rejects.toThrow('no answer to PUT /hook')
  })
  it('has a store, an agenda, a lock and a state', async () => {
    const ctx = context(200)
    const agenda = ctx.agenda('polls')

    await ctx.store.set('a', '1', 5)
    await ctx.store.set('b', '2')
    await ctx.store.delete('b')
    for (const [key, due] of [
      ['late', 3000],
      ['b', 2000],
      ['a', 1000],
      ['gone', 1000],
    ] as const)
      await agenda.put(key, new Date(due))
    await agenda.remove('gone')
    await ctx.saveState({ looked: 'yes' })

    expect([await ctx.store.get('a'), await ctx.store.get('b')]).toEqual(['1', undefined])
    expect(await ctx.agenda('polls').due(new Date(2000), 10)).toEqual(['a', 'b'])
    expect(await ctx.agenda('polls').due(new Date(2000), 1)).toEqual(['a'])
    expect(await ctx.once('k', 1, async () => 7)).toBe(7)
    expect([ctx.state, tenant.state]).toEqual([{ looked: 'yes' }, {}])
  })
})

describe('the capability table', () => {
  it('tells every kind, its level and its limits', () => {
    const table = capabilityTable(subject.definition)

    expect(table).toMatch(/^\| Text +\| as it is +\| 500 characters +\|$/m)
    expect(table).toMatch(/^\| Images, audio, video, files +\| within the limits +\| caption 100 characters; 2 KiB; image\/\* +\|$/m)
    expect(table).toMatch(/^\| Quick replies, buttons, cards, pickers, forms +\| within the limits +\| 5 options; buttons +\|$/m)
    expect(table).toMatch(/^\| Reactions +\| refused, with a failed receipt +\| +\|$/m)
    expect(table).toMatch(/^\| Stickers +\| as text +\| +\|$/m)
    expect(
      new Set(
        table
          .split('\n')
          .filter(line => line.startsWith('|'))
          .map(line => line.length),
      ).size,
    ).toBe(1)
  })
  it('names the reader by the role', () => {
    expect(capabilityTable(subject.definition)).toContain('How the guest gets it')
    expect(capabilityTable({ ...subject.definition, role: 'cx' })).toContain('How the agent gets it')
  })
  it.each([
    [50 * 2 ** 20, '50 MiB'],
    [1500, '1,500 bytes'],
  ])('writes %i bytes as %s', (maxBytes, expected) => {
    expect(capabilityTable({ ...subject.definition, capabilities: { attachment: { level: 'native', maxBytes } } })).toContain(` ${expected} `)
  })
  it('is renewed in its place', () => {
    const table = capabilityTable(subject.definition)

    expect(withCapabilityTable(`# A\n\n${capabilityTable({ ...subject.definition, capabilities: {} })}\n\nend\n`, subject.definition)).toBe(
      `# A\n\n${table}\n\nend\n`,
    )
    expect(() => withCapabilityTable('# A\n', subject.definition)).toThrow('README.md has no block')
  })
})
