import type { Capability, Content, ContentKind, Definition, MediaKind, StructuredItem, Template } from '@um/shared/contract'

/** One content that a renderer is asked to show, and what of it must be in its calls: whole strings, or at least every word of them. */
export interface SampleContent {
  name: string
  content: Content
  whole?: string[]
  words?: string[]
  /** may legitimately need no call */
  silent?: boolean
}

/** Contents of a kind, ordinary and at the limits that the capability declares. */
export function contentsOf(kind: ContentKind, definition: Definition): SampleContent[] {
  const capability = definition.capabilities[kind] ?? { level: 'fallback' }
  return makers[kind](capability)
}

const makers: Record<ContentKind, (capability: Capability) => SampleContent[]> = {
  text: ({ maxText = 4000 }) =>
    [
      ['plain', 'Hello Lena'],
      ['with what looks like markup', '<b>5 & 6</b> *bold* _it_ [a](b) `c` {{d}} \\ "q"'],
      ['in several scripts and lines', 'Olá 👩‍💻\n見て\n안녕하세요\nمرحبا'],
      ['at its limit', `${'a'.repeat(Math.max(0, maxText - 2))}😀`],
    ].map(([name = '', text = '']) => ({ name, content: { kind: 'text', text }, whole: [text] })),
  attachment: attachments,
  sticker: () => [
    {
      name: 'with its picture',
      content: { kind: 'sticker', stickerId: '11537', packageId: '789', emoji: '😀', source: { url: 'https://files.example.com/s.webp', mime: 'image/webp' } },
    },
    { name: 'with a moving picture', content: { kind: 'sticker', stickerId: '11538', source: { url: 'https://files.example.com/s.gif', mime: 'image/gif' } } },
    { name: 'by its ids alone', content: { kind: 'sticker', stickerId: '11537', packageId: '789' } },
  ],
  location: () => [
    { name: 'bare', content: { kind: 'location', latitude: 48.2082, longitude: 16.3738 }, whole: ['48.2', '16.37'] },
    {
      name: 'with title and address',
      content: { kind: 'location', latitude: 48.2082, longitude: 16.3738, title: 'Café Nord', address: 'Ring 4' },
      whole: ['Café Nord', 'Ring 4'],
    },
    { name: 'with a title', content: { kind: 'location', latitude: -33.8, longitude: -70.6, title: 'Sur' }, whole: ['Sur', '-33.8'] },
    { name: 'at the origin', content: { kind: 'location', latitude: 0, longitude: 0 } },
  ],
  contact: () => [
    { name: 'with one phone', content: { kind: 'contact', name: 'Service Desk', phones: ['+4312345678'] }, words: ['Service Desk', '+4312345678'] },
    {
      name: 'with phones and an address',
      content: { kind: 'contact', name: 'Ann', phones: ['+4312345678', '+4387654321'], emails: ['ann@example.com'] },
      whole: ['Ann', '+4312345678', '+4387654321', 'ann@example.com'],
    },
    { name: 'without a phone', content: { kind: 'contact', name: 'Ann Lee', phones: [] }, words: ['Ann Lee'] },
    {
      name: 'with a large vCard',
      content: { kind: 'contact', name: 'Ann', phones: ['+43'], vcard: `BEGIN:VCARD\nNOTE:${'x'.repeat(5000)}\nEND:VCARD` },
      whole: ['Ann', '+43'],
    },
  ],
  structured: structured,
  choice: () => [
    { name: 'with a label', content: { kind: 'choice', payload: 'size=L', label: 'Large', of: 'm-1', template: 'quickReplies' }, words: ['Large'] },
    { name: 'without a label', content: { kind: 'choice', payload: 'size=L' }, words: ['size=L'] },
    { name: 'after the offer has expired', content: { kind: 'choice', payload: 'k', label: 'Large', expired: true }, words: ['Large'] },
  ],
  typing: () => [
    { name: 'on', content: { kind: 'typing', on: true, durationSeconds: 5 }, silent: true },
    { name: 'off', content: { kind: 'typing', on: false }, silent: true },
  ],
  system: () => [{ name: 'plain', content: { kind: 'system', text: 'Ole joined' }, whole: ['Ole joined'] }],
  edit: () => [
    { name: 'of a text', content: { kind: 'edit', of: '5550001111:40', content: { kind: 'text', text: 'See example.org' } }, whole: ['See example.org'] },
    {
      name: 'of an attachment',
      content: { kind: 'edit', of: '5550001111:40', content: { kind: 'attachment', media: 'file', source: { url: 'https://files.example.com/c.pdf' } } },
    },
    { name: 'of a choice', content: { kind: 'edit', of: '5550001111:40', content: { kind: 'choice', payload: 'b', label: 'Blue' } } },
  ],
  withdrawn: () => [{ name: 'plain', content: { kind: 'withdrawn', of: '5550001111:40' } }],
  reaction: () => [
    { name: 'added', content: { kind: 'reaction', of: '5550001111:40', emoji: '👍', on: true } },
    { name: 'removed', content: { kind: 'reaction', of: '5550001111:40', emoji: '👍', on: false } },
  ],
  unsupported: () => [
    { name: 'with text', content: { kind: 'unsupported', what: 'checklist', text: 'Milk', reason: 'not shown here', raw: { tasks: [1] } }, words: ['Milk'] },
    { name: 'bare', content: { kind: 'unsupported', what: 'story' }, words: ['story'] },
  ],
}

