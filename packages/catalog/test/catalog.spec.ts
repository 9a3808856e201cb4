import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { connectors, storages } from '../src/index.ts'

const services = join(import.meta.dirname, '../../../services')
const defined = readdirSync(services).filter(folder => existsSync(join(services, folder, 'src/definition.ts')))

describe('catalog', () => {
  it('lists exactly the services that define a connector', () => {
    const expected = defined.filter(folder => folder.endsWith('-connector')).map(folder => folder.slice(0, -'-connector'.length))

    const listed = [...connectors.keys()]

    expect(listed.sort()).toEqual(expected.sort())
  })

  it('lists exactly the services that define a storage', () => {
    const expected = defined.filter(folder => folder.endsWith('-provider')).map(folder => folder.slice(0, -'-provider'.length))

    const listed = [...storages.keys()]

    expect(listed.sort()).toEqual(expected.sort())
  })

  it('knows the kind of every service that has a definition', () => {
    const strangers = defined.filter(folder => !folder.endsWith('-connector') && !folder.endsWith('-provider'))

    expect(strangers).toEqual([])
  })

  it('gives every platform a public path of its own', () => {
    const paths = [...connectors.values()].flatMap(connector => connector.ingress ?? [])

    expect(new Set(paths).size).toBe(paths.length)
  })

  it('puts title and, where it applies, secrecy on every setting, so that forms and masking can rely on them', () => {
    const untitled = [...connectors.values(), ...storages.values()].flatMap(({ id, settings }) =>
      Object.entries(settings.shape)
        .filter(([, field]) => typeof (field as { meta(): { title?: unknown } | undefined }).meta()?.title !== 'string')
        .map(([name]) => `${id}.${name}`),
    )
    const unmasked = [...connectors.values(), ...storages.values()].flatMap(({ id, settings }) =>
      Object.entries(settings.shape)
        .filter(([name, field]) => /secret|token|password|privatekey/i.test(name) && isFreeText(field))
        .filter(([, field]) => (field as { meta(): { secret?: unknown } | undefined }).meta()?.secret !== true)
        .map(([name]) => `${id}.${name}`),
    )

    expect(untitled).toEqual([])
    expect(unmasked).toEqual([])
  })
})

/** A choice, a number or a switch may be named after a token; it can't be one. */
function isFreeText(field: unknown): boolean {
  const { type, enum: choices, anyOf } = z.toJSONSchema(field as z.ZodType, { io: 'input', unrepresentable: 'any' })
  return choices === undefined && (type === undefined || type === 'string' || anyOf !== undefined)
}
