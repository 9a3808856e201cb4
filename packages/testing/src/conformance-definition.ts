import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { assertSame, type Claim, type ConformanceSubject, strings, tenantOf } from './conformance-subject.ts'
import { capabilityTable } from './conformance-table.ts'

const soundsSecret = /secret|token|password|apikey|privatekey/i

/** The facts are well formed, and the README tells the same. */
export function definitionClaims(subject: ConformanceSubject): Claim[] {
  const { definition, implementation } = subject
  const about = 'definition'
  const fields = Object.entries(definition.settings.shape as Record<string, z.ZodType>)
  return [
    {
      about,
      name: 'has an id, a label, a media name and a path of the right form',
      run() {
        assert.match(definition.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
        assert.ok(definition.label.trim() && definition.media.trim())
        if (definition.ingress !== undefined) assert.match(definition.ingress, /^\/[a-z0-9-]+$/)
      },
    },
    {
      about,
      name: 'has tags for the home page only with a page at its own path that shows them',
      run() {
        for (const { name, file } of definition.homePageTags ?? []) {
          assert.match(name, /^[a-z0-9-]+$/)
          if (file !== undefined) assert.match(file, /^[A-Za-z0-9_-]+\*\.html$/)
          assert.ok(definition.ingress !== undefined && implementation.pages?.some(page => page.method === 'GET' && page.path === ''), name)
        }
      },
    },
    {
      about,
      name: 'imports the contract and zod, nothing else',
      run() {
        const source = readFileSync(new URL('src/definition.ts', folderOf(subject)), 'utf8')
        const imported = [...source.matchAll(/(?:from|import)\s+'([^']+)'/g)].map(match => match[1])
        assertSame(
          imported.filter(name => name !== '@um/shared/contract' && name !== 'zod'),
          [],
        )
      },
    },
    {
      about,
      name: 'takes the sample settings and refuses a setting that it does not know',
      run() {
        assert.equal(definition.settings.safeParse(subject.settings).success, true)
        assert.equal(definition.settings.safeParse({ ...(subject.settings as object), surprise: 1 }).success, false)
      },
    },
    {
      about,
      name: 'gives every setting a title, in the form and in the JSON schema',
      run() {
        const { properties = {} } = z.toJSONSchema(definition.settings, { io: 'input' })
        for (const [name, field] of fields) {
          assert.ok(field.meta()?.title, `${name} has no title`)
          const property = properties[name]
          assert.ok(typeof property === 'object' && property.title, `${name} has no title in the JSON schema`)
        }
      },
    },
    {
      about,
      name: 'marks what sounds secret as secret, and gives secrets no default',
      run() {
        for (const [name, field] of fields) {
          if (soundsSecret.test(name) && !subject.notSecret?.includes(name)) assert.equal(field.meta()?.secret, true, `${name} is not marked secret`)
          if (field.meta()?.secret === true) assert.ok(strings(field.safeParse(undefined).data).length === 0, `${name} has a default`)
        }
      },
    },
    {
      about,
      name: 'has a value for every secret that it needs in the sample, so that leaks can be seen',
      run() {
        const settings = definition.settings.parse(subject.settings)
        for (const [name, field] of fields) {
          const needed = field.meta()?.secret === true && !field.safeParse(undefined).success
          if (needed)
            assert.ok(
              strings(settings[name]).some(value => value.length >= 4),
              `${name} has no value that could be seen`,
            )
        }
      },
    },
    {
      about,
      name: 'lets the settings override every base URL',
      run() {
        const tenant = tenantOf(subject)
        const given = strings(tenant.settings)
          .filter(value => URL.canParse(value))
          .map(value => new URL(value).origin)
        for (const [name, base] of Object.entries(implementation.bases(tenant.settings)))
          assert.ok(given.includes(new URL(base).origin), `base ${name} is fixed`)
      },
    },
    {
      about,
      name: 'renders exactly the kinds that it declares native or partial, within positive limits',
      run() {
        const capabilities = Object.entries(definition.capabilities)
        const declared = capabilities.filter(([, { level }]) => level === 'native' || level === 'partial').map(([kind]) => kind)
        assertSame(Object.keys(implementation.render).sort(), declared.sort())
        for (const [kind, { maxText, maxCaption, maxItems, maxBytes }] of capabilities) {
          for (const limit of [maxText, maxItems, maxBytes]) assert.ok(limit === undefined || (Number.isInteger(limit) && limit > 0), kind)
          assert.ok(maxCaption === undefined || (Number.isInteger(maxCaption) && maxCaption >= 0), kind)
        }
      },
    },
    {
      about,
      name: 'is described by its README with the same capability table',
      run() {
        const readme = readFileSync(new URL('README.md', folderOf(subject)), 'utf8')
        assert.ok(readme.includes(capabilityTable(definition)), `README.md should hold\n${capabilityTable(definition)}`)
      },
    },
  ]
}

function folderOf(subject: ConformanceSubject): URL {
  return new URL(subject.folder.href.replace(/\/?$/, '/'))
}
