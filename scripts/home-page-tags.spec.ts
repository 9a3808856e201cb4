import { describe, expect, it } from '@jest/globals'
import { connectors } from '@um/catalog'
import { homePageTags as generated } from '@um/catalog/home-page-tags'
import type { Definition } from '@um/shared/contract'
import { homePageTags } from './home-page-tags.ts'

const definition = (facts: Partial<Definition>) => facts as Definition

describe('the list of tags for the home page', () => {
  it('has a line for each tag of a definition, and none for connectors without', () => {
    const text = homePageTags([
      definition({ id: 'acme', ingress: '/chat', homePageTags: [{ name: 'acme-site', file: 'acme_*.html' }, { name: 'acme-owner' }] }),
      definition({ id: 'bolt', ingress: '/bolt' }),
    ])

    expect(text.split('= [\n')[1]).toBe(
      "  { connector: 'acme', path: '/chat', name: 'acme-site', file: 'acme_*.html' },\n  { connector: 'acme', path: '/chat', name: 'acme-owner' },\n]\n",
    )
  })

  it('is the one that the site reads', () => {
    const defined = [...connectors.values()].flatMap(({ id, ingress, homePageTags: tags = [] }) => tags.map(tag => ({ connector: id, path: ingress, ...tag })))

    expect(defined.length).toBeGreaterThan(0)
    expect(generated).toEqual(defined)
  })
})
