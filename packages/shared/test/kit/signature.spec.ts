import { describe, expect, it } from '@jest/globals'
import type { TenantView, Webhook } from '../../src/contract/index.ts'
import { basic, bearer, isSame, secondsFrom, signature } from '../../src/kit/index.ts'

interface Settings {
  secret: string
  older?: string
  tolerance: number
}
const now = new Date('2026-01-01T00:00:00Z')
const tenant: TenantView<Settings> = {
  id: 't1',
  name: 'ACME',
  settings: { secret: 'key', tolerance: 300 },
  state: {},
  options: { showSystemMessages: false, prefixAgentName: false },
  webhookUrl: 'https://um.example.com/acme',
}
const body = 'The quick brown fox jumps over the lazy dog'
/** https://en.wikipedia.org/wiki/HMAC#Examples */
const hex = 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8'
const base64 = '97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg='
const hook = (headers: Record<string, string>, text = body): Webhook => ({
  method: 'POST',
  path: '',
  query: new URLSearchParams(),
  headers: new Headers(headers),
  raw: Buffer.from(text),
})
const secrets = ({ secret, older }: Settings) => [secret, older]
const plain = signature<Settings>({ header: 'x-signature', encoding: 'base64', secrets })

describe('a signature', () => {
  it('that another program has computed is taken', () => {
    expect(plain(hook({ 'X-Signature': base64 }), tenant, now)).toBeUndefined()
    const prefixed = signature<Settings>({ header: 'x-hub', encoding: 'hex', prefix: 'sha256=', secrets })
    expect(prefixed(hook({ 'x-hub': `sha256=${hex}` }), tenant, now)).toBeUndefined()
    expect(prefixed(hook({ 'x-hub': hex }), tenant, now)).toMatchObject({ refused: 'unauthenticated' })
  })

  it.each([
    ['missing', {}],
    ['empty', { 'x-signature': '' }],
    ['cut', { 'x-signature': base64.slice(0, -1) }],
    ['longer', { 'x-signature': `${base64}=` }],
    ['in another encoding', { 'x-signature': hex }],
  ])('that is %s is refused', (_how, headers) => {
    expect(plain(hook(headers), tenant, now)).toMatchObject({ refused: 'unauthenticated' })
  })

  it('is over the bytes: one more and it is another', () => {
    expect(plain(hook({ 'x-signature': base64 }, `${body}\n`), tenant, now)).toMatchObject({ refused: 'unauthenticated' })
  })

  it('may be by any of the secrets, and by none that is not set', () => {
    const settings = { secret: 'new', older: 'key', tolerance: 300 }
    expect(plain(hook({ 'x-signature': base64 }), { ...tenant, settings }, now)).toBeUndefined()
    const { older: _older, ...one } = settings
    expect(plain(hook({ 'x-signature': base64 }), { ...tenant, settings: one }, now)).toMatchObject({ refused: 'unauthenticated' })
  })

  it('may stand elsewhere', () => {
    const rules = signature<Settings>({ header: 'sig', encoding: 'hex', secrets, from: ({ query }) => query.get('sig') ?? undefined })
    expect(rules({ ...hook({}), query: new URLSearchParams({ sig: hex }) }, tenant, now)).toBeUndefined()
    expect(rules(hook({ sig: hex }), tenant, now)).toMatchObject({ refused: 'unauthenticated' })
  })
})

describe('a signature with a time', () => {
  const timed = signature<Settings>({
    header: 'x-signature',
    encoding: 'hex',
    secrets,
    signed: () => [body.slice(0, 10), Buffer.from(body.slice(10))],
    time: { header: 'x-time', toleranceSeconds: ({ tolerance }) => tolerance },
  })
  const at = (seconds: string) => timed(hook({ 'x-signature': hex, 'x-time': seconds }, 'anything'), tenant, now)
  const seconds = now.getTime() / 1000

  it.each([0, -300, 300])('is taken %d seconds from now', offset => {
    expect(at(String(seconds + offset))).toBeUndefined()
  })

  it.each([-301, 301])('is stale %d seconds from now', offset => {
    expect(at(String(seconds + offset))).toMatchObject({ refused: 'stale' })
  })

  it.each(['', 'now', '1e9', `${seconds}.5`])('needs one: %p is none', text => {
    expect(at(text)).toMatchObject({ refused: 'unauthenticated' })
  })
})

describe('a comparison', () => {
  it('knows what is the same and what is not, whatever the lengths', () => {
    expect([isSame('abc', 'abc'), isSame('abc', 'abd'), isSame('', 'abc'), isSame('abcabc', 'abc')]).toEqual([true, false, false, false])
  })
})

describe('credentials', () => {
  it('are headers', () => {
    expect(bearer('t-1')).toEqual({ headers: { authorization: 'Bearer t-1' } })
    expect(bearer('t-1', secondsFrom(now, 90))).toEqual({ headers: { authorization: 'Bearer t-1' }, expiresAt: new Date('2026-01-01T00:01:30Z') })
    // https://www.rfc-editor.org/rfc/rfc7617#section-2
    expect(basic('Aladdin', 'open sesame')).toEqual({ authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' })
  })
})
