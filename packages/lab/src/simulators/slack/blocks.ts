import { z } from 'zod'
import { SlackError } from './errors.ts'

/** Block Kit, as far as the Lab draws it, with Slack's limits. https://docs.slack.dev/reference/block-kit */
const id = z.string().max(255)
const Words = z.object({ type: z.enum(['mrkdwn', 'plain_text']), text: z.string().min(1).max(3000), emoji: z.boolean().optional() })
const plain = (max: number) => z.object({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() })
const https = z.url({ protocol: /^https?$/ }).max(3000)

const Option = z.object({ text: plain(75), value: z.string().min(1).max(75), description: plain(75).optional() })
const ButtonElement = z.object({ type: z.literal('button'), action_id: id, text: plain(75), value: z.string().max(2000).optional(), url: https.optional() })
const SelectElement = z
  .object({
    type: z.literal('static_select'),
    action_id: id,
    placeholder: plain(150).optional(),
    options: z.array(Option).min(1).max(100).optional(),
    option_groups: z
      .array(z.object({ label: plain(75), options: z.array(Option).min(1).max(100) }))
      .min(1)
      .max(100)
      .optional(),
  })
  .refine(({ options, option_groups }) => (options === undefined) !== (option_groups === undefined))
const Element = z.discriminatedUnion('type', [ButtonElement, SelectElement])
const ImageElement = z.object({ type: z.literal('image'), image_url: https, alt_text: z.string().min(1).max(2000) })
const block_id = id.optional()
const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('section'), block_id, text: Words, accessory: ImageElement.optional() }),
  z.object({ type: z.literal('actions'), block_id, elements: z.array(Element).min(1).max(25) }),
  z.object({ type: z.literal('divider'), block_id }),
  ImageElement.extend({ block_id }),
])
export type Block = z.infer<typeof Block>
export type Element = z.infer<typeof Element>
export type Option = z.infer<typeof Option>

const maxBlocks = 50
/** not told by Slack: seen */
const maxCharacters = 13_000

/** Throws SlackError as Slack refuses. */
export function readBlocks(value: unknown): Block[] {
  const blocks = z.array(Block).max(maxBlocks).safeParse(value)
  if (!blocks.success) throw invalid(blocks.error.issues.map(issue => `[json-pointer:/blocks/${issue.path.join('/')}] ${issue.message}`))
  for (const names of [blocks.data.flatMap(each => each.block_id ?? []), actionIds(blocks.data)]) {
    if (new Set(names).size < names.length) throw invalid(['an id is not unique'])
  }
  if (characters(blocks.data) > maxCharacters) throw new SlackError('msg_blocks_too_long')
  return blocks.data
}
function invalid(messages: string[]): SlackError {
  return new SlackError('invalid_blocks', { members: { response_metadata: { messages } } })
}
function actionIds(blocks: readonly Block[]): string[] {
  return blocks.flatMap(block => (block.type === 'actions' ? block.elements.map(element => `${block.block_id} ${element.action_id}`) : []))
}
function characters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + characters(each), 0)
  if (value === null || typeof value !== 'object') return 0
  return Object.entries(value).reduce((sum, [name, each]) => sum + (name === 'text' && typeof each === 'string' ? each.length : characters(each)), 0)
}
