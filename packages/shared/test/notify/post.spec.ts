import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { AgentPool, AllowList } from '../../src/http/index.ts'
import { post } from '../../src/notify/post.ts'
import { Listener } from './listener.ts'

let listener: Listener
beforeAll(async () => {
  listener = await Listener.start()
})
beforeEach(() => {
  listener.heard.length = 0
  listener.respond = () => ({})
})
afterAll(() => listener.stop())

const agentsBy = (proxy: string | null) => new AgentPool(new AllowList([]), () => proxy)
const agents = agentsBy(null)
const send = (url: string, signal = AbortSignal.timeout(2000)) => post({ url, body: { text: 'é😀' } }, { agents, version: '1.0.14', signal })

describe('post', () => {
  it('posts JSON and says who it is', async () => {
    const answer = await send(`${listener.url}/hook?wait=true`)

    expect(answer).toEqual({ status: 200, retryAfter: null, text: 'ok' })
    expect(listener.heard).toMatchObject([
      {
        method: 'POST',
        path: '/hook?wait=true',
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'UniversalMessaging/1.0.14' },
        body: { text: 'é😀' },
      },
    ])
  })

  it('tells what was answered, whatever the status', async () => {
    listener.respond = () => ({ status: 429, headers: { 'retry-after': '3' }, body: 'slow down' })

    expect(await send(listener.url)).toEqual({ status: 429, retryAfter: '3', text: 'slow down' })
  })

  it('does not follow redirects', async () => {
    listener.respond = () => ({ status: 307, headers: { location: '/elsewhere' }, body: '' })

    expect(await send(`${listener.url}/hook`)).toMatchObject({ status: 307 })
    expect(listener.heard.map(({ path }) => path)).toEqual(['/hook'])
  })

  it('reads only the beginning of a long answer', async () => {
    listener.respond = () => 'flood'
    const begun = performance.now()

    expect(await send(listener.url, AbortSignal.timeout(1000))).toEqual({ status: 404, retryAfter: null, text: 'x'.repeat(4096) })
    expect(performance.now() - begun).toBeLessThan(900)
  })

  it('takes the status of an answer whose body never ends', async () => {
    listener.respond = () => 'drip'

    expect(await send(listener.url, AbortSignal.timeout(50))).toEqual({ status: 200, retryAfter: null, text: 'o' })
  })

  it('says that no answer came in time', async () => {
    listener.respond = () => 'hang'

    expect(await send(listener.url, AbortSignal.timeout(30))).toEqual({ noAnswer: 'no answer in time' })
  })

  it('says that the connection broke', async () => {
    listener.respond = () => 'reset'

    expect(await send(listener.url)).toEqual({ noAnswer: 'no answer: ECONNRESET' })
  })

  it('says that nobody is there, without naming the address', async () => {
    const gone = await Listener.start()
    await gone.stop()

    expect(await send(`${gone.url}/services/s3cr3t`)).toEqual({ noAnswer: 'no connection: ECONNREFUSED' })
  })

  it('goes through the outbound proxy', async () => {
    const answer = await post(
      { url: 'http://hooks.example/services/x', body: {} },
      { agents: agentsBy(listener.url), version: '1', signal: AbortSignal.timeout(2000) },
    )

    expect(answer).toMatchObject({ status: 200 })
    expect(listener.heard).toMatchObject([{ path: 'http://hooks.example/services/x', headers: { host: 'hooks.example' } }])
  })

  it('answers also when the proxy’s address is nonsense', async () => {
    const answer = await post({ url: 'http://hooks.example/x', body: {} }, { agents: agentsBy('nonsense'), version: '1', signal: AbortSignal.timeout(2000) })

    expect(answer).toEqual({ noAnswer: expect.stringContaining('no connection') })
  })
})
