import { describe, expect, it } from '@jest/globals'
import type { InboundEvent } from '@um/shared/contract'
import { decode, encode } from '../src/mrkdwn.ts'
import { parse } from '../src/parse.ts'
import { callback, headersOf, hookOf, said, tenantOf, vectors } from './samples.ts'

function eventsOf(event: object, more: object = {}, settings: object = {}): InboundEvent[] {
  const found = parse(hookOf(callback(event, more), { 'content-type': 'application/json' }), tenantOf(settings))
  if (!Array.isArray(found)) throw new Error(found.why)
  return found
}
const contentsOf = (event: object) => eventsOf(event).map(found => (found.type === 'message' ? found.content : found.type))

describe('a message', () => {
  it('has the identity, the time and the address that Slack gives it', () => {
    const [event] = eventsOf(said({ text: 'Hello &amp; good morning', thread_ts: '1763802000.000100' }), {}, { customData: { tier: 'gold' } })

    expect(event).toEqual({
      id: 'Ev06ABCD1234',
      messageId: 'T04BQRS7X1:D05DMCHAN1:1763802100.000200',
      at: new Date(1_763_802_100_000),
      guest: 'T04BQRS7X1:U04GUEST99',
      address: { channel: 'D05DMCHAN1', thread: '1763802000.000100' },
      from: { participantData: { tier: 'gold', workspaceId: 'T04BQRS7X1' } },
      type: 'message',
      content: { kind: 'text', text: 'Hello & good morning' },
    })
  })

  it('that is forwarded comes from its attachments', () => {
    const attachments = [{ text: 'see &amp; tell', fallback: '[Nov 22] mina: see' }, { fallback: '[picture]' }, { title: 'x' }]

    expect(contentsOf(said({ text: '', attachments }))).toEqual([
      { kind: 'text', text: 'see & tell' },
      { kind: 'text', text: '[picture]' },
    ])
    expect(contentsOf(said({ text: 'look', attachments: [{ fallback: 'it' }] }))).toMatchObject([{ text: 'look' }, { text: 'it' }])
  })

  it('in which nothing can be read is told of', () => {
    expect(contentsOf(said({ text: '', attachments: [{ title: 'x' }] }))).toMatchObject([{ kind: 'unsupported', what: 'message' }])
    expect(contentsOf(said({ text: undefined }))).toMatchObject([{ kind: 'unsupported', what: 'message' }])
  })

  it('keeps milliseconds and cuts off what is finer', () => {
    expect(eventsOf(said({ ts: '1763802100.123987' }))[0]?.at).toEqual(new Date(1_763_802_100_123))
  })

  it('tells of the organisation, and of the workspace of a guest from elsewhere', () => {
    const [event] = eventsOf(said({ user_team: 'T09GUEST01' }), { context_enterprise_id: 'E01ENT0001' })

    expect(event?.from).toEqual({ participantData: { workspaceId: 'T09GUEST01', enterpriseId: 'E01ENT0001' } })
    expect(event?.guest).toBe('T04BQRS7X1:U04GUEST99')
  })

  it.each([
    ['of our own app', { user: 'U05BOTBOT1' }],
    ['of another app', { bot_id: 'B01' }],
    ['of an integration', { subtype: 'bot_message', user: undefined }],
    ['of a channel that is not accepted', { channel_type: 'channel' }],
    ['about the channel', { subtype: 'channel_join' }],
    ['that is hidden', { hidden: true }],
  ])('%s is nothing', (_what, more) => {
    expect(eventsOf(said(more))).toEqual([])
  })

  it('of an accepted channel is heard', () => {
    expect(eventsOf(said({ channel_type: 'mpim' }), {}, { acceptChannelTypes: ['mpim'] })).toHaveLength(1)
  })
})

describe('files', () => {
  const file = {
    id: 'F06FILE0001',
    name: 'a.png',
    mimetype: 'image/png',
    size: 5,
    mode: 'hosted',
    url_private: 'https://files.slack.com/a',
    url_private_download: 'https://files.slack.com/d/a',
  }
  const share = (files: object[], text = '') => said({ subtype: 'file_share', text, files })

  it('come one by one behind their text', () => {
    const events = eventsOf(share([file, { ...file, id: 'F06FILE0002', mimetype: 'application/pdf' }], 'the receipt'))

    expect(events.map(event => (event.type === 'message' ? [event.messageId, event.content.kind] : []))).toEqual([
      ['T04BQRS7X1:D05DMCHAN1:1763802100.000200', 'text'],
      ['T04BQRS7X1:D05DMCHAN1:1763802100.000200#1', 'attachment'],
      ['T04BQRS7X1:D05DMCHAN1:1763802100.000200#2', 'attachment'],
    ])
    expect(new Set(events.map(event => event.id)).size).toBe(3)
  })

  it('are named so that they can be fetched with the token of their workspace', () => {
    const [content] = contentsOf(share([file]))

    expect(content).toEqual({
      kind: 'attachment',
      media: 'image',
      source: { platformId: 'T04BQRS7X1 F06FILE0001 https://files.slack.com/d/a', name: 'a.png', mime: 'image/png', size: 5 },
    })
  })

  it.each([
    [{ mode: 'external' }, { kind: 'text', text: 'a.png: https://files.slack.com/a' }],
    [{ mode: 'tombstone' }, { kind: 'unsupported', what: 'file a.png', reason: 'tombstone' }],
    [
      { url_private: undefined, url_private_download: undefined },
      { kind: 'unsupported', what: 'file a.png', reason: 'Slack names no address' },
    ],
  ])('that Slack does not hold are told of: %j', (more, expected) => {
    expect(contentsOf(share([{ ...file, ...more }]))).toEqual([expected])
  })

  it('of other organisations are asked for when they are fetched', () => {
    expect(contentsOf(share([{ id: 'F06FILE0003', file_access: 'check_file_info' }]))).toMatchObject([{ source: { platformId: 'T04BQRS7X1 F06FILE0003 ' } }])
  })
})

