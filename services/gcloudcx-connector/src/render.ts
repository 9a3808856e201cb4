import {
  type ContentOf,
  type LifecycleChange,
  type MediaKind,
  type OutgoingReceipt,
  type PlatformCall,
  present,
  type Renderers,
  type Template,
} from '@um/shared/contract'
import { agentlessCall, choiceCall, disconnectCall, isLegacy, messageCall, type OpenAttachment, receiptCall, typingCall } from './calls.ts'
import type { gcloudcx, Out } from './definition.ts'
import { mapsSearchUrl, staticMapUrl } from './maps.ts'
import { genesysId, speaksForAll } from './message-ids.ts'
import { genesysReason } from './reasons.ts'
import { lines } from './structured.ts'

/** What the guest (or an IVR on our side) says, as calls of the inbound API. */
export const render: Renderers<typeof gcloudcx> = {
  text: ({ text }, out) => (out.author === 'ivr' ? pieces(text, maxAgentlessText).map(piece => agentlessCall(out, piece)) : [messageCall(out, { text })]),

  attachment: (content, out) => {
    const shown = attachmentOf(content)
    const asText = messageCall(out, { text: lines(content.caption, nameAndUrl(content)) ?? content.media })
    if (shown === undefined) return [asText]
    return [{ ...messageCall(out, present({ text: content.caption, attachment: shown })), alternatives: { asText: [asText] } }]
  },

  location: ({ latitude, longitude, title, address }, out) => {
    const words = messageCall(out, { text: lines(title, address, mapsSearchUrl(latitude, longitude)) ?? '' })
    const url = staticMapUrl(latitude, longitude, out.tenant.settings)
    if (url === undefined) return [words]
    const map = messageCall(out, { attachment: { mediaType: 'Image', url, mime: 'image/png', filename: 'location.png' } }, `${out.id}-map`)
    return [words, { ...map, auxiliary: true, alternatives: { asText: [] } }]
  },

  choice: ({ payload, label, of, template, expired }, out) => {
    const text = label ?? payload
    const asText = messageCall(out, { text })
    if (of === undefined || expired || isLegacy(out.tenant)) return [asText]
    const answer = choiceCall(out, { type: template === undefined ? 'QuickReply' : answerTypes[template], text, payload, of: genesysId(of) })
    return [{ ...answer, alternatives: { asText: [asText] } }]
  },

  typing: ({ on }, out) => (on && !isLegacy(out.tenant) ? [typingCall(out)] : []),
}

/** The agentless API takes less than the inbound one. */
const maxAgentlessText = 2000
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function pieces(text: string, maxUnits: number): string[] {
  const result = ['']
  for (const { segment } of graphemes.segment(text)) {
    const last = result.at(-1) ?? ''
    if (last.length + segment.length > maxUnits) result.push(segment)
    else result[result.length - 1] = last + segment
  }
  return result
}

const answerTypes = {
  quickReplies: 'QuickReply',
  buttons: 'Button',
  cards: 'Button',
  listPicker: 'Button',
  timePicker: 'DatePicker',
  form: 'Button',
} as const satisfies Record<Template, string>

const mediaTypes = { image: 'Image', audio: 'Audio', video: 'Video', file: 'File' } as const satisfies Record<MediaKind, string>
/** The API insists on a MIME type. */
const likelyMimes = { image: 'image/jpeg', audio: 'audio/mpeg', video: 'video/mp4', file: 'application/octet-stream' } as const satisfies Record<
  MediaKind,
  string
>

function attachmentOf({ media, source, caption }: ContentOf<'attachment'>): OpenAttachment | undefined {
  if (!('url' in source)) return undefined
  const mime = source.mime ?? likelyMimes[media]
  const kind = kindOf(mime)
  return { mediaType: mediaTypes[kind], url: source.url, mime, ...present({ filename: source.name, text: caption }) }
}
function kindOf(mime: string): MediaKind {
  const [family] = mime.toLowerCase().split('/')
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file'
}
function nameAndUrl({ media, source }: ContentOf<'attachment'>): string {
  const name = source.name ?? media
  return 'url' in source ? `${name}: ${source.url}` : `[${name}]`
}

/** Genesys Cloud knows Delivered and Failed only, once for each message: one part speaks for all, but any part that fails makes the message fail. */
export function renderReceipt(receipt: OutgoingReceipt, out: Out): PlatformCall[] {
  const common = { of: genesysId(receipt.of), guest: out.to.guest, at: out.at }
  if (receipt.state === 'failed')
    return [receiptCall(out.tenant, { ...common, failed: { code: genesysReason(receipt.code), ...present({ message: receipt.why }) } })]
  return receipt.state !== 'sent' && speaksForAll(receipt.of) ? [receiptCall(out.tenant, common)] : []
}

const lifecycleLines: Readonly<Partial<Record<LifecycleChange, string>>> = {
  ended: 'The guest has left the conversation',
  follow: 'The guest follows the account',
  unfollow: 'The guest no longer follows the account',
  optIn: 'The guest has unblocked the account',
  optOut: 'The guest has blocked the account',
}
const departures: readonly LifecycleChange[] = ['ended', 'unfollow', 'optOut']

export function renderLifecycle(change: LifecycleChange, out: Out): PlatformCall[] {
  const { options, settings } = out.tenant
  const line = options.showSystemMessages ? lifecycleLines[change] : undefined
  const conversationId = settings.disconnectOnGuestLeave && departures.includes(change) ? out.to.address.conversationId : undefined
  return [...(line === undefined ? [] : [messageCall(out, { text: `[${line}]` })]), ...(conversationId === undefined ? [] : [disconnectCall(conversationId)])]
}
