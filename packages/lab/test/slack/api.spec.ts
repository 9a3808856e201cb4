import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import type { Phone } from '../../src/protocol.ts'
import { call, consent, install, redirectUri, workspace } from './workspace.ts'

let lab: Lab
let made: ReturnType<typeof workspace>
let token: string
let phone: Phone
let channel: string

beforeAll(async () => {
  lab = await startLab({ only: ['slack'], timeScale: 0.001 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  made = workspace(lab)
  token = await install(lab, made)
  phone = lab.side('slack').openPhone(made.team, { name: 'Lena' }).phone
  channel = `D${phone.guest.id.split(':U')[1]}`
})
afterEach(async () => {
  await lab.side('slack').faults.clear()
})
const post = (json: object) => call(lab, 'chat.postMessage', { token, json: { channel, ...json } })
const shownBodies = () =>
  lab
    .side('slack')
    .timeline(phone.id, 50)
    .entries.map(({ body }) => body)

describe('OAuth', () => {
  it('gives a token for a code, which is good once', async () => {
    const { query } = await consent(lab, made)
    const form = { code: query.get('code') ?? '', redirect_uri: redirectUri }

    expect(query.get('state')).toBe('s-1')
    expect(await call(lab, 'oauth.v2.access', { basic: made.basic, form })).toMatchObject({
      ok: true,
      token_type: 'bot',
      app_id: made.app.appId,
      team: { id: made.team, name: 'Acme Staff' },
      enterprise: null,
      is_enterprise_install: false,
    })
    expect(await call(lab, 'oauth.v2.access', { basic: made.basic, form })).toMatchObject({ ok: false, error: 'invalid_code' })
  })

  it.each([
    ['the secret is wrong', () => ({ basic: `${made.app.clientId}:x` }), 'bad_client_secret'],
    ['the client is unknown', () => ({ basic: 'x:y' }), 'invalid_client_id'],
    ['the way back is another', () => ({ redirect: 'https://evil.example' }), 'bad_redirect_uri'],
  ])('refuses when %s', async (_what, change, error) => {
    const { query } = await consent(lab, made)
    const { basic = made.basic, redirect = redirectUri } = change() as { basic?: string; redirect?: string }

    expect(await call(lab, 'oauth.v2.access', { basic, form: { code: query.get('code') ?? '', redirect_uri: redirect } })).toMatchObject({ ok: false, error })
  })

  it('tells of people who do not want the app, and leads nowhere that the app has not named', async () => {
    expect((await consent(lab, { app: made.app })).query.get('error')).toBe('access_denied')
    expect((await consent(lab, made, 'https://evil.example')).status).toBe(400)
  })

  it('rotates both tokens when the app has it so, and a refresh token is good once', async () => {
    made.app.rotation = true
    const { query } = await consent(lab, made)
    const first = await call(lab, 'oauth.v2.access', { basic: made.basic, form: { code: query.get('code') ?? '', redirect_uri: redirectUri } })
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) }

    const second = await call(lab, 'oauth.v2.access', { basic: made.basic, form: refresh })

    expect(first).toMatchObject({ expires_in: 43_200 })
    expect(second).toMatchObject({ ok: true, expires_in: 43_200 })
    expect(await call(lab, 'auth.test', { token: String(first.access_token) })).toMatchObject({ error: 'invalid_auth' })
    expect(await call(lab, 'auth.test', { token: String(second.access_token) })).toMatchObject({ ok: true, team_id: made.team })
    expect(await call(lab, 'oauth.v2.access', { basic: made.basic, form: refresh })).toMatchObject({ error: 'invalid_refresh_token' })
  })
})

describe('a call', () => {
  it.each([
    ['without a token', undefined, 'not_authed'],
    ['with a token that was never given', 'xoxb-x', 'invalid_auth'],
  ])('%s is refused with HTTP 200', async (_what, wrong, error) => {
    const answer = await call(lab, 'auth.test', wrong === undefined ? {} : { token: wrong })

    expect(answer).toMatchObject({ status: 200, ok: false, error })
  })

  it('is refused once the token was taken back', async () => {
    await call(lab, 'auth.revoke', { token })

    expect(await call(lab, 'auth.test', { token })).toMatchObject({ error: 'token_revoked' })
  })

  it('of a method that does not exist is told so', async () => {
    expect(await call(lab, 'chat.shout', { token })).toMatchObject({ ok: false, error: 'unknown_method' })
  })

  it('is limited per method and workspace, and says how long to wait', async () => {
    const strict = await startLab({ only: ['slack'], platforms: { slack: { limits: { callsPerMinute: 2, messagesPerSecondAndChannel: 1 } } } })
    const [one, two] = [workspace(strict), workspace(strict)]
    const [first, second] = [await install(strict, one), await install(strict, two)]
    for (let times = 0; times < 2; times += 1) await call(strict, 'auth.test', { token: first })

    const answer = await call(strict, 'auth.test', { token: first })

    expect(answer).toMatchObject({ status: 429, ok: false, error: 'ratelimited' })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await call(strict, 'auth.test', { token: second })).toMatchObject({ ok: true })
    expect(await call(strict, 'team.info', { token: first })).toMatchObject({ ok: true })
    await strict.close()
  })

  it('fails in the words of a fault', async () => {
    await lab.side('slack').faults.add({ simulator: 'slack', kind: 'token_expired', params: {}, where: { operation: 'auth.test' }, times: 1 })

    expect(await call(lab, 'auth.test', { token })).toMatchObject({ status: 200, error: 'token_expired' })
    expect(await call(lab, 'auth.test', { token })).toMatchObject({ ok: true })
  })
})