describe('a change', () => {
  const before = { user: 'U04GUEST99', ts: '1763802000.000100', text: 'at 9' }
  const changed = (message: object) => said({ subtype: 'message_changed', hidden: true, text: undefined, message, previous_message: before })

  it('is an edit of the message', () => {
    expect(contentsOf(changed({ ...before, text: 'at 10' }))).toEqual([
      { kind: 'edit', of: 'T04BQRS7X1:D05DMCHAN1:1763802000.000100', content: { kind: 'text', text: 'at 10' } },
    ])
  })

  it('is nothing when only a link was unfolded, or when it is ours', () => {
    expect(contentsOf(changed(before))).toEqual([])
    expect(contentsOf(changed({ ...before, text: 'x', bot_id: 'B01' }))).toEqual([])
  })
})

describe('what is chosen', () => {
  const interaction = (action: object) => {
    const payload = JSON.parse(new URLSearchParams(vectors.interaction.body).get('payload') ?? '') as { actions: object[] }
    const body = new URLSearchParams({ payload: JSON.stringify({ ...payload, actions: [{ ...payload.actions[0], ...action }] }) }).toString()
    const found = parse(hookOf(body, { 'content-type': 'application/x-www-form-urlencoded' }, '/interactivity'), tenantOf())
    return Array.isArray(found) ? found.map(event => (event.type === 'message' ? event.content : event)) : found
  }
  const of = 'T04BQRS7X1:D05DMCHAN1:1763802300.000400'

  it('is a choice with the message that offered it', () => {
    const [event] = parse(hookOf(vectors.interaction.body, headersOf(vectors.interaction, 'application/x-www-form-urlencoded')), tenantOf()) as InboundEvent[]

    expect(event).toMatchObject({
      messageId: `${of}:um.choice.1:1763802310.123456`,
      at: new Date(1_763_802_310_123),
      guest: 'T04BQRS7X1:U04GUEST99',
      address: { channel: 'D05DMCHAN1', thread: '' },
      content: { kind: 'choice', payload: 'delivery', label: 'Delivery', of },
    })
  })

  const option = (value: string, text: string) => ({ value, text: { type: 'plain_text', text } })
  it.each([
    [
      { type: 'static_select', selected_option: option('a', 'A') },
      { payload: 'a', label: 'A' },
    ],
    [
      { type: 'checkboxes', selected_options: [option('a', 'A'), option('b', 'B')] },
      { payload: 'a, b', label: 'A, B' },
    ],
    [
      { type: 'datepicker', selected_date: '2026-05-30' },
      { payload: '2026-05-30', label: '2026-05-30' },
    ],
    [
      { type: 'timepicker', selected_time: '09:30' },
      { payload: '09:30', label: '09:30' },
    ],
  ])('may come from %j', (action, expected) => {
    expect(interaction(action)).toEqual([{ kind: 'choice', of, ...expected }])
  })

  it('is nothing when it was a link', () => {
    expect(interaction({ action_id: 'um.link.3', url: 'https://example.org' })).toEqual([])
  })
})

describe('the app', () => {
  it.each([
    ['was uninstalled', { type: 'app_uninstalled' }, true],
    ['has lost its token', { type: 'tokens_revoked', tokens: { oauth: [], bot: ['U05BOTBOT1'] } }, true],
  ])('%s: its workspace waits', (_what, event, stops) => {
    expect(eventsOf(event)).toMatchObject([{ type: 'trouble', stops, guest: 'T04BQRS7X1', why: expect.stringContaining('T04BQRS7X1') }])
  })

  it('is not stopped when somebody takes back a personal token', () => {
    expect(eventsOf({ type: 'tokens_revoked', tokens: { oauth: ['U1'], bot: [] } })).toEqual([])
  })

  it('hears that events are withheld', () => {
    const body = JSON.stringify({ type: 'app_rate_limited', team_id: 'T04BQRS7X1', api_app_id: 'A05KLM2N3P', minute_rate_limited: 1_763_802_000 })

    expect(parse(hookOf(body), tenantOf())).toMatchObject([{ type: 'trouble', stops: false, id: 'limited:T04BQRS7X1:1763802000' }])
  })
})

describe('text', () => {
  it.each([
    ['see <https://example.org/a|my order>', 'see my order (https://example.org/a)'],
    ['<https://example.org>', 'https://example.org'],
    ['<mailto:a@example.org|a@example.org>', 'a@example.org'],
    ['<@U04GUEST99|mina> in <#C01|care>', '@mina in #care'],
    ['<@U04GUEST99>', '@U04GUEST99'],
    ['<!here> <!date^1392734382^{date}|Feb 18>', '@here Feb 18'],
    ['&lt;b&gt; &amp;amp; &quot;', '<b> &amp; &quot;'],
  ])('%s is read', (text, expected) => {
    expect(decode(text)).toBe(expected)
  })

  it('is written with three characters escaped and comes back', () => {
    expect(encode('<b> & "c" &amp;')).toBe('&lt;b&gt; &amp; "c" &amp;amp;')
    expect(decode(encode('<@U1> & &lt;'))).toBe('<@U1> & &lt;')
  })
})
