import { describe, expect, it } from '@jest/globals'
import type { Content, Outgoing, PlatformCall, StructuredItem } from '@um/shared/contract'
import { budgets } from '../src/budgets.ts'
import { render, renderLifecycle } from '../src/render.ts'
import type { Settings } from '../src/workspaces.ts'
import { now, tenantOf } from './samples.ts'

function outOf(settings: object = {}, address: Record<string, string> = { channel: 'D05DMCHAN1', thread: '' }): Outgoing<Settings> {
  const to = { guest: 'T04BQRS7X1:U04GUEST99', address }
  return { id: 'm-1', at: now, to, tenant: tenantOf(settings), profile: {}, author: 'agent' }
}
const jsonOf = (call: PlatformCall | undefined) => call?.json as { text: string; blocks: { type: string; elements?: Record<string, unknown>[] }[] }
const structured = (template: 'quickReplies' | 'listPicker' | 'cards', items: StructuredItem[]): Content & { kind: 'structured' } => ({
  kind: 'structured',
  template,
  text: 'What is it about?',
  items,
})

describe('a text', () => {
  it('goes to the conversation in the name of the workspace', () => {
    const [call] = render.text({ kind: 'text', text: 'a < b & c' }, outOf())

    expect(call).toMatchObject({ path: '/chat.postMessage', account: 'T04BQRS7X1' })
    expect(call?.json).toEqual({ channel: 'D05DMCHAN1', text: 'a &lt; b &amp; c', unfurl_links: false })
  })

  it('is split at the length that the tenant wants', () => {
    const calls = render.text({ kind: 'text', text: 'one two three' }, outOf({ maxTextLength: 8 }))

    expect(calls.map(call => jsonOf(call).text)).toEqual(['one two', 'three'])
    expect(calls.map(call => call.auxiliary)).toEqual([undefined, true])
  })

  it('goes into the thread only when the tenant wants it', () => {
    const address = { channel: 'D05DMCHAN1', thread: '1763802000.000100' }

    expect(render.text({ kind: 'text', text: 'x' }, outOf({ replyInThread: true }, address))[0]?.json).toMatchObject({ thread_ts: '1763802000.000100' })
    expect(render.text({ kind: 'text', text: 'x' }, outOf({}, address))[0]?.json).not.toHaveProperty('thread_ts')
  })

  it('is sent once more to a conversation that is opened again', () => {
    const [call] = render.text({ kind: 'text', text: 'x' }, outOf())

    expect(call?.alternatives?.reopen).toMatchObject([{ json: { channel: '', text: 'x' } }])
    expect(call?.alternatives?.reopen?.[0]?.alternatives).not.toHaveProperty('reopen')
  })
})

describe('an attachment', () => {
  it('is uploaded and shared with its caption; where that is forbidden a picture is shown from its address', () => {
    const source = { url: 'https://files.example.com/p.png', name: 'p.png', mime: 'image/png' }
    const [call] = render.attachment({ kind: 'attachment', media: 'image', source, caption: 'a & b' }, outOf())

    expect(call).toMatchObject({ path: '/files.completeUploadExternal', upload: source, json: { channel_id: 'D05DMCHAN1', initial_comment: 'a &amp; b' } })
    expect(jsonOf(call?.alternatives?.link?.[0]).blocks).toMatchObject([{ type: 'section' }, { type: 'image', image_url: source.url, alt_text: 'p.png' }])
  })

  it('of another kind is a link there', () => {
    const [call] = render.attachment({ kind: 'attachment', media: 'file', source: { url: 'https://files.example.com/c.pdf', name: 'c.pdf' } }, outOf())

    expect(call?.alternatives?.link?.[0]?.json).toMatchObject({ text: 'c.pdf: https://files.example.com/c.pdf' })
    expect(call?.alternatives?.link?.[0]?.json).not.toHaveProperty('blocks')
  })
})

