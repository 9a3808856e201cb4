import { describe, expect, it } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import { connectors, storages } from '@um/catalog'
import { field } from '@um/shared/contract'
import { checkedNotifierSettings } from '@um/shared/notify'
import { z } from 'zod'
import { openApiDocument } from '../src/openapi/document.ts'
import { type ApiParts, apiOperations } from '../src/operations.ts'
import { settingsJsonSchema } from '../src/platforms/json-schema.ts'

/** Descriptions need no server: what only runs is never called. */
const parts = {
  connectors,
  storages,
  notifiers: checkedNotifierSettings({ allowAnyHost: false }),
  version: '1.0.14',
  publicUrl: 'https://um.example.org',
  deployment: 'local',
} as ApiParts
const operations = apiOperations(parts)
const document = openApiDocument(operations, parts) as {
  servers: { url: string }[]
  paths: Record<
    string,
    Record<string, { operationId: string; tags: string[]; security: object[]; responses: Record<string, unknown>; parameters?: { name: string; in: string }[] }>
  >
  tags: { name: string }[]
}
const described = Object.values(document.paths).flatMap(path => Object.values(path))

describe('OpenAPI document', () => {
  it('passes a standard validator', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)))

    expect(result).toEqual({ valid: true })
  })

  it('describes every operation once, under its own id', () => {
    const ids = described.map(({ operationId }) => operationId)

    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(operations.length)
  })

  it('puts every operation under a tag that is described', () => {
    const tags = new Set(document.tags.map(({ name }) => name))

    expect(described.flatMap(operation => operation.tags).filter(tag => !tags.has(tag))).toEqual([])
  })

  it('points to this deployment', () => {
    expect(document.servers).toEqual([{ url: 'https://um.example.org/api/v1' }])
  })

  it('asks for a token everywhere but at the login and the document itself', () => {
    const open = described.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId)

    expect(open.sort()).toEqual(['getOpenApi', 'login'])
  })

  it('resolves every reference', () => {
    const text = JSON.stringify(document)
    const names = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name))
    const components = (document as unknown as { components: { schemas: object } }).components.schemas

    expect([...names].filter(name => name === undefined || !Object.hasOwn(components, name))).toEqual([])
    expect(text).not.toContain('$defs')
  })
})

describe('settingsJsonSchema', () => {
  const schema = settingsJsonSchema(
    z.strictObject({
      token: field.secret('Token', { help: 'From the portal.' }),
      hook: field.secret('Hook', { generated: 'token' }),
      note: field.optionalText('Note', { advanced: true }),
      url: field.url('URL', 'https://api.example.org'),
      region: field.pick('Region', ['eu', 'us'], { labels: { eu: 'Europe' } }),
    }),
  ) as { required: string[]; properties: Record<string, object>; additionalProperties: boolean }

  it('requires what has to be given, not what is generated or has a default', () => {
    expect(schema.required).toEqual(['token', 'region'])
  })

  it('tells a form what it needs to know', () => {
    expect(schema.properties.token).toMatchObject({ type: 'string', title: 'Token', description: 'From the portal.', secret: true })
    expect(schema.properties.hook).toMatchObject({ secret: true, generated: 'token' })
    expect(schema.properties.note).toMatchObject({ type: 'string', advanced: true })
    expect(schema.properties.url).toMatchObject({ type: 'string', default: 'https://api.example.org' })
    expect(schema.properties.region).toMatchObject({
      options: [
        { value: 'eu', label: 'Europe' },
        { value: 'us', label: 'us' },
      ],
    })
    expect(schema.additionalProperties).toBe(false)
  })

  it('describes every platform and storage of the catalog', () => {
    for (const { settings } of [...connectors.values(), ...storages.values()]) expect(() => settingsJsonSchema(settings)).not.toThrow()
  })
})
