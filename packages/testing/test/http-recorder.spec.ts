import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type HttpRecorder, startRecorder } from '../src/http-recorder.ts'

let recorder: HttpRecorder
beforeEach(async () => {
  recorder = await startRecorder()
})
afterEach(() => recorder.stop())

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(recorder.url + path, { method: 'POST', body: JSON.stringify(body), headers })
}

describe('an HTTP recorder', () => {
  it('answers as scripted and is content when all came', async () => {
    recorder.expect({ method: 'POST', path: '/send', json: { chat: 7 }, reply: { status: 202, json: { ok: true }, headers: { 'x-id': 'a' } } })

    const answer = await post('/send', { chat: 7, text: 'hello' })

    expect(answer.status).toBe(202)
    expect(answer.headers.get('x-id')).toBe('a')
    expect(await answer.json()).toEqual({ ok: true })
    expect(recorder.calls.map(call => call.json())).toEqual([{ chat: 7, text: 'hello' }])
    recorder.verify()
  })

  it('finds fault with a call that nobody expected', async () => {
    recorder.expect({ method: 'GET', path: '/other', times: 'any' })

    const answer = await post('/send', {})

    expect(answer.status).toBe(501)
    expect(() => recorder.verify()).toThrow('unexpected call POST /send (expected were: GET /other)')
  })

  it('finds fault with an expected call that did not come', async () => {
    recorder.expect({ method: 'POST', path: '/send', times: 3 })

    await post('/send', {})

    expect(() => recorder.verify()).toThrow('expected call POST /send did not come (2 times)')
  })

  it('finds fault with a call that comes once more than expected', async () => {
    recorder.expect({ method: 'POST', path: '/send' })

    await post('/send', {})
    await post('/send', {})

    expect(() => recorder.verify()).toThrow('unexpected call POST /send (it was used up)')
  })

  it.each([
    ['JSON body', { json: { chat: 8 } }, 'expected JSON with {"chat":8}, got {"chat":7}'],
    ['header', { headers: { 'x-key': 'b' } }, 'header x-key: expected "b", got "a"'],
    ['header that must be absent', { headers: { 'x-key': undefined } }, 'header x-key: expected none, got "a"'],
    ['query', { query: { page: '2' } }, 'query page: expected "2", got "1"'],
    ['matcher', { matches: () => false }, 'the matcher says no'],
  ])('says what differs: %s', async (_what, expected, message) => {
    recorder.expect({ method: 'POST', path: '/send', ...expected })

    await post('/send?page=1', { chat: 7 }, { 'x-key': 'a' })

    expect(() => recorder.verify()).toThrow(message)
  })

  it('answers equal calls in the order of the script', async () => {
    recorder.expect({ method: 'POST', path: '/send', reply: { status: 429, retryAfterSeconds: 3 } })
    recorder.expect({ method: 'POST', path: '/send', reply: { status: 200 } })

    const first = await post('/send', {})
    const second = await post('/send', {})

    expect([first.status, first.headers.get('retry-after'), second.status]).toEqual([429, '3', 200])
    recorder.verify()
  })

  it('begins clean after it was verified', async () => {
    await post('/send', {})
    expect(() => recorder.verify()).toThrow()

    expect(recorder.calls).toEqual([])
    recorder.verify()
  })

  it('resets connections, at once or in the middle of an answer', async () => {
    recorder.expect({ method: 'POST', path: '/at-once', reply: { reset: true } })
    recorder.expect({ method: 'POST', path: '/half', reply: { body: 'all of it', resetAfterBytes: 3 } })

    await expect(post('/at-once', {})).rejects.toThrow()
    const half = await post('/half', {})

    await expect(half.text()).rejects.toThrow()
    recorder.verify()
  })

  it('delays an answer, or gives none at all', async () => {
    recorder.expect({ method: 'POST', path: '/slow', reply: { delayMs: 60 } })
    recorder.expect({ method: 'POST', path: '/never', reply: { silence: true } })
    const startedAt = performance.now()

    await post('/slow', {})
    const tookMs = performance.now() - startedAt
    const never = fetch(`${recorder.url}/never`, { method: 'POST', signal: AbortSignal.timeout(80) })

    expect(tookMs).toBeGreaterThanOrEqual(58)
    await expect(never).rejects.toThrow(/timeout/)
  })

  it('keeps bodies as bytes, also those of multipart parts', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 200, 1])
    const form = new FormData()
    form.set('chat', '7')
    form.set('photo', new Blob([bytes], { type: 'image/png' }), 'grüße "1".png')
    recorder.expect({ method: 'POST', path: '/upload' })

    await fetch(`${recorder.url}/upload`, { method: 'POST', body: form })

    const [chat, photo] = recorder.calls[0]?.parts() ?? []
    expect(chat).toMatchObject({ name: 'chat', fileName: undefined })
    expect(chat?.bytes.toString()).toBe('7')
    expect(photo).toMatchObject({ name: 'photo', contentType: 'image/png' })
    expect(photo?.fileName).toContain('grüße')
    expect(photo?.bytes.equals(bytes)).toBe(true)
  })

  it('refuses a multipart body that was cut off', async () => {
    recorder.expect({ method: 'POST', path: '/upload' })

    await fetch(`${recorder.url}/upload`, {
      method: 'POST',
      body: '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    })

    expect(() => recorder.calls[0]?.parts()).toThrow('no closing delimiter')
  })

  it('compares forms', async () => {
    recorder.expect({ method: 'POST', path: '/token', form: { grant_type: 'client_credentials', scope: 'a b' } })

    await fetch(`${recorder.url}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'a b' }) })

    recorder.verify()
  })
})
