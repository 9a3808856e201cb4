import { describe, expect, it } from '@jest/globals'
import { connectors, storages } from '@um/catalog'
import { en } from '../src/page/i18n/en.ts'
import { languages, loaders } from '../src/page/i18n/languages.ts'

const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort()
const others = languages.filter(({ id }) => id !== 'en')

describe.each(others)('$name', ({ id }) => {
  it('fills in the same values as English', async () => {
    const { texts } = await loaders[id]()
    const wrong = Object.entries(texts).filter(([key, text]) => {
      const english = (en as Record<string, string>)[key] ?? ''
      return JSON.stringify(placeholders(text ?? '')) !== JSON.stringify(placeholders(english))
    })

    expect(wrong).toEqual([])
  })

  it('says hardly anything in English', async () => {
    const { texts } = await loaders[id]()
    const same = Object.entries(texts).filter(([key, text]) => text === (en as Record<string, string>)[key] && /[a-z]{4}/.test(text ?? ''))

    // names of products and of topics, and words that are the same in French
    expect(same.length).toBeLessThan(20)
  })

  it('has the words of every field of the platforms that it knows', async () => {
    const { catalog } = await loaders[id]()
    const scopes = [
      ...[...connectors.values()].map(({ id: scope, settings }) => ({ scope, settings })),
      ...[...storages.values()].map(({ id: type, settings }) => ({ scope: `storage.${type}`, settings })),
    ]
    const known = scopes.filter(({ scope }) => Object.keys(catalog).some(key => key.startsWith(`${scope}.`)))
    const missing = known.flatMap(({ scope, settings }) =>
      Object.keys(settings.shape)
        .filter(name => catalog[`${scope}.${name}`]?.label === undefined && catalog[`*.${name}`]?.label === undefined)
        .map(name => `${scope}.${name}`),
    )

    expect(known.map(({ scope }) => scope)).toEqual(expect.arrayContaining(['telegram', 'gcloudcx', 'storage.aws']))
    expect(missing).toEqual([])
  })

  it('has no words for fields that are not there any more', async () => {
    const { catalog } = await loaders[id]()
    const surplus = Object.keys(catalog).filter(key => {
      const platform = connectors.get(key.split('.')[0] ?? '')
      return platform !== undefined && !(key.slice(key.indexOf('.') + 1) in platform.settings.shape)
    })

    expect(surplus).toEqual([])
  })
})
