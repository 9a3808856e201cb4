import type { Outgoing, PlatformCall } from '@um/shared/contract'
import { encode } from './mrkdwn.ts'
import { accountOf, type Settings } from './workspaces.ts'

export type Out = Outgoing<Settings>
export type Block = Record<string, unknown>

interface More {
  blocks?: Block[]
  alternatives?: PlatformCall['alternatives']
  auxiliary?: true
  /** the text alone, without its blocks, is a numbered menu */
  numbered?: boolean
}
/** A message to the guest. Without a known channel `prepare` opens the conversation; a channel that is gone is opened once more. */
export function post(out: Out, text: string, more: More = {}): PlatformCall {
  const { blocks, alternatives = {}, auxiliary, numbered } = more
  const plain = (channel: string): PlatformCall => method(out, '/chat.postMessage', { channel, text, unfurl_links: false, ...threadOf(out) })
  const whole = (channel: string): PlatformCall => {
    const call = plain(channel)
    if (blocks === undefined) return { ...call, alternatives }
    return {
      ...call,
      json: { ...(call.json as object), blocks },
      alternatives: { plain: [{ ...plain(channel), ...(numbered ? { numbered } : {}) }], ...alternatives },
    }
  }
  const { channel = '' } = out.to.address
  return reopening(channel, whole, auxiliary)
}
/** A file with its caption in one message; `prepare` uploads it. */
export function share(out: Out, upload: NonNullable<PlatformCall['upload']>, caption: string | undefined, link: PlatformCall): PlatformCall {
  const comment = caption ? { initial_comment: encode(caption) } : {}
  const whole = (channel: string): PlatformCall => ({
    ...method(out, '/files.completeUploadExternal', { files: [], channel_id: channel, ...comment, ...threadOf(out) }),
    upload,
    alternatives: { link: [link] },
  })
  return reopening(out.to.address.channel ?? '', whole)
}

function reopening(channel: string, whole: (channel: string) => PlatformCall, auxiliary?: true): PlatformCall {
  const call = { ...whole(channel), ...(auxiliary ? { auxiliary } : {}) }
  return channel === '' ? call : { ...call, alternatives: { ...call.alternatives, reopen: [whole('')] } }
}
function method(out: Out, path: string, json: object): PlatformCall {
  return { method: 'POST', path, json, account: accountOf(out.to) }
}
function threadOf({ to: { address }, tenant: { settings } }: Out): { thread_ts?: string } {
  return settings.replyInThread && address.thread ? { thread_ts: address.thread } : {}
}