const media: [MediaKind, string, string][] = [
  ['image', 'image/jpeg', 'p.jpg'],
  ['image', 'image/png', 'p.png'],
  ['image', 'image/gif', 'p.gif'],
  ['image', 'image/tiff', 'p.tiff'],
  ['audio', 'audio/mpeg', 'a.mp3'],
  ['audio', 'audio/ogg', 'a.ogg'],
  ['audio', 'audio/wav', 'a.wav'],
  ['video', 'video/mp4', 'v.mp4'],
  ['video', 'video/quicktime', 'v.mov'],
  ['file', 'application/pdf', 'c.pdf'],
  ['file', 'application/zip', 'c.zip'],
  ['file', 'text/csv', 'c.csv'],
]

function attachments({ mimes, maxCaption = 0, maxBytes = 1_000_000 }: Capability): SampleContent[] {
  const allowed = media.filter(([, mime]) => mimes === undefined || mimes.some(pattern => matches(pattern, mime)))
  const full = allowed.flatMap(([kind, mime, file]): SampleContent[] => {
    const url = `https://files.example.com/${file}`
    return [
      { name: mime, content: { kind: 'attachment', media: kind, source: { url, mime, name: file, size: 40_000 }, durationSeconds: 3 }, whole: [url] },
      { name: `${mime} of the largest size`, content: { kind: 'attachment', media: kind, source: { url, mime, name: file, size: maxBytes } }, whole: [url] },
    ]
  })
  const [first] = allowed
  if (!first) return full
  const [kind, mime, file] = first
  const url = `https://files.example.com/${file}`
  const caption = `${'c'.repeat(Math.max(0, maxCaption - 2))}😀`
  return [
    ...full,
    { name: 'of which only the URL is known', content: { kind: 'attachment', media: kind, source: { url } }, whole: [url] },
    { name: 'with an unpleasant name', content: { kind: 'attachment', media: kind, source: { url, mime, name: 'a "b"\r\n/../ü.bin' } }, whole: [url] },
    ...(maxCaption === 0
      ? []
      : [{ name: 'with the longest caption', content: { kind: 'attachment' as const, media: kind, source: { url, mime }, caption }, whole: [url, caption] }]),
  ]
}
function matches(pattern: string, mime: string): boolean {
  return pattern === mime || (pattern.endsWith('/*') && mime.startsWith(pattern.slice(0, -1)))
}

const allTemplates: Template[] = ['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker', 'form']

function structured({ templates = allTemplates, maxItems = 10 }: Capability): SampleContent[] {
  return templates.flatMap(name => {
    const template = name as Template
    const items = (count: number): StructuredItem[] => Array.from({ length: count }, (_, index) => itemOf(template, index))
    const titles = (of: StructuredItem[]): string[] => of.map(item => item.title)
    return [
      {
        name: `${template} with one item`,
        content: { kind: 'structured', template, text: 'Pick one', items: items(1) },
        words: ['Pick one', ...titles(items(1))],
      },
      {
        name: `${template} with as many items as fit`,
        content: { kind: 'structured', template, text: 'Pick one', items: items(maxItems) },
        words: titles(items(maxItems)),
      },
      { name: `${template} without a text`, content: { kind: 'structured', template, items: items(2) }, words: titles(items(2)) },
    ] satisfies SampleContent[]
  })
}
/** Items take turns: a short payload, one too long for most platforms, a link, none. */
function itemOf(template: Template, index: number): StructuredItem {
  const title = `Option${index}`
  const token = `tok${index}`
  const slot = {
    title,
    token,
    at: new Date(Date.UTC(2026, 4, 30 + (index % 3), 8 + (index % 9))).toISOString(),
    durationSeconds: 1800,
    payload: `slot-${index}`,
  }
  if (template === 'timePicker') return slot
  const section = index < 3 ? 'First' : 'Second'
  const rich =
    template === 'cards' || template === 'listPicker' ? { description: `About ${index}`, imageUrl: `https://files.example.com/${index}.jpg`, section } : {}
  const actions =
    template === 'cards' && index % 2 === 0
      ? {
          actions: [
            { title: 'Buy', payload: `buy-${index}`, token: `buy${index}` },
            { title: 'More', url: 'https://example.com/more' },
          ],
        }
      : {}
  const variants: StructuredItem[] = [
    { title, token, payload: `p=${index}` },
    { title, token, payload: `${'予約'.repeat(100)}${index}` },
    { title, token, url: `https://example.com/${index}` },
    { title, token },
  ]
  return { ...(variants[index % variants.length] ?? { title }), ...rich, ...actions }
}
