import { fetchMedia } from '../../kit/fetch-media.ts'
import { type MediaStore, mediaView } from '../../kit/media-store.ts'
import type { Body, Button, CardView } from '../../protocol.ts'
import type { Block, Element, Option } from './blocks.ts'
import { shown } from './mrkdwn.ts'

/** What a press on the phone means, by the id that the phone gives it. */
export interface Control {
  blockId: string
  element: Element
  option?: Option
}
export interface Shown {
  body: Body
  buttons?: Button[][]
  controls: Record<string, Control>
}

export function showText(text: string): Shown {
  return { body: { kind: 'text', ...shown(text) }, controls: {} }
}

export async function showBlocks(blocks: readonly Block[], media: MediaStore): Promise<Shown> {
  const controls: Record<string, Control> = {}
  const control = (made: Control): string => {
    const id = String(Object.keys(controls).length)
    controls[id] = made
    return id
  }
  const isCarousel = blocks.some(block => block.type === 'divider' || (block.type === 'section' && block.accessory !== undefined))
  const body = isCarousel ? await cards(blocks, media, control) : one(await parts(blocks, media, control))
  const buttons = isCarousel ? [] : rows(blocks, control)
  return { body, ...(buttons.length > 0 ? { buttons } : {}), controls }
}

type MakeControl = (made: Control) => string
function button(element: Extract<Element, { type: 'button' }>, blockId: string, control: MakeControl): Button {
  const id = control({ blockId, element })
  const title = element.text.text
  return element.url === undefined ? { id, title, action: 'reply' } : { id, title, action: 'url', url: element.url }
}
function buttonsOf(block: Extract<Block, { type: 'actions' }>, control: MakeControl): Button[] {
  return block.elements.flatMap(element => (element.type === 'button' ? [button(element, block.block_id ?? '', control)] : []))
}
function rows(blocks: readonly Block[], control: MakeControl): Button[][] {
  return blocks.flatMap(block => (block.type === 'actions' ? [buttonsOf(block, control)] : [])).filter(row => row.length > 0)
}

async function parts(blocks: readonly Block[], media: MediaStore, control: MakeControl): Promise<Body[]> {
  const found = await Promise.all(
    blocks.map(async (block): Promise<Body[]> => {
      if (block.type === 'section') return [{ kind: 'text', ...shown(block.text.text) }]
      if (block.type === 'image') return [await picture(block.image_url, block.alt_text, media)]
      if (block.type === 'divider') return []
      return block.elements.flatMap(element => (element.type === 'static_select' ? [list(element, block.block_id ?? '', control)] : []))
    }),
  )
  return found.flat()
}
function one(bodies: Body[]): Body {
  const [first, second] = bodies
  if (first?.kind === 'text' && second?.kind === 'listPicker' && bodies.length === 2) return { ...second, text: first.text }
  return bodies.length === 1 && first !== undefined ? first : { kind: 'parts', parts: bodies }
}
async function picture(url: string, alt: string, media: MediaStore): Promise<Body> {
  const fetched = await fetchMedia(url, { maxBytes: 10e6, timeoutMs: 10_000 })
  if ('failed' in fetched) return { kind: 'other', what: 'image', text: `${alt}: the picture cannot be loaded (${fetched.why})` }
  return { kind: 'photo', media: mediaView(media.put(fetched)) }
}
function list(element: Extract<Element, { type: 'static_select' }>, blockId: string, control: MakeControl): Body {
  const item = (option: Option) => ({
    id: control({ blockId, element, option }),
    title: option.text.text,
    ...(option.description === undefined ? {} : { description: option.description.text }),
  })
  const groups = element.option_groups ?? [{ label: undefined, options: element.options ?? [] }]
  const sections = groups.map(({ label, options }) => ({ ...(label === undefined ? {} : { title: label.text }), multiple: false, items: options.map(item) }))
  return { kind: 'listPicker', sections }
}

/** A section and the actions below it are a card; a first section without either is the text above. */
async function cards(blocks: readonly Block[], media: MediaStore, control: MakeControl): Promise<Body> {
  const found: CardView[] = []
  for (const block of blocks) {
    const last = found.at(-1)
    if (block.type === 'section') {
      const [title = '', ...rest] = shown(block.text.text).text.split('\n')
      const image = block.accessory && (await picture(block.accessory.image_url, block.accessory.alt_text, media))
      found.push({
        title,
        ...(rest.length > 0 ? { description: rest.join('\n') } : {}),
        ...(image?.kind === 'photo' ? { image: image.media } : {}),
        buttons: [],
      })
    } else if (block.type === 'actions') last?.buttons.push(...buttonsOf(block, control))
  }
  const [first, ...others] = found
  const hasIntroduction = first !== undefined && others.length > 0 && blocks[1]?.type === 'section'
  return { kind: 'cards', ...(hasIntroduction ? { text: first.title, cards: others } : { cards: found }) }
}
