import { describe, expect, it } from '@jest/globals'
import { type ScriptedContext, scriptedContext } from '@um/testing/conformance'
import type { TenantView, Webhook } from '../../src/contract/index.ts'
import { beginOAuth, challengeOf, endOAuth, messagePage, newVerifier, questionPage } from '../../src/pages/index.ts'

const deskOf = (id: string): ScriptedContext<unknown> => scriptedContext({ tenant: { id } as TenantView<unknown>, classify: () => undefined })
const answer = (state: string, cookie: string): Webhook => ({
  method: 'GET',
  path: '/back',
  query: new URLSearchParams({ state, code: 'c' }),
  headers: new Headers({ cookie }),
  raw: Buffer.alloc(0),
})
async function begun(desk: ScriptedContext<unknown>, kept?: string): Promise<{ url: URL; state: string; cookie: string }> {
  const reply = await beginOAuth(desk, 'https://id.example/authorize?lang=de', { client_id: 'c1' }, kept)
  const url = new URL(reply.headers?.location ?? '')
  return { url, state: url.searchParams.get('state') ?? '', cookie: reply.headers?.['set-cookie']?.split(';')[0] ?? '' }
}

describe('a page', () => {
  it('carries tags for those who verify the domain, which nobody can break out of', () => {
    const { body } = messagePage(200, 'Here', 'Nothing to see', [['site-verification', 'a"><script>']])

    expect(String(body)).toMatch(/<head>.*<meta name="site-verification" content="a&quot;&gt;&lt;script&gt;">.*<\/head>/)
  })
})

describe('the challenge of a verifier', () => {
  it('is the one of RFC 7636, appendix B, and verifiers are never the same', () => {
    expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
    expect(newVerifier()).toMatch(/^[\w-]{43}$/)
    expect(newVerifier()).not.toBe(newVerifier())
  })
})

describe('an authorization', () => {
  it('begins at the platform with what the connector asks for, and a state of its own each time', async () => {
    const desk = deskOf('t1')
    const [first, second] = [await begun(desk), await begun(desk)]

    expect(first.url.origin).toBe('https://id.example')
    expect(Object.fromEntries(first.url.searchParams)).toMatchObject({ lang: 'de', client_id: 'c1' })
    expect(first.state).not.toBe(second.state)
    // 192 bits behind the tenant's id
    expect(first.state).toMatch(/^t1\.[\w-]{32}$/)
  })

  it('ends at the desk where it began, with what was kept, once', async () => {
    const desks = [deskOf('t1'), deskOf('t2')]
    const { state, cookie } = await begun(desks[1] ?? deskOf(''), 'verifier')

    const ended = await endOAuth(answer(state, `other=1; ${cookie}`), desks)

    expect(ended).toMatchObject({ kept: 'verifier' })
    expect(ended?.desk).toBe(desks[1])
    expect(await endOAuth(answer(state, cookie), desks)).toBeUndefined()
  })

  it('does not end in another browser, for another tenant, or with a state that nobody has made', async () => {
    const desks = [deskOf('t1'), deskOf('t2')]
    const { state, cookie } = await begun(desks[0] ?? deskOf(''))
    const moved = state.replace('t1.', 't2.')

    for (const hook of [
      answer(state, ''),
      answer(state, `${cookie}x`),
      answer(moved, `um_oauth=${moved}`),
      answer('', 'um_oauth='),
      answer('t1.x', 'um_oauth=t1.x'),
    ])
      expect(await endOAuth(hook, desks)).toBeUndefined()
    expect(await endOAuth(answer(state, cookie), desks)).toBeDefined()
  })
})

describe('a page', () => {
  it('shows words as words, wherever they stand', () => {
    const evil = '"><script>alert(1)</script>'
    const pages = [messagePage(200, evil, evil), questionPage({ title: evil, words: evil, name: evil, label: evil, value: evil, button: evil })]

    for (const { body, headers } of pages) {
      expect(String(body)).not.toContain('<script>')
      expect(headers?.['content-security-policy']).toContain("default-src 'none'")
    }
  })
})
