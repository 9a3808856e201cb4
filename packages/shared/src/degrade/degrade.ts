import { type Capabilities, type Capability, type Content, type ContentOf, canShow, type ReasonCode } from '../contract/index.ts'
import { describeContact, describeLocation, describeMedia, describeReaction, describeSticker, describeStructured, describeUnsupported } from './describe.ts'
import { type Option, withTokens } from './offers.ts'
import { splitText } from './split.ts'

export interface DegradeOptions {
  /** seeds the tokens of offered options */
  messageId: string
  showSystemMessages: boolean
  /** put before what an agent says, when the tenant wants it */
  agentName?: string
}
export type Degraded =
  /** what to render, in order; empty: the platform shows nothing of it and need not */
  { parts: Content[]; offered?: { template: ContentOf<'structured'>['template']; menu: boolean; options: Option[] } } | { rejected: ReasonCode; why: string }

const defaultMaxText = 4000

/** Brings a content into what the platform can show. Pure: the same message degrades the same way at every retry. */
export function degrade(content: Content, capabilities: Capabilities, options: DegradeOptions): Degraded {
  if (capabilities[content.kind]?.level === 'reject') return { rejected: 'unsupported', why: `this platform cannot take ${content.kind}` }
  if (content.kind === 'structured') return degradeStructured(content, capabilities, options)
  return { parts: parts(prefixed(content, options.agentName), capabilities, options) }
}

function parts(content: Content, capabilities: Capabilities, options: DegradeOptions): Content[] {
  switch (content.kind) {
    case 'text':
      return texts(content.text, capabilities)
    case 'attachment':
      return attachment(content, capabilities)
    case 'sticker':
      if (canShow(capabilities, content)) return [content]
      if (content.source !== undefined && canShow(capabilities, { kind: 'attachment', media: 'image', source: content.source })) {
        return attachment({ kind: 'attachment', media: 'image', source: content.source }, capabilities)
      }
      return texts(describeSticker(content), capabilities)
    case 'typing':
      return canShow(capabilities, content) ? [content] : []
    case 'system':
      if (!options.showSystemMessages) return []
      return canShow(capabilities, content) ? [content] : texts(content.text, capabilities)
    case 'edit': {
      if (canShow(capabilities, content)) return [content]
      const [first, ...rest] = parts(content.content, capabilities, options)
      if (first === undefined) return []
      return first.kind === 'text' ? [...texts(`✎ ${first.text}`, capabilities), ...rest] : [...texts('✎', capabilities), first, ...rest]
    }
    default:
      return canShow(capabilities, content) ? [content] : texts(describe(content), capabilities)
  }
}

function describe(content: Exclude<Content, { kind: 'text' | 'attachment' | 'sticker' | 'typing' | 'system' | 'edit' }>): string {
  switch (content.kind) {
    case 'location':
      return describeLocation(content)
    case 'contact':
      return describeContact(content)
    case 'structured':
      return describeStructured(content)
    case 'choice':
      return content.label ?? content.payload
    case 'withdrawn':
      return '[message withdrawn]'
    case 'reaction':
      return describeReaction(content)
    case 'unsupported':
      return describeUnsupported(content)
  }
}

function texts(text: string, capabilities: Capabilities): Content[] {
  if (text.trim() === '') return []
  return splitText(text, capabilities.text?.maxText ?? defaultMaxText).map(piece => ({ kind: 'text', text: piece }))
}

function attachment(content: ContentOf<'attachment'>, capabilities: Capabilities): Content[] {
  const capability = capabilities.attachment
  const shown = capability !== undefined && canShow(capabilities, content) && 'url' in content.source && fits(content, capability)
  if (!shown) return texts(describeMedia(content), capabilities)
  const { caption, ...bare } = content
  if (caption === undefined || caption === '') return [bare]
  return caption.length <= (capability.maxCaption ?? 0) ? [content] : [bare, ...texts(caption, capabilities)]
}
function fits(content: ContentOf<'attachment'>, capability: Capability): boolean {
  const { mime, size } = content.source
  if (capability.maxBytes !== undefined && size !== undefined && size > capability.maxBytes) return false
  if (capability.mimes === undefined || mime === undefined) return true
  return capability.mimes.some(allowed => allowed === mime || (allowed.endsWith('/*') && mime.startsWith(allowed.slice(0, -1))))
}

function degradeStructured(content: ContentOf<'structured'>, capabilities: Capabilities, options: DegradeOptions): Degraded {
  const capability = capabilities.structured
  const prefixedContent =
    options.agentName === undefined || content.text === undefined ? content : { ...content, text: withName(content.text, options.agentName) }
  const { content: offered, options: choices } = withTokens(prefixedContent, options.messageId)
  const native =
    capability !== undefined &&
    canShow(capabilities, content) &&
    (capability.templates === undefined || capability.templates.includes(content.template)) &&
    (capability.maxItems === undefined || Math.max(choices.length, content.items.length) <= capability.maxItems)
  const facts = { template: content.template, menu: !native, options: choices }
  if (!native) return { parts: texts(describeStructured(offered), capabilities), offered: facts }
  const maxText = capability.maxText ?? capabilities.text?.maxText ?? defaultMaxText
  if (offered.text === undefined || offered.text.length <= maxText) return { parts: [offered], offered: facts }
  const pieces = splitText(offered.text, maxText)
  const last = pieces.pop() ?? ''
  return { parts: [...pieces.map((text): Content => ({ kind: 'text', text })), { ...offered, text: last }], offered: facts }
}

function prefixed(content: Content, agentName: string | undefined): Content {
  if (agentName === undefined || agentName === '') return content
  if (content.kind === 'text') return { ...content, text: withName(content.text, agentName) }
  if (content.kind === 'attachment' && content.caption !== undefined) return { ...content, caption: withName(content.caption, agentName) }
  if (content.kind === 'edit') return { ...content, content: prefixed(content.content, agentName) }
  return content
}
function withName(text: string, agentName: string): string {
  return `${agentName}: ${text}`
}
