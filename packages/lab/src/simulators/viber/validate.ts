import { z } from 'zod'
import { ViberError } from './status.ts'

/** What Viber takes of a message. https://developers.viber.com/docs/api/rest-bot-api/#send-message and https://developers.viber.com/docs/tools/keyboards/ */
const text = z.string()
const webUrl = text.max(2000).regex(/^https?:\/\/\S+$/, 'is not a URL')
const pathEnds = (pattern: RegExp) => (url: string) => URL.canParse(url) && pattern.test(new URL(url).pathname)
const forbidden =
  /\.(action|apk|app|bat|bin|cmd|com|command|cpl|csh|exe|gadget|inf1|ins|inx|ipa|isu|job|jse|ksh|lnk|msc|msi|msp|mst|osx|out|paf|pif|ps1|reg|rgs|run|sct|shb|shs|u3p|vb|vbe|vbs|vbscript|workflow|ws|wsf)$/i

const Button = z.object({
  Columns: z.int().min(1).max(6).default(6),
  Rows: z.int().min(1).max(7).default(1),
  ActionType: z.enum(['reply', 'open-url', 'location-picker', 'share-phone', 'none']).default('reply'),
  ActionBody: text.min(1),
  Text: text.max(250).optional(),
  TextSize: z.enum(['small', 'regular', 'large']).default('regular'),
  Image: webUrl.optional(),
  Silent: z.boolean().default(false),
})
export type ViberButton = z.infer<typeof Button>
const maxKeyboardRows = 24
const Keyboard = z
  .object({
    Type: z.literal('keyboard'),
    Buttons: z.array(Button.extend({ Rows: z.int().min(1).max(2).default(1) })).min(1),
    InputFieldState: z.enum(['regular', 'minimized', 'hidden']).optional(),
  })
  .refine(({ Buttons }) => rowsOf(Buttons).length <= maxKeyboardRows, `has more than ${maxKeyboardRows} rows`)
const maxCards = 6
const RichMedia = z
  .object({
    Type: z.literal('rich_media'),
    ButtonsGroupColumns: z.int().min(1).max(6).default(6),
    ButtonsGroupRows: z.int().min(1).max(7).default(7),
    Buttons: z.array(Button).min(1),
  })
  .transform(({ ButtonsGroupColumns, ButtonsGroupRows, Buttons }, check) => {
    const cards = cardsOf(Buttons, ButtonsGroupColumns * ButtonsGroupRows)
    if (cards === undefined) check.addIssue('the buttons do not fill the cards')
    else if (cards.length > maxCards) check.addIssue(`has more than ${maxCards} cards`)
    return cards ?? []
  })

const Body = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: text.min(1).max(7000) }),
  z.object({
    type: z.literal('picture'),
    text: text.max(768),
    media: webUrl.refine(pathEnds(/\.(jpe?g|png|gif)$/i), 'is no picture'),
    thumbnail: webUrl.optional(),
  }),
  z.object({
    ...{ type: z.literal('video'), media: webUrl.refine(pathEnds(/\.mp4$/i), 'is no video'), size: z.int().min(1).max(27_262_976) },
    duration: z.int().max(180).optional(),
  }),
  z.object({
    ...{ type: z.literal('file'), media: webUrl, size: z.int().min(1).max(52_428_800) },
    file_name: text
      .max(256)
      .regex(/\.\w+$/, 'has no extension')
      .refine(name => !forbidden.test(name), 'is of a forbidden kind'),
  }),
  z.object({ type: z.literal('contact'), contact: z.object({ name: text.min(1).max(28), phone_number: text.min(1).max(18) }) }),
  z.object({ type: z.literal('location'), location: z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }) }),
  z.object({ type: z.literal('url'), media: webUrl }),
  z.object({ type: z.literal('sticker'), sticker_id: z.int() }),
  z.object({ type: z.literal('rich_media'), alt_text: text.optional(), rich_media: RichMedia }),
])
const Common = z.object({
  min_api_version: z.int().min(1).default(1),
  sender: z.object({ name: text.min(1).max(28), avatar: webUrl.optional() }),
  tracking_data: text.max(4000).optional(),
  keyboard: Keyboard.optional(),
})
export type Message = z.infer<typeof Common> & { body: z.infer<typeof Body> | undefined }

const maxBytes = 30 * 1024
/** Throws what Viber says to a message that it does not take. A keyboard may come without a message. */
export function readMessage(value: unknown, bytes: number): Message {
  if (bytes > maxBytes) throw new ViberError('badData', 'the request is larger than 30 KB')
  const common = read(Common, value)
  const hasType = z.object({ type: z.unknown() }).safeParse(value).data?.type !== undefined
  if (!hasType && common.keyboard === undefined) throw new ViberError('missingData', 'type is missing')
  const body = hasType ? read(Body, value) : undefined
  const needed = body?.type === 'rich_media' ? 2 : common.keyboard?.InputFieldState !== undefined ? 4 : 1
  if (common.min_api_version < needed) throw new ViberError('incompatibleWithVersion', `min_api_version must be ${needed}`)
  return { ...common, body }
}
function read<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const known = schema.safeParse(value)
  if (known.success) return known.data
  const [issue] = known.error.issues
  const isMissing = issue?.code === 'invalid_type' && /undefined/.test(issue.message)
  throw new ViberError(isMissing ? 'missingData' : 'badData', `${issue?.path.join('.')}: ${issue?.message}`)
}

/** As they stand under the chat: beside each other while there is room. */
export function rowsOf<B extends { Columns: number }>(buttons: readonly B[]): B[][] {
  const rows: B[][] = []
  let taken = 6
  for (const button of buttons) {
    if (taken + button.Columns > 6) {
      rows.push([])
      taken = 0
    }
    rows.at(-1)?.push(button)
    taken += button.Columns
  }
  return rows
}
/** undefined: a card is not filled exactly. */
function cardsOf(buttons: readonly ViberButton[], cells: number): ViberButton[][] | undefined {
  const cards: ViberButton[][] = []
  let free = 0
  for (const button of buttons) {
    if (free === 0) {
      cards.push([])
      free = cells
    }
    cards.at(-1)?.push(button)
    free -= button.Columns * button.Rows
    if (free < 0) return undefined
  }
  return free === 0 ? cards : undefined
}
