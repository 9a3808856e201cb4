import { CallFailed, type MediaRef, type OpenMedia, type PlatformCall, present, type Recipient } from '@um/shared/contract'
import { isFailure, measuredMedia } from '@um/shared/kit'
import { z } from 'zod'
import { addressOf, readFileId } from './parse-content.ts'
import { Conversation, FileInfo, UploadUrl } from './schema.ts'
import { accountOf, type Ctx, userOf } from './workspaces.ts'

/** Slack's own addresses want the token; it is told to nobody else. */
export async function download(media: MediaRef, ctx: Ctx): Promise<OpenMedia> {
  if ('url' in media) return ctx.media.open(media)
  const { account, file, url } = readFileId(media.platformId)
  const asked = url === '' || media.size === undefined
  const found = asked ? (await ctx.http.call({ method: 'POST', path: '/files.info', form: { file }, account, idempotent: true }, FileInfo)).file : undefined
  const address = url || (found && addressOf(found))
  if (!address || !isSlacks(address, ctx)) throw new CallFailed({ kind: 'content', code: 'content', why: 'Slack names no address of its own for the file' })
  const mime = media.mime ?? found?.mimetype
  const accept = async (opened: OpenMedia): Promise<OpenMedia> => {
    if (opened.mime !== 'text/html' || mime === undefined || mime === 'text/html') return opened
    opened.body.destroy()
    throw new CallFailed({ kind: 'unauthorized', why: `Slack answers a page instead of the file: the token of ${account} lacks files:read` })
  }
  const opened = await ctx.media.open({ url: address }, { authorized: true, account, accept })
  const told = { name: media.name ?? found?.name ?? opened.name, mime: mime ?? opened.mime, size: opened.size ?? media.size ?? found?.size }
  return { ...opened, ...present(told) }
}
function isSlacks(address: string, { tenant: { settings } }: Ctx): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, host } = new URL(address)
  return (protocol === 'https:' && hostname.endsWith('.slack.com')) || host === new URL(settings.apiUrl).host
}

/** The conversation is opened when nobody knows its channel, e.g. for an IVR; a file is uploaded before it can be shared. */
export async function prepare(call: PlatformCall, to: Recipient, ctx: Ctx): Promise<PlatformCall> {
  const json = z.record(z.string(), z.unknown()).safeParse(call.json).data ?? {}
  const channel = Object.fromEntries(['channel', 'channel_id'].filter(name => json[name] === '').map(name => [name, '']))
  for (const name of Object.keys(channel)) channel[name] = await open(to, ctx)
  const files = call.upload === undefined ? {} : { files: [{ id: await upload(call.upload, accountOf(to), ctx), title: call.upload.name ?? 'file' }] }
  return { ...call, json: { ...json, ...channel, ...files } }
}
async function open(to: Recipient, ctx: Ctx): Promise<string> {
  const call: PlatformCall = { method: 'POST', path: '/conversations.open', form: { users: userOf(to) }, account: accountOf(to), idempotent: true }
  return (await ctx.http.call(call, Conversation)).channel.id
}

/** Where Slack takes no files, or the file cannot be had, the caller sends a link. https://docs.slack.dev/messaging/working-with-files#upload */
async function upload(media: MediaRef, account: string, ctx: Ctx): Promise<string> {
  try {
    return await carry(media, account, ctx).catch(error => {
      // an address for the bytes is good for one attempt; a second one is allowed
      if (isFailure(error, 'retryable')) return carry(media, account, ctx, 'last')
      throw error
    })
  } catch (error) {
    if (!isFailure(error, 'content')) throw error
    throw new CallFailed({ kind: 'alternative', name: 'link', why: error.failure.why }, { cause: error })
  }
}
/** Slack wants the exact length beforehand. */
async function carry(media: MediaRef, account: string, ctx: Ctx, turn: 'first' | 'last' = 'first'): Promise<string> {
  const opened = await measuredMedia(media, ctx)
  const filename = media.name ?? opened.name ?? 'file'
  try {
    const form = { filename, length: String(opened.size) }
    const { upload_url, file_id } = await ctx.http.call({ method: 'POST', path: '/files.getUploadURLExternal', form, account, idempotent: true }, UploadUrl)
    const bytes = { ...opened, mime: 'application/octet-stream' }
    await ctx.http.call({ method: 'POST', path: '/upload', url: upload_url, bytes, anonymous: true, idempotent: true }, z.unknown()).catch(error => {
      if (turn === 'first' || !isFailure(error, 'retryable')) throw error
      throw new CallFailed({ kind: 'content', why: error.failure.why }, { cause: error })
    })
    return file_id
  } finally {
    opened.body.destroy()
  }
}
