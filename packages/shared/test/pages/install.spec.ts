import { describe, expect, it } from '@jest/globals'
import { type ScriptedContext, scriptedContext } from '@um/testing/conformance'
import { CallFailed, type Reply } from '../../src/contract/index.ts'
import { beginOAuth, type ComeBack, deskOf, finishOAuth, messagePage, unknownDesk } from '../../src/pages/index.ts'

const options = { showSystemMessages: false, prefixAgentName: false }
const deskFor = (id: string) =>
  scriptedContext<unknown>({ tenant: { id, name: id, settings: {}, state: {}, options, webhookUrl: 'https://um.example.com/acme' }, classify: () => undefined })

async function comeBack(desk: ScriptedContext<unknown>, query: Record<string, string>, settle: (back: ComeBack<unknown>) => Promise<Reply>, kept?: string) {
  const begun = await beginOAuth(desk, 'https://acme.example.com/authorize', {}, kept)
  const state = new URL(begun.headers?.location ?? '').searchParams.get('state') ?? ''
  const headers = new Headers({ cookie: begun.headers?.['set-cookie']?.split(';')[0] ?? '' })
  const hook = { method: 'GET', path: '/oauth/callback', query: new URLSearchParams({ state, ...query }), headers, raw: Buffer.alloc(0) }
  return { hook, page: await finishOAuth(hook, [desk], 'an account could not be connected', settle) }
}
const never = async (): Promise<Reply> => {
  throw new Error('nothing was to be redeemed')
}

describe('the way back from the platform', () => {
  it('redeems the code with what was kept, once', async () => {
    const seen: unknown[] = []
    const settle = async ({ desk, code, kept }: ComeBack<unknown>) => {
      seen.push([desk.tenant.id, code, kept])
      return messagePage(200, 'Done', 'Connected.')
    }
    const { hook, page } = await comeBack(deskFor('t1'), { code: 'c-1' }, settle, 'verifier')

    expect([page.status, seen]).toEqual([200, [['t1', 'c-1', 'verifier']]])
    expect((await finishOAuth(hook, [deskFor('t1')], '', never)).status).toBe(400)
  })

  it('is over when people do not want to, or began somewhere else', async () => {
    const { hook, page } = await comeBack(deskFor('t1'), { error: 'access_denied' }, never)

    expect(String(page.body)).toContain('Cancelled')
    expect((await finishOAuth({ ...hook, headers: new Headers() }, [deskFor('t1')], '', never)).status).toBe(400)
  })

  it('says what the platform says when it refuses, and leaves a line', async () => {
    const desk = deskFor('t1')
    const { page } = await comeBack(desk, { code: 'c-1' }, async () => {
      throw new CallFailed({ kind: 'content', why: 'Acme: invalid_code <b>' })
    })

    expect(page.status).toBe(502)
    expect(String(page.body)).toContain('Acme: invalid_code &lt;b&gt;')
    expect(desk.seen.logged).toMatchObject([{ fields: { why: 'Acme: invalid_code <b>' }, message: 'an account could not be connected' }])
  })

  it('hides no bug', async () => {
    await expect(comeBack(deskFor('t1'), { code: 'c-1' }, never)).rejects.toThrow('nothing was to be redeemed')
  })
})

describe('the tenant that people name', () => {
  it('is found by its identifier, however it was typed', () => {
    const desks = [deskFor('t1'), deskFor('t2')]

    expect(deskOf(' T2 ', desks)).toBe(desks[1])
    for (const other of ['t', 't22', '', null, undefined]) expect(deskOf(other, desks)).toBeUndefined()
    expect(unknownDesk().status).toBe(404)
  })
})
