import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import type { Phone } from '../../src/protocol.ts'
import { interactionJob, signedHeaders } from '../../src/simulators/slack/events.ts'
import { Receiver } from '../receiver.ts'
import { call, install, workspace } from './workspace.ts'

let lab: Lab
let receiver: Receiver
let made: ReturnType<typeof workspace>
let token: string
let phone: Phone

beforeAll(async () => {
  lab = await startLab({ only: ['slack'], timeScale: 0.001 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  receiver = await Receiver.open()
  made = workspace(lab, receiver.url)
  token = await install(lab, made)
  phone = lab.side('slack').openPhone(made.team, { name: 'Lena' }).phone
})
afterEach(async () => {
  await lab.side('slack').faults.clear()
  await receiver.close()
})
const act = (action: Parameters<ReturnType<Lab['side']>['act']>[1]) => lab.side('slack').act(phone.id, action)
const eventOf = (index: number) => receiver.requests[index]?.json.event as Record<string, unknown>

describe('a signature', () => {
  it.each([
    [
      '{"token":"wqHdT4c1YkZ0rUeLm8nS2xGb","challenge":"p7Lk2vQy9RmX4tBz6NcW8sDf0GhJ3aEu5KoIiUyT","type":"url_verification"}',
      1_763_802_000,
      'v0=aef82f2da1b116d796bedf89f65b7189069b4962e7c290014fdb469c8cbf4e36',
    ],
    [
      '{"token":"wqHdT4c1YkZ0rUeLm8nS2xGb","team_id":"T04BQRS7X1","api_app_id":"A05KLM2N3P","type":"event_callback","event_id":"Ev06ABCD1234","event_time":1763802101,"event":{"type":"message","text":"Grüße 👋 aus Köln","user":"U04GUEST99","ts":"1763802100.000200","channel":"D05DMCHAN1","channel_type":"im","event_ts":"1763802100.000200"}}',
      1_763_802_101,
      'v0=754b716056f1a4587ed28b679e871070c9b5969a4c33cc99536911cde085470e',
    ],
  ])('is the one that was computed elsewhere: %#', (body, seconds, signature) => {
    expect(signedHeaders(Buffer.from(body), '9b1d6c3e5f7a48d20c4e6a8b1f3d5790', seconds * 1000)).toMatchObject({
      'X-Slack-Signature': signature,
      'X-Slack-Request-Timestamp': String(seconds),
    })
  })
})

describe('an event', () => {
  it('tells of what a guest wrote, escaped and with links marked, signed over its bytes', async () => {
    await act({ do: 'text', text: 'a < b & https://example.org/x' })
    const [request] = await receiver.until(1)

    expect(request?.json).toMatchObject({
      type: 'event_callback',
      team_id: made.team,
      api_app_id: made.app.appId,
      authorizations: [{ team_id: made.team, is_bot: true }],
    })
    expect(eventOf(0)).toMatchObject({
      type: 'message',
      text: 'a &lt; b &amp; <https://example.org/x>',
      channel_type: 'im',
      ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
    })
    const timestamp = request?.headers['x-slack-request-timestamp']
    const expected = createHmac('sha256', 'signing-secret').update(`v0:${timestamp}:${request?.raw}`).digest('hex')
    expect(request?.headers['x-slack-signature']).toBe(`v0=${expected}`)
  })

  it('comes three more times at most, with its number and the reason', async () => {
    receiver.script(500, 500, 500, 500)

    await act({ do: 'text', text: 'again' })
    await receiver.until(4)

    expect(receiver.requests.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ])
    expect(new Set(receiver.requests.map(({ json }) => json.event_id)).size).toBe(1)
  })

  it('tells of files, changes and deletions as Slack does', async () => {
    const { id } = lab.media.put({ bytes: Buffer.from('x'), mime: 'text/plain', name: 'a.txt' })
    await act({ do: 'file', upload: id, caption: 'see' })
    const { entries } = await act({ do: 'text', text: 'old' })
    await act({ do: 'edit', entry: entries[0]?.id ?? '', text: 'new' })
    await act({ do: 'delete', entry: entries[0]?.id ?? '' })
    await receiver.until(4)

    expect(eventOf(0)).toMatchObject({ subtype: 'file_share', text: 'see', files: [{ name: 'a.txt', mode: 'hosted', size: 1 }] })
    expect(eventOf(2)).toMatchObject({
      subtype: 'message_changed',
      message: { text: 'new', ts: eventOf(1)?.ts },
      previous_message: { text: 'old' },
      hidden: true,
    })
    expect(eventOf(3)).toMatchObject({ subtype: 'message_deleted', deleted_ts: eventOf(1)?.ts })
  })

  it('tells the app of what it said itself', async () => {
    await call(lab, 'chat.postMessage', { token, json: { channel: `D${phone.guest.id.split(':U')[1]}`, text: 'hello' } })
    await receiver.until(1)

    expect(eventOf(0)).toMatchObject({ type: 'message', bot_id: expect.stringMatching(/^B/), text: 'hello' })
  })

  it('tells that the app was removed, and the token is dead', async () => {
    lab.side('slack').uninstall(made.team)
    await receiver.until(2)

    expect([eventOf(0)?.type, eventOf(1)?.type]).toEqual(['tokens_revoked', 'app_uninstalled'])
    expect(await call(lab, 'auth.test', { token })).toMatchObject({ error: 'token_revoked' })
  })

  it('that is forged has a wrong signature and another identity', async () => {
    await lab.side('slack').faults.add({ simulator: 'slack', kind: 'forged', params: {}, where: {}, times: 1 })

    await act({ do: 'text', text: 'genuine' })
    await receiver.until(2)

    const forged = receiver.requests.find(({ json }) => String((json.event as { text: string }).text).startsWith('Forged'))
    const signature = createHmac('sha256', 'signing-secret').update(`v0:${forged?.headers['x-slack-request-timestamp']}:${forged?.raw}`).digest('hex')
    expect(forged?.headers['x-slack-signature']).not.toBe(`v0=${signature}`)
  })
})

describe('an interaction', () => {
  it('is a form with one field, signed like everything else', () => {
    const account = lab.side('slack').book.accountOf(made.team)
    const job = interactionJob(account, { user: { id: 'U1' }, actions: [{ action_id: 'a' }] }, () => 1_763_802_310_000)

    const payload = JSON.parse(new URLSearchParams(job.body.toString()).get('payload') ?? '')
    expect(payload).toMatchObject({ type: 'block_actions', team: { id: made.team }, api_app_id: made.app.appId, user: { id: 'U1' } })
    const headers = job.headers(job.body)
    const expected = createHmac('sha256', 'signing-secret').update(`v0:1763802310:${job.body}`).digest('hex')
    expect(headers).toMatchObject({ 'Content-Type': 'application/x-www-form-urlencoded', 'X-Slack-Signature': `v0=${expected}` })
    expect(job.retryInMs(1, { status: 500, why: '', ms: 1, text: '' })).toBeUndefined()
  })
})
