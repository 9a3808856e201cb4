import { fetchMedia } from '../../kit/fetch-media.ts'
import { mediaView } from '../../kit/media-store.ts'
import type { Body } from '../../protocol.ts'
import type { Attachment } from './types.ts'
import type { GenesysView } from './view.ts'
import { deliver } from './webhook.ts'
import type { ConversationState, StoredEntry, World } from './world.ts'

const maxBytes = 25 * 1024 * 1024
const timeoutMs = 30_000

/** What the desk shows before the bytes are there, and instead of them when nobody fetches them. */
export function announced({ mediaType, filename, url }: Attachment): Body {
  return { kind: 'other', what: mediaType.toLowerCase(), text: filename ?? url }
}

/** Fetches a guest's attachment, as the platform does soon after the call; a failure is told by a `Failed` receipt. */
export async function fetchAttachment(
  world: World,
  view: GenesysView,
  conversation: ConversationState,
  entry: StoredEntry,
  attachment: Attachment,
): Promise<void> {
  const answer = await fetchMedia(attachment.url, { maxBytes, timeoutMs })
  if ('failed' in answer) {
    world.count('attachmentsFailed')
    entry.why = `the attachment could not be fetched: ${answer.why}`
    view.tellEntry(conversation, entry)
    const code = answer.failed === 'tooLarge' ? 'InvalidMediaContentLength' : 'GeneralError'
    const body = { type: 'Receipt' as const, status: 'Failed', isFinalReceipt: true, reasons: [{ code, message: answer.why }] }
    deliver(world, conversation, { id: entry.id, direction: 'Inbound', body }, () => undefined)
    return
  }
  world.count('attachmentsFetched')
  const media = world.context.media.put({ bytes: answer.bytes, mime: attachment.mime || answer.mime, name: attachment.filename ?? answer.name })
  const kinds = { Image: 'photo', Video: 'video', Audio: 'audio', File: 'file', Link: 'file' } as const
  const shown: Body = { kind: kinds[attachment.mediaType], media: mediaView(media), ...(attachment.text === undefined ? {} : { caption: attachment.text }) }
  entry.body = withAttachment(entry.body, shown)
  view.tellEntry(conversation, entry)
}

function withAttachment(body: Body, shown: Body): Body {
  return body.kind === 'parts' ? { kind: 'parts', parts: body.parts.map(part => (part.kind === 'other' ? shown : part)) } : shown
}
