import type { Content, MediaKind } from '@um/shared/contract'
import { z } from 'zod'
import { assertOneName, tenantFields } from '../tenants/named.ts'

/** What an IVR may send, in the words of the guide: plain strings, or objects with a `type`. */
const text = z.string().min(1).max(20_000)
const identifier = z.union([z.string().min(1).max(200), z.number().int().nonnegative().transform(String)])
const link = z
  .string()
  .max(4000)
  .refine(value => URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol), 'must be an http(s) URL')
const file = {
  url: link,
  mime: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'is not a media type')
    .max(100)
    .optional(),
  name: z.string().min(1).max(255).optional(),
  caption: text.optional(),
}
const Item = z.strictObject({
  title: z.string().min(1).max(200),
  payload: z.string().max(1000).optional(),
  url: link.optional(),
  description: z.string().max(1000).optional(),
  imageUrl: link.optional(),
})

const Typed = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text }),
  z.strictObject({ type: z.literal('sticker'), stickerId: identifier, packageId: identifier.optional() }),
  z.strictObject({ type: z.literal('attachment'), ...file }),
  z.strictObject({ type: z.literal('image'), ...file }),
  z.strictObject({ type: z.literal('audio'), ...file }),
  z.strictObject({ type: z.literal('video'), ...file }),
  z.strictObject({ type: z.literal('file'), ...file }),
  z.strictObject({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    title: z.string().max(200).optional(),
    address: z.string().max(500).optional(),
  }),
  z.strictObject({
    type: z.literal('contact'),
    name: z.string().min(1).max(200),
    phones: z.array(z.string().min(1).max(50)).min(1).max(10),
    emails: z.array(z.string().min(1).max(320)).max(10).optional(),
  }),
  z.strictObject({
    type: z.literal('structured'),
    template: z.enum(['quickReplies', 'buttons', 'cards', 'listPicker']),
    text: text.optional(),
    items: z.array(Item).min(1).max(100),
  }),
])
/** A plain string is a text. */
export const IvrMessage = z.preprocess(value => (typeof value === 'string' ? { type: 'text', text: value } : value), Typed)
export type IvrMessage = z.infer<typeof IvrMessage>

function requestOf<M extends z.ZodType>(message: M) {
  return z.strictObject({
    ...tenantFields,
    userId: z.string().trim().min(1).max(200).meta({ description: "The guest's identifier at the messaging platform." }),
    message: message.optional().meta({ description: 'One message; or' }),
    messages: z.array(message).min(1).max(20).optional().meta({ description: 'several, in this order.' }),
  })
}
/** Which tenant, which guest, and what to tell. */
export const MessagesRequest = requestOf(IvrMessage).superRefine((request, check) => {
  assertOneName(request, check)
  if ((request.message === undefined) === (request.messages === undefined))
    check.addIssue({ code: 'custom', path: ['message'], message: 'give either message or messages' })
})
export type MessagesRequest = z.infer<typeof MessagesRequest>
/** The same for people: `MessagesRequest` does not say that a string will do. */
export const MessagesDocument = requestOf(z.union([text, Typed]))

const mediaByExtension: Readonly<Record<string, MediaKind>> = {
  jpg: 'image',
  jpeg: 'image',
  png: 'image',
  gif: 'image',
  webp: 'image',
  mp3: 'audio',
  ogg: 'audio',
  oga: 'audio',
  m4a: 'audio',
  wav: 'audio',
  aac: 'audio',
  mp4: 'video',
  mov: 'video',
  webm: 'video',
  mpeg: 'video',
}

/** The IVR's message as the fleet's content. */
export function contentOf(message: IvrMessage): Content {
  switch (message.type) {
    case 'text':
      return { kind: 'text', text: message.text }
    case 'sticker':
      return { kind: 'sticker', stickerId: message.stickerId, ...(message.packageId === undefined ? {} : { packageId: message.packageId }) }
    case 'location':
      return {
        kind: 'location',
        latitude: message.latitude,
        longitude: message.longitude,
        ...(message.title === undefined ? {} : { title: message.title }),
        ...(message.address === undefined ? {} : { address: message.address }),
      }
    case 'contact':
      return { kind: 'contact', name: message.name, phones: message.phones, ...(message.emails === undefined ? {} : { emails: message.emails }) }
    case 'structured':
      return { kind: 'structured', template: message.template, ...(message.text === undefined ? {} : { text: message.text }), items: message.items.map(itemOf) }
    default:
      return {
        kind: 'attachment',
        media: message.type === 'attachment' ? mediaKind(message.mime, message.url) : message.type,
        source: {
          url: message.url,
          ...(message.mime === undefined ? {} : { mime: message.mime }),
          ...(message.name === undefined ? {} : { name: message.name }),
        },
        ...(message.caption === undefined ? {} : { caption: message.caption }),
      }
  }
}

function itemOf({ title, payload, url, description, imageUrl }: z.infer<typeof Item>) {
  return {
    title,
    ...(payload === undefined ? {} : { payload }),
    ...(url === undefined ? {} : { url }),
    ...(description === undefined ? {} : { description }),
    ...(imageUrl === undefined ? {} : { imageUrl }),
  }
}

/** By the media type, else by the file's extension. */
export function mediaKind(mime: string | undefined, url: string): MediaKind {
  const family = mime?.split('/')[0]
  if (family === 'image' || family === 'audio' || family === 'video') return family
  if (mime !== undefined) return 'file'
  const extension = /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? ''
  return mediaByExtension[extension] ?? 'file'
}
