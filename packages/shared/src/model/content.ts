import { z } from 'zod'
import type { Content, Profile } from '../contract/content.ts'

/** Wire form of `contract/content.ts`: what travels over RabbitMQ, checked on both sides. A type test keeps the two the same. */
const media = z.union([
  z.object({
    url: z.string(),
    mime: z.string().optional(),
    name: z.string().optional(),
    size: z.number().optional(),
    expires: z.literal(true).optional(),
  }),
  z.object({ platformId: z.string(), mime: z.string().optional(), name: z.string().optional(), size: z.number().optional() }),
])
const action = z.object({ title: z.string(), payload: z.string().optional(), url: z.string().optional(), token: z.string().optional() })
const item = action.extend({
  description: z.string().optional(),
  imageUrl: z.string().optional(),
  section: z.string().optional(),
  at: z.string().optional(),
  durationSeconds: z.number().optional(),
  actions: z.array(action).optional(),
})
const template = z.enum(['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker', 'form'])

const flat = [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({
    kind: z.literal('attachment'),
    media: z.enum(['image', 'audio', 'video', 'file']),
    source: media,
    caption: z.string().optional(),
    durationSeconds: z.number().optional(),
  }),
  z.object({
    kind: z.literal('sticker'),
    stickerId: z.string(),
    packageId: z.string().optional(),
    emoji: z.string().optional(),
    source: media.optional(),
  }),
  z.object({
    kind: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    title: z.string().optional(),
    address: z.string().optional(),
    url: z.string().optional(),
  }),
  z.object({
    kind: z.literal('contact'),
    name: z.string(),
    phones: z.array(z.string()),
    emails: z.array(z.string()).optional(),
    vcard: z.string().optional(),
  }),
  z.object({ kind: z.literal('structured'), template, text: z.string().optional(), items: z.array(item) }),
  z.object({
    kind: z.literal('choice'),
    payload: z.string(),
    label: z.string().optional(),
    of: z.string().optional(),
    template: template.optional(),
    expired: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('typing'), on: z.boolean(), durationSeconds: z.number().optional() }),
  z.object({ kind: z.literal('system'), text: z.string() }),
  z.object({ kind: z.literal('withdrawn'), of: z.string() }),
  z.object({ kind: z.literal('reaction'), of: z.string(), emoji: z.string(), on: z.boolean() }),
  z.object({
    kind: z.literal('unsupported'),
    what: z.string(),
    text: z.string().optional(),
    reason: z.string().optional(),
    raw: z.unknown().optional(),
  }),
] as const
const flatContent = z.discriminatedUnion('kind', flat)
/** An edit holds the new form of its message, which is never an edit itself. */
export const WireContent = z.discriminatedUnion('kind', [...flat, z.object({ kind: z.literal('edit'), of: z.string(), content: flatContent })])

/** zod knows `undefined` where the contract has absent members; JSON has only the latter, so the border is crossed here and nowhere else. */
export function readContent(value: unknown): Content {
  return WireContent.parse(value) as Content
}

export const WireProfile = z.object({
  displayName: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  nickname: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  avatar: media.optional(),
  participantData: z.record(z.string(), z.string()).optional(),
})
export function readProfile(value: unknown): Profile {
  return WireProfile.parse(value) as Profile
}
export function writeContent(content: Content): z.infer<typeof WireContent> {
  return content as z.infer<typeof WireContent>
}
