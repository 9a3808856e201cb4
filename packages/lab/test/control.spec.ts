import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, type LabEvent, startLab } from '../src/index.ts'
import { jpeg } from './images.ts'

let lab: Lab
let page: string
let bot: { id: number; token: string }

beforeAll(async () => {
  page = await mkdtemp(join(tmpdir(), 'um-lab-page-'))
  await mkdir(join(page, 'assets'))
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Lab</title>')
  await writeFile(join(page, 'assets', 'app.js'), 'export {}')
  lab = await startLab({ only: ['telegram'], pageDirectory: page })
  bot = lab.telegram.addBot({ name: 'Acme' })
})
afterAll(async () => {
  await lab.close()
  await rm(page, { recursive: true })
})
beforeEach(() => lab.reset())

// biome-ignore lint/suspicious/noExplicitAny: bodies differ by call, and tests look at a member or two
type Json = any
async function api(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json; headers: Headers }> {
  const answer = await fetch(`${lab.url}/lab/api${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
}
const newPhone = async (guest: object = {}) => (await api('POST', '/phones', { platform: 'telegram', account: String(bot.id), guest })).body
const actions = (phone: { id: string }) => `/phones/${encodeURIComponent(phone.id)}/actions`

async function* decoded(answer: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) yield decoder.decode(chunk, { stream: true })
}

/** Reads events until one satisfies; gives all that came. */
async function listen(
  until: (event: LabEvent) => boolean,
  after?: string,
  begun: () => void = () => undefined,
): Promise<{ id: string | undefined; event: LabEvent }[]> {
  const answer = await fetch(`${lab.url}/lab/api/events`, { headers: after === undefined ? {} : { 'Last-Event-ID': after } })
  const events: { id: string | undefined; event: LabEvent }[] = []
  let text = ''
  for await (const chunk of decoded(answer)) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data === undefined) continue
      const event = JSON.parse(data) as LabEvent
      events.push({ id: /^id: (.*)$/m.exec(block)?.[1], event })
      if (event.type === 'hello') begun()
      if (until(event)) return events
    }
  }
  return events
}

describe('phones', () => {
  it('are opened once per guest', async () => {
    const first = await api('POST', '/phones', { platform: 'telegram', account: String(bot.id), guest: { id: '5550001111', name: 'Lena Ruiz' } })
    const again = await api('POST', '/phones', { platform: 'telegram', account: String(bot.id), guest: { id: '5550001111' } })

    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toMatchObject({ id: `telegram:${bot.id}:5550001111`, guest: { name: 'Lena Ruiz' }, blocked: false, started: false })
  })

  it('are opened with the only account when none is named', async () => {
    expect((await api('POST', '/phones', { platform: 'telegram' })).body.account).toBe(String(bot.id))
  })

  it.each([
    ['a platform that is not simulated', { platform: 'pigeon' }, '/platform'],
    ['an account that is not known', { platform: 'telegram', account: '1' }, '/account'],
    ['a tenant that is not known', { platform: 'telegram', tenantId: 'x' }, '/tenantId'],
    ['a guest id that is none', { platform: 'telegram', guest: { id: 'Lena' } }, '/guest/id'],
    ['a member that is not known', { platform: 'telegram', colour: 'red' }, '/colour'],
  ])('are not opened for %s', async (_what, body, pointer) => {
    const answer = await api('POST', '/phones', body)

    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ pointer }] } })
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  })

  it('show what was written, and can be thrown away', async () => {
    const phone = await newPhone()
    const written = await api('POST', actions(phone), { do: 'text', text: 'Hello' })
    const timeline = await api('GET', `/phones/${encodeURIComponent(phone.id)}`)
    const listed = await api('GET', '/phones')
    const removed = await api('DELETE', `/phones/${encodeURIComponent(phone.id)}`)
    const gone = await api('GET', `/phones/${encodeURIComponent(phone.id)}`)

    expect(written).toMatchObject({ status: 201, body: { entries: [{ from: 'guest', state: 'queued', body: { kind: 'text', text: 'Hello' } }] } })
    expect(timeline.body).toMatchObject({ phone: { id: phone.id, started: true, entries: 1 }, entries: [{ id: written.body.entries[0].id }], truncated: false })
    expect(listed.body).toMatchObject({ items: [{ id: phone.id }], more: false })
    expect([removed.status, gone.status]).toEqual([204, 404])
  })

  it('send uploads', async () => {
    const phone = await newPhone()
    const upload = await (
      await fetch(`${lab.url}/lab/api/uploads?name=lid.jpg`, { method: 'POST', headers: { 'Content-Type': 'image/jpeg' }, body: new Uint8Array(jpeg) })
    ).json()

    const sent = await api('POST', actions(phone), { do: 'photo', upload: (upload as { id: string }).id, caption: 'Broken' })

    expect(upload).toMatchObject({ media: { mime: 'image/jpeg', name: 'lid.jpg', size: jpeg.length, width: 320 } })
    expect(sent.body.entries[0].body).toMatchObject({ kind: 'photo', caption: 'Broken', media: { name: 'lid.jpg' } })
  })

  it.each([
    ['an unknown action', { do: 'dance' }, 422],
    ['an upload that is not there', { do: 'photo', upload: 'nothing' }, 422],
    ['a button that is not there', { do: 'press', button: '0.0' }, 404],
    ['no JSON', '{', 400],
  ])('refuse %s', async (_what, body, status) => {
    expect((await api('POST', actions(await newPhone()), body)).status).toBe(status)
  })
})

describe('faults', () => {
  it('are offered, switched on, listed and switched off', async () => {
    const catalog = (await api('GET', '/faults/catalog')).body.items
    const created = await api('POST', '/faults', { simulator: 'genesys', kind: 'slow', params: { ms: 5 }, times: 3 })
    const listed = (await api('GET', '/faults')).body.items
    const removed = await api('DELETE', `/faults/${created.body.id}`)
    const again = await api('DELETE', `/faults/${created.body.id}`)

    expect(catalog.map((each: { simulator: string }) => each.simulator)).toEqual(['telegram', 'genesys', 's3'])
    expect(created).toMatchObject({ status: 201, body: { simulator: 'genesys', kind: 'slow', params: { ms: 5 }, times: 3, hits: 0 } })
    expect(listed).toEqual([created.body])
    expect([removed.status, again.status]).toEqual([204, 404])
  })

  it('are cleared for one simulator or for all', async () => {
    for (const simulator of ['telegram', 'genesys']) await api('POST', '/faults', { simulator, kind: 'reset' })
    await api('DELETE', '/faults?simulator=telegram')
    const left = (await api('GET', '/faults')).body.items
    await api('DELETE', '/faults')

    expect(left.map((fault: { simulator: string }) => fault.simulator)).toEqual(['genesys'])
    expect((await api('GET', '/faults')).body.items).toEqual([])
  })
})

describe('events', () => {
  /** The stream until the first message of a phone. */
  function hear() {
    let heard: ReturnType<typeof listen> = Promise.resolve([])
    const begun = new Promise<void>(resolve => {
      heard = listen(event => event.type === 'phoneEntry', undefined, resolve)
    })
    return { heard, begun }
  }

  it('tell what happens from the moment of listening', async () => {
    const phone = await newPhone()
    const { heard, begun } = hear()
    await begun
    await api('POST', actions(phone), { do: 'text', text: 'Hello' })

    const events = await heard

    expect(events[0]).toMatchObject({ id: expect.any(String), event: { type: 'hello', instance: lab.info().instance } })
    expect(events.find(({ event }) => event.type === 'phoneEntry')?.event).toMatchObject({ entry: { body: { text: 'Hello' } } })
  })

  it('resume after the last one that was heard', async () => {
    const phone = await newPhone()
    const { heard, begun } = hear()
    await begun
    await api('POST', actions(phone), { do: 'text', text: 'one' })
    const last = (await heard).at(-1)?.id
    await api('POST', actions(phone), { do: 'text', text: 'two' })

    const events = await listen(event => event.type === 'phoneEntry' && event.entry.body.kind === 'text' && event.entry.body.text === 'two', last)

    expect(events[0]).toEqual({ id: undefined, event: { type: 'hello', instance: lab.info().instance } })
    expect(events.filter(({ event }) => event.type === 'phoneEntry' && event.entry.body.kind === 'text' && event.entry.body.text === 'one')).toEqual([])
  })

  it('ask a listener from another start to load everything', async () => {
    const events = await listen(event => event.type === 'reset', 'another.17')

    expect(events.map(({ event }) => event.type)).toEqual(['hello', 'reset'])
  })
})

describe('strangers', () => {
  const body = { platform: 'telegram', account: '1' }

  it.each([
    ['another origin', { Origin: 'https://evil.example.com' }, 403],
    ['an origin that is none', { Origin: 'null' }, 403],
    ['the Lab’s own origin', { Origin: 'own' }, 422],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
  ])('may not write from %s', async (_what, headers, status) => {
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value === 'own' ? lab.url : value]))
    const { port } = new URL(lab.url)

    const answered = await new Promise(resolve => {
      const req = request(
        { host: '127.0.0.1', port, method: 'POST', path: '/lab/api/phones', headers: { 'Content-Type': 'application/json', ...own } },
        res => {
          res.resume()
          resolve(res.statusCode)
        },
      )
      req.end(JSON.stringify(body))
    })

    expect(answered).toBe(status)
  })

  it('cannot make a file of theirs run on the Lab’s origin', async () => {
    const stored = lab.media.put({ bytes: Buffer.from('<script>alert(1)</script>'), mime: 'text/html', name: 'x".html' })

    const answer = await fetch(`${lab.url}/lab/api/media/${stored.id}/x`)

    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''x%22.html")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('media', () => {
  it('come in parts for players', async () => {
    const stored = lab.media.put({ bytes: Buffer.from('0123456789'), mime: 'video/mp4', name: 'v.mp4' })
    const url = `${lab.url}/lab/api/media/${stored.id}/v.mp4`

    const part = await fetch(url, { headers: { Range: 'bytes=2-4' } })
    const beyond = await fetch(url, { headers: { Range: 'bytes=20-' } })

    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234'])
    expect(beyond.status).toBe(416)
  })
})

describe('page', () => {
  it('is served under a strict policy', async () => {
    const index = await fetch(`${lab.url}/`)
    const script = await fetch(`${lab.url}/assets/app.js`)

    expect(await index.text()).toContain('<title>Lab</title>')
    expect(index.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
    expect(index.headers.get('x-powered-by')).toBeNull()
    expect(script.headers.get('content-type')).toMatch(/javascript/)
  })

  it('does not give out files beside it', async () => {
    expect((await fetch(`${lab.url}/..%2f..%2fetc/passwd`)).status).toBe(404)
  })

  it('says so when it has not been built', async () => {
    const bare = await startLab({ pageDirectory: '/nowhere' })
    const answer = await fetch(`${bare.url}/`)
    const text = await answer.text()
    await bare.close()

    expect([answer.status, text]).toEqual([200, 'The page of the Lab has not been built. Its API is at /lab/api/info.\n'])
  })
})

describe('the rest', () => {
  it('tells where the simulators are and counts what they saw', async () => {
    await fetch(`${lab.telegram.url}/bot${bot.token}/getMe`)

    const info = (await api('GET', '/info')).body
    const audit = (await api('GET', '/audit/telegram')).body
    const exchanges = (await api('GET', '/exchanges?simulator=telegram&limit=1')).body

    expect(info.simulators).toMatchObject([
      { id: 'telegram', url: lab.telegram.url, up: true },
      { id: 'genesys', url: lab.genesys.url, up: true },
      { id: 's3', url: lab.s3.url, up: true },
    ])
    expect(info).toMatchObject({ gateway: { state: 'none' }, journal: { state: 'none' }, seed: { state: 'none' } })
    expect(audit.counters.requests).toBe(1)
    expect(exchanges.items).toMatchObject([{ simulator: 'telegram', direction: 'request', operation: 'getMe', account: String(bot.id), status: 200 }])
  })

  it('forgets conversations on reset and keeps accounts', async () => {
    await newPhone()
    await api('POST', '/reset')

    expect((await api('GET', '/phones')).body.items).toEqual([])
    expect((await api('GET', '/accounts')).body.items).toMatchObject([{ id: String(bot.id) }])
  })

  it('has nothing to seed without a fleet', async () => {
    expect((await api('POST', '/seed')).status).toBe(409)
  })

  it('answers problems to unknown addresses and wrong queries', async () => {
    expect(await api('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'notFound' } })
    expect(await api('GET', '/phones?limit=0')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/limit' }] } })
  })
})
