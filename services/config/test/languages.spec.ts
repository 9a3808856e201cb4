import { describe, expect, it } from '@jest/globals'
import { connectors, storages } from '@um/catalog'
import type { Definition } from '@um/shared/contract'
import type { FieldSchema } from '../src/page/api/types.ts'
import { fieldTexts } from '../src/page/i18n/catalog.ts'
import { en } from '../src/page/i18n/en.ts'
import { languages, loaders } from '../src/page/i18n/languages.ts'

interface Described {
  name: string
  help: string | undefined
  /** of a choice, or of a list of choices */
  values: readonly string[]
}
function fieldsOf(settings: Definition['settings']): Described[] {
  const { properties = {} } = settings.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as FieldSchema
  return Object.entries(properties).map(([name, { description, enum: values, items }]) => ({ name, help: description, values: values ?? items?.enum ?? [] }))
}
/** All that the catalog has words for, by the scope in which languages name it. */
const scopes = [
  ...[...connectors.values()].flatMap(({ id, settings, documents = [] }) => [
    { scope: id, fields: fieldsOf(settings) },
    { scope: `${id}.documents`, fields: documents.map(({ name, help }) => ({ name, help, values: [] })) },
  ]),
  ...[...storages.values()].map(({ id, settings }) => ({ scope: `storage.${id}`, fields: fieldsOf(settings) })),
]

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

  it('has the words of every field and document of the platforms that it knows', async () => {
    const { catalog } = await loaders[id]()
    const known = scopes.filter(({ scope }) => Object.keys(catalog).some(key => key.startsWith(`${scope}.`)))
    const missing = known.flatMap(({ scope, fields }) =>
      fields.flatMap(({ name, help }) => {
        const texts = fieldTexts(catalog, scope, name)
        return [
          ...(texts.label === undefined ? [`${scope}.${name}`] : []),
          ...(help !== undefined && texts.help === undefined ? [`${scope}.${name}: help`] : []),
        ]
      }),
    )

    expect(known.map(({ scope }) => scope)).toEqual(
      expect.arrayContaining(['telegram', 'gcloudcx', 'line', 'slack', 'slack.documents', 'viber', 'wechat', 'zalo', 'storage.aws']),
    )
    expect(missing).toEqual([])
  })

  it('names all values of a choice or none, and no others', async () => {
    const { catalog } = await loaders[id]()
    const wrong = scopes.flatMap(({ scope, fields }) =>
      fields.filter(({ name, values }) => {
        const named = fieldTexts(catalog, scope, name).values
        return named !== undefined && JSON.stringify(Object.keys(named).sort()) !== JSON.stringify([...values].sort())
      }),
    )

    expect(wrong).toEqual([])
  })

  it('has no words for fields that are not there any more', async () => {
    const { catalog } = await loaders[id]()
    const there = new Set(scopes.flatMap(({ scope, fields }) => fields.map(({ name }) => `${scope}.${name}`)))
    const surplus = Object.keys(catalog).filter(key => scopes.some(({ scope }) => key.startsWith(`${scope}.`)) && !there.has(key))

    expect(surplus).toEqual([])
  })
})