describe('an offer', () => {
  it('is a section with buttons, and numbered lines where blocks are not shown', () => {
    const [call] = render.structured(
      structured('quickReplies', [
        { title: 'Delivery', payload: 'delivery' },
        { title: 'Web site', url: 'https://example.org' },
      ]),
      outOf(),
    )

    expect(jsonOf(call).text).toBe('What is it about?\n1. Delivery\n• Web site: https://example.org')
    expect(jsonOf(call).blocks).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: 'What is it about?' } },
      {
        type: 'actions',
        block_id: 'um.q.0',
        elements: [
          { type: 'button', action_id: 'um.choice.1', text: { type: 'plain_text', text: 'Delivery', emoji: true }, value: 'delivery' },
          { type: 'button', action_id: 'um.link.2', text: { type: 'plain_text', text: 'Web site', emoji: true }, url: 'https://example.org' },
        ],
      },
    ])
    expect(call?.alternatives?.plain?.[0]?.json).not.toHaveProperty('blocks')
    expect(call?.numbered).toBeUndefined()
    expect(call?.alternatives?.plain?.[0]?.numbered).toBe(true)
  })

  it('is a list from the twenty-sixth option on', () => {
    const items = (count: number) => Array.from({ length: count }, (_, index) => ({ title: `Option ${index}`, payload: `p${index}` }))
    const typesOf = (count: number) =>
      jsonOf(render.structured(structured('quickReplies', items(count)), outOf())[0]).blocks[1]?.elements?.map(each => each.type)

    expect(typesOf(25)).toEqual(Array(25).fill('button'))
    expect(typesOf(26)).toEqual(['static_select'])
  })

  it('cuts labels at 75 and lets a token stand for a payload that is too long', () => {
    const title = 'x'.repeat(80)
    const long = 'y'.repeat(76)
    const [call] = render.structured(
      structured('listPicker', [
        { title, payload: long, token: 'um:abc' },
        { title: 'short', payload: 'y'.repeat(75) },
      ]),
      outOf(),
    )
    const options = jsonOf(call).blocks[1]?.elements?.[0]?.options as { text: { text: string }; value: string }[]

    expect(options.map(({ text, value }) => [text.text.length, value])).toEqual([
      [75, 'um:abc'],
      [5, 'y'.repeat(75)],
    ])
  })

  it('of many cards takes several messages, the first of which counts', () => {
    const calls = render.structured(
      structured(
        'cards',
        Array.from({ length: 20 }, (_, index) => ({ title: `Card ${index}`, payload: `${index}` })),
      ),
      outOf(),
    )

    expect(calls.map(call => call.auxiliary)).toEqual([undefined, true, true])
    expect(calls.every(call => jsonOf(call).blocks.length <= 50)).toBe(true)
    // each of them counts from one
    expect(calls.map(call => call.alternatives?.plain?.[0]?.numbered)).toEqual([undefined, undefined, undefined])
  })
})

describe('the end of a conversation', () => {
  it('is told in the words of the tenant, else as a system message if it wants them', () => {
    expect(renderLifecycle('ended', outOf({ closingText: 'Bye & thanks' }))).toMatchObject([{ json: { text: 'Bye &amp; thanks' } }])
    expect(renderLifecycle('ended', outOf())).toMatchObject([{ json: { text: '_Conversation ended_' } }])
    expect(renderLifecycle('follow', outOf())).toEqual([])
  })
})

describe('a budget', () => {
  it('is that of the method in the workspace, and of the conversation', () => {
    const [call] = render.text({ kind: 'text', text: 'x' }, outOf())
    const keysFor = (account: string) => budgets({ ...(call as PlatformCall), account }, outOf().to, tenantOf()).map(rule => [rule.key, rule.scope])

    expect(keysFor('T1')).toEqual([
      ['A05KLM2N3P:T1:/chat.postMessage', undefined],
      ['A05KLM2N3P:T04BQRS7X1:U04GUEST99', 'guest'],
    ])
    expect(keysFor('T2')[0]).not.toEqual(keysFor('T1')[0])
  })
})
