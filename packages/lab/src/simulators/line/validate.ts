import { z } from 'zod'
import { type Detail, invalidBody } from './errors.ts'

/** Message objects as LINE checks them. https://developers.line.biz/en/reference/messaging-api/#message-objects */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const clusters = (max: number) =>
  z
    .string()
    .min(1, 'May not be empty')
    .refine(text => text.length <= max || [...graphemes.segment(text)].length <= max, `must not be longer than ${max} characters`)
const text = (max: number) => z.string().min(1, 'May not be empty').max(max, `Length must be between 0 and ${max}`)

/** `https` only, unless a fleet without TLS is to be tried. */
function address(max: number, requireHttps: boolean) {
  return text(max).refine(value => URL.canParse(value) && (requireHttps ? /^https:/ : /^https?:/).test(value), 'Must be a valid HTTPS URL')
}

export interface Action {
  type: string
  label?: string | undefined
  data?: string | undefined
  displayText?: string | undefined
  text?: string | undefined
  uri?: string | undefined
  clipboardText?: string | undefined
  mode?: string | undefined
}

function action(maxLabel: number) {
  const label = clusters(maxLabel)
  return z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('postback'), label, data: text(300), displayText: text(300).optional() }),
    z.looseObject({ type: z.literal('message'), label, text: text(300) }),
    z.looseObject({ type: z.literal('uri'), label, uri: text(1000).regex(/^(https?|line|tel):/, 'invalid uri scheme') }),
    z.looseObject({ type: z.literal('datetimepicker'), label, data: text(300), mode: z.enum(['date', 'time', 'datetime']) }),
    z.looseObject({ type: z.literal('clipboard'), label, clipboardText: text(1000) }),
    z.looseObject({ type: z.enum(['location', 'camera', 'cameraRoll']), label }),
  ])
}

/** Only what is on LINE's list can be sent. https://developers.line.biz/en/docs/messaging-api/sticker-list/ */
const sendablePackages = ['446', '789', '1070', '6136', '6325', '6359', '6362', '6370', '6632', '8515', '8522', '8525', '11537', '11538', '11539']
const maxBubbleBytes = 30 * 1024
const maxCarouselBytes = 50 * 1024

function template(requireHttps: boolean) {
  const actions = (max: number) => z.array(action(20)).min(1).max(max, `Size must be between 1 and ${max}`)
  const picture = { thumbnailImageUrl: address(2000, requireHttps).optional(), title: clusters(40).optional() }
  const shortened = (max: number) => (value: { text: string; title?: string | undefined; thumbnailImageUrl?: string | undefined }) =>
    (value.title === undefined && value.thumbnailImageUrl === undefined) || [...graphemes.segment(value.text)].length <= max
  const column = z
    .looseObject({ ...picture, text: clusters(120), actions: actions(3) })
    .refine(shortened(60), { path: ['text'], message: 'must not be longer than 60 characters' })
  return z.discriminatedUnion('type', [
    z
      .looseObject({ type: z.literal('buttons'), ...picture, text: clusters(160), actions: actions(4) })
      .refine(shortened(60), { path: ['text'], message: 'must not be longer than 60 characters' }),
    z.looseObject({ type: z.literal('confirm'), text: clusters(240), actions: z.array(action(20)).length(2) }),
    z.looseObject({
      type: z.literal('carousel'),
      columns: z
        .array(column)
        .min(1)
        .max(10)
        .refine(
          columns => new Set(columns.map(each => `${each.actions.length} ${each.title === undefined} ${each.thumbnailImageUrl === undefined}`)).size <= 1,
          'columns must have the same form',
        ),
    }),
    z.looseObject({
      type: z.literal('image_carousel'),
      columns: z
        .array(z.looseObject({ imageUrl: address(2000, requireHttps), action: action(12) }))
        .min(1)
        .max(10),
    }),
  ])
}

function message(requireHttps: boolean) {
  const url = address(2000, requireHttps)
  const common = {
    quickReply: z
      .looseObject({
        items: z
          .array(z.looseObject({ type: z.literal('action'), action: action(20) }))
          .min(1)
          .max(13, 'Size must be between 1 and 13'),
      })
      .optional(),
    sender: z.looseObject({ name: text(20).optional(), iconUrl: url.optional() }).optional(),
  }
  const bubble = z.looseObject({ type: z.literal('bubble') }).refine(value => bytesOf(value) <= maxBubbleBytes, 'bubble is larger than 30 KB')
  return z.discriminatedUnion('type', [
    z.looseObject({ type: z.enum(['text', 'textV2']), text: text(5000), ...common }),
    z.looseObject({
      type: z.literal('sticker'),
      packageId: z.string().refine(id => sendablePackages.includes(id), 'Invalid sticker'),
      stickerId: z.string().regex(/^\d+$/),
      ...common,
    }),
    z.looseObject({ type: z.enum(['image', 'video']), originalContentUrl: url, previewImageUrl: url, ...common }),
    z.looseObject({ type: z.literal('audio'), originalContentUrl: url, duration: z.number().int().positive(), ...common }),
    z.looseObject({ type: z.literal('location'), title: text(100), address: text(100), latitude: z.number(), longitude: z.number(), ...common }),
    z.looseObject({ type: z.literal('template'), altText: text(1500), template: template(requireHttps), ...common }),
    z.looseObject({
      type: z.literal('flex'),
      altText: text(1500),
      contents: z.discriminatedUnion('type', [
        bubble,
        z
          .looseObject({ type: z.literal('carousel'), contents: z.array(bubble).min(1).max(12) })
          .refine(value => bytesOf(value) <= maxCarouselBytes, 'carousel is larger than 50 KB'),
      ]),
      ...common,
    }),
  ])
}
export type LineMessage = z.infer<ReturnType<typeof message>>

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** Buttons in flex may be anywhere: labels up to forty characters. */
export function flexActions(value: unknown): Action[] {
  const read = z.object({ action: action(40) }).safeParse(value)
  const own = read.success ? [read.data.action as Action] : []
  if (value === null || typeof value !== 'object') return own
  return [...own, ...Object.entries(value).flatMap(([key, member]) => (key === 'action' ? [] : flexActions(member)))]
}
function flexDetails(value: unknown, path: string): Detail[] {
  if (value === null || typeof value !== 'object') return []
  const found = 'action' in value ? (z.object({ action: action(40) }).safeParse(value).error?.issues ?? []) : []
  return [
    ...found.map(issue => ({ message: issue.message, property: [path, ...issue.path].join('/') })),
    ...Object.entries(value).flatMap(([key, member]) => (key === 'action' ? [] : flexDetails(member, `${path}/${key}`))),
  ]
}

/** Throws LineError that names each property which is wrong. */
export function readMessages(value: unknown, options: { requireHttps: boolean; withoutMedia?: boolean }): LineMessage[] {
  const read = z.array(message(options.requireHttps)).min(1, 'Size must be between 1 and 5').max(5, 'Size must be between 1 and 5').safeParse(value)
  if (!read.success) throw invalidBody(read.error.issues.map(issue => ({ message: issue.message, property: propertyOf(['messages', ...issue.path]) })))
  const details = read.data.flatMap((each, index) => [
    ...(each.type === 'flex' ? flexDetails(each.contents, `messages[${index}].contents`) : []),
    ...(options.withoutMedia && ['image', 'video', 'audio'].includes(each.type)
      ? [{ message: 'is not allowed here', property: `messages[${index}].type` }]
      : []),
  ])
  if (details.length > 0) throw invalidBody(details)
  return read.data
}
function propertyOf(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}
