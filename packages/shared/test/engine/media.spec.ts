import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Authorization, CallFailed, type OpenMedia } from '../../src/contract/index.ts'
import { MediaService } from '../../src/engine/media.ts'
import type { View } from '../../src/engine/tenants.ts'
import { AgentPool, AllowList } from '../../src/http/index.ts'

/** A platform whose addresses want its token, as a header or in the query. */
let server: Server
let asked: { url: string; header: string | undefined }[]
let answer: RequestListener
let refused: Authorization[]
let tokens: Authorization[]
beforeEach(async () => {
  asked = []
  refused = []
  tokens = []
  answer = (_req, res) => void res.end('bytes')
  server = createServer((req, res) => {
    asked.push({ url: req.url ?? '', header: req.headers.authorization })
    answer(req, res)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const view = { id: 't1', settings: {} } as View
const service = () => {
  const parts = {
    connector: { implementation: { bases: () => ({ api: origin() }) } },
    agents: new AgentPool(new AllowList([]), () => null),
    allow: new AllowList([]),
    authorizationOf: async () => tokens.shift() ?? {},
    refuseAuthorization: async (_view: View, _account: string | undefined, authorization: Authorization) => void refused.push(authorization),
  }
  return new MediaService(parts as unknown as ConstructorParameters<typeof MediaService>[0])
}

describe('media of the platform', () => {
  it('are asked for with the header and the query of the authorization', async () => {
    tokens = [{ headers: { authorization: 'Bearer T' }, query: { access_token: 'T & T' } }]

    const opened = await service().open(view, { url: `${origin()}/get?media_id=m1` }, { authorized: true })

    expect(await text(opened.body)).toBe('bytes')
    expect(asked).toEqual([{ url: '/get?media_id=m1&access_token=T+%26+T', header: 'Bearer T' }])
  })
  it('are asked for with nothing of it otherwise', async () => {
    tokens = [{ query: { access_token: 'T' } }]
    await service().open(view, { url: `${origin()}/get` })

    expect(asked).toEqual([{ url: '/get', header: undefined }])
  })
})

describe('what looks at the media', () => {
  const accept = async (opened: OpenMedia): Promise<OpenMedia> => {
    const words = await text(opened.body)
    if (words === 'bad token') throw new CallFailed({ kind: 'unauthorized', why: words })
    if (words === 'gone') throw new CallFailed({ kind: 'content', why: words })
    return { ...opened, name: words }
  }
  it('gives others than were opened', async () => {
    expect(await service().open(view, { url: origin() }, { accept })).toMatchObject({ name: 'bytes' })
  })
  it('has the token dropped that was refused, and another one tried', async () => {
    tokens = [{ query: { t: '1' } }, { query: { t: '2' } }]
    answer = (req, res) => void res.end(req.url?.includes('t=1') ? 'bad token' : 'bytes')

    expect(await service().open(view, { url: origin() }, { authorized: true, accept })).toMatchObject({ name: 'bytes' })
    expect(refused).toEqual([{ query: { t: '1' } }])
  })
  it('has none tried for another refusal, nor a third', async () => {
    answer = (_req, res) => void res.end('gone')
    await expect(service().open(view, { url: origin() }, { authorized: true, accept })).rejects.toMatchObject({ failure: { kind: 'content' } })
    answer = (_req, res) => void res.end('bad token')
    await expect(service().open(view, { url: origin() }, { authorized: true, accept })).rejects.toMatchObject({ failure: { kind: 'unauthorized' } })

    expect(refused).toHaveLength(1)
    expect(asked).toHaveLength(3)
  })
})