describe('a message', () => {
  it('is shown with what mrkdwn means, and named by conversation and time', async () => {
    const answer = await post({ text: '*Hi* &lt;you&gt; <https://example.org|here>' })

    expect(answer).toMatchObject({ ok: true, channel, ts: expect.stringMatching(/^\d{10}\.\d{6}$/) })
    expect(shownBodies()).toMatchObject([
      {
        kind: 'text',
        text: 'Hi <you> here',
        spans: [
          { style: 'bold', length: 2 },
          { style: 'link', url: 'https://example.org' },
        ],
      },
    ])
  })

  it('reaches people by their own id, too', async () => {
    expect(await post({ channel: `U${channel.slice(1)}`, text: 'x' })).toMatchObject({ ok: true, channel })
    expect(await call(lab, 'conversations.open', { token, form: { users: `U${channel.slice(1)}` } })).toMatchObject({ channel: { id: channel } })
  })

  it.each([
    ['nobody has this conversation', { channel: 'D0NOBODY00', text: 'x' }, 'channel_not_found'],
    ['it says nothing', {}, 'no_text'],
    ['it is too long', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['it has too many blocks', { text: 'x', blocks: Array(51).fill({ type: 'divider' }) }, 'invalid_blocks'],
    ['a label is too long', { blocks: [{ type: 'actions', elements: [button('x'.repeat(76))] }] }, 'invalid_blocks'],
    ['ids are not unique', { blocks: [{ type: 'actions', block_id: 'b', elements: [button('x'), button('y')] }] }, 'invalid_blocks'],
    ['its blocks say too much', { blocks: Array(5).fill({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(2700) } }) }, 'msg_blocks_too_long'],
  ])('is refused when %s', async (_what, json, error) => {
    expect(await post(json)).toMatchObject({ status: 200, ok: false, error })
    expect(shownBodies()).toEqual([])
  })

  it('is refused for people who have left', async () => {
    const chat = lab.side('slack').book.find(made.team, phone.guest.id)
    if (chat !== undefined) chat.guest.data.isDisabled = true

    expect(await post({ text: 'x' })).toMatchObject({ error: 'user_disabled' })
  })
})

describe('a file', () => {
  const url = (form: Record<string, string>) => call(lab, 'files.getUploadURLExternal', { token, form })
  const bytes = Buffer.from('%PDF-1.7\nhello')

  it('takes three steps', async () => {
    const { upload_url, file_id } = await url({ filename: 'a.pdf', length: String(bytes.length) })
    const uploaded = await fetch(String(upload_url), { method: 'POST', body: new Uint8Array(bytes) })

    const answer = await call(lab, 'files.completeUploadExternal', {
      token,
      json: { channel_id: channel, files: [{ id: file_id, title: 'A' }], initial_comment: 'here' },
    })

    expect(uploaded.status).toBe(200)
    expect(answer).toMatchObject({ ok: true, files: [{ id: file_id, title: 'A' }] })
    expect(shownBodies()).toMatchObject([{ kind: 'file', caption: 'here', media: { size: bytes.length } }])
  })

  it('has to be as long as was said, and longer than nothing', async () => {
    expect(await url({ filename: 'a.pdf', length: '0' })).toMatchObject({ error: 'missing_argument' })
    const { upload_url, file_id } = await url({ filename: 'a.pdf', length: String(bytes.length + 1) })

    expect((await fetch(String(upload_url), { method: 'POST', body: new Uint8Array(bytes) })).status).toBe(400)
    expect(await call(lab, 'files.completeUploadExternal', { token, json: { channel_id: channel, files: [{ id: file_id }] } })).toMatchObject({
      error: 'file_not_found',
    })
  })

  it('of a guest is behind the token; without it comes a page', async () => {
    const { id } = lab.media.put({ bytes, mime: 'application/pdf', name: 'r.pdf' })
    await lab.side('slack').act(phone.id, { do: 'file', upload: id })
    const [file] = [...lab.side('slack').book.accountOf(made.team).data.files.values()]
    const { file: facts } = (await call(lab, 'files.info', { token, form: { file: file?.id ?? '' } })) as { file?: { url_private_download: string } }
    const get = (headers: Record<string, string>) => fetch(facts?.url_private_download ?? '', { headers })

    const [open, closed] = [await get({ authorization: `Bearer ${token}` }), await get({})]

    expect(Buffer.from(await open.arrayBuffer())).toEqual(bytes)
    expect([closed.status, closed.headers.get('content-type')]).toEqual([200, 'text/html'])
  })
})

function button(text: string) {
  return { type: 'button', action_id: 'a', text: { type: 'plain_text', text } }
}
