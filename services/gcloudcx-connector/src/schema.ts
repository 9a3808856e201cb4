import { z } from 'zod'

/**
 * What Genesys Cloud posts to the webhook, under its own names. Only what we read; a member of another type than expected counts as absent, so that a change over
 * there never costs a message.
 */
const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)
const list = <T extends z.ZodType>(item: T) =>
  z
    .unknown()
    .optional()
    .transform(value => (Array.isArray(value) ? value : []).flatMap(each => readable(item, each)))
const part = <T extends z.ZodType>(item: T) => item.optional().catch(undefined)

function readable<T extends z.ZodType>(item: T, value: unknown): z.output<T>[] {
  const read = item.safeParse(value)
  return read.success ? [read.data] : []
}

const Party = part(z.object({ id: text }))
const Channel = z.object({ id: text, to: Party, from: Party, time: text })

const Attachment = z.object({ mediaType: text, url: text, mime: text, filename: text, text, contentSizeBytes: number })
const Location = z.object({ latitude: number, longitude: number, text, address: text, url: text })
const QuickReply = z.object({ text, payload: text, image: text })
const CardAction = z.object({ type: text, text, payload: text, url: text })
const Card = z.object({ title: text, description: text, image: text, video: text, defaultAction: part(CardAction), actions: list(CardAction) })
const DatePicker = z.object({
  title: text,
  subtitle: text,
  dateMinimum: text,
  dateMaximum: text,
  location: part(Location),
  availableTimes: list(z.object({ dateTime: text, duration: number })),
})
const ListPicker = z.object({
  sections: list(z.object({ title: text, items: list(z.object({ id: text, title: text, subtitle: text, imageUrl: text })) })),
  receivedMessage: part(z.object({ title: text, subtitle: text })),
})
const Form = z.object({
  introduction: part(z.object({ title: text, subtitle: text })),
  formPages: list(z.object({ title: text, subtitle: text })),
})
const Paragraph = part(z.object({ text, parameters: list(z.object({ name: text, text })) }))

const Element = z.object({
  contentType: z.string().catch('Unknown'),
  attachment: part(Attachment),
  location: part(Location),
  text: part(z.object({ body: text })),
  quickReply: part(QuickReply),
  quickReplyV2: part(z.object({ title: text, actions: list(QuickReply) })),
  card: part(Card),
  carousel: part(z.object({ cards: list(Card) })),
  datePicker: part(DatePicker),
  listPicker: part(ListPicker),
  form: part(Form),
  template: part(z.object({ header: Paragraph, body: Paragraph, footer: Paragraph })),
})
/** One element of `content`, with itself as it came for what we cannot show. */
const ContentElement = z.unknown().transform(raw => ({ ...Element.parse(Object(raw)), raw }))

const Event = z.object({
  eventType: text,
  typing: part(z.object({ type: text, duration: number })),
  presence: part(z.object({ type: text })),
})

export const OpenMessage = z.object({
  id: z.string().min(1),
  channel: Channel,
  type: text,
  text,
  content: list(ContentElement),
  events: list(Event),
  status: text,
  reasons: list(z.object({ code: text, message: text })),
  originatingEntity: text,
  conversationId: text,
})
export type OpenMessage = z.infer<typeof OpenMessage>
export type ContentElement = z.infer<typeof ContentElement>
export type Card = z.infer<typeof Card>
export type CardAction = z.infer<typeof CardAction>
export type QuickReply = z.infer<typeof QuickReply>
export type Paragraph = z.infer<typeof Paragraph>

/** What the API answers, as far as it is read. */
export const Sent = z.object({ id: text, conversationId: text })
export const ApiError = z.object({ code: text, message: text, error: text, description: text, error_description: text })
export type ApiError = z.infer<typeof ApiError>
/** Some 2xx answers carry a refusal. */
export const FailedInside = z.object({ status: z.literal('Failed'), reasons: list(z.object({ code: text, message: text })) })
export const Token = z.object({ access_token: z.string().min(1), expires_in: z.number() })

export const Integration = z.object({
  id: z.string().min(1),
  name: text,
  createStatus: text,
  createError: part(z.object({ message: text })),
  recipient: part(z.object({ id: text })),
})
export type Integration = z.infer<typeof Integration>
export const Named = z.object({ id: z.string().min(1), name: z.string() })
export type Named = z.infer<typeof Named>
export const RoutingRecipient = z.object({ id: z.string().min(1), name: text, flow: part(z.object({ id: text })) })
export const MessageDetails = z.object({ createdBy: part(z.object({ name: text })) })
export const Conversation = z.object({ participants: list(z.object({ state: text, endTime: text })) })
