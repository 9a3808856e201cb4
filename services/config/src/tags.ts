/** A meta element that proves something of the domain: words without any character that means something in HTML. */
export interface Tag {
  readonly name: string
  readonly content: string
}
/** Of one connector, whose tenants have one each at most. */
const most = 1000
const wellFormed = /<meta name="([a-z0-9-]+)" content="([A-Za-z0-9_-]{1,256})" ?\/?>/g

/** The tags of these names in the head of a page, each once. Nothing else of the page is taken: not even its writing of the tags. */
export function readTags(page: string, names: ReadonlySet<string>): Tag[] {
  const end = page.search(/<\/head>|<body\b/i)
  if (end === -1) return []
  const found = new Map<string, Tag>()
  for (const [element, name = '', content = ''] of page.slice(0, end).matchAll(wellFormed)) {
    if (found.size === most) break
    if (names.has(name)) found.set(element, { name, content })
  }
  return [...found.values()]
}

export function writeTags(tags: readonly Tag[]): string {
  return tags.map(({ name, content }) => `<meta name="${name}" content="${content}">`).join('')
}
