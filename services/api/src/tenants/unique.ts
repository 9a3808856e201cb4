import type { Definition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import { metaOf, type Tenant } from '@um/shared/settings'
import type { z } from 'zod'

type Part = 'messaging' | 'cxPlatform'
const parts: readonly Part[] = ['messaging', 'cxPlatform']

/** Something that only one tenant of a platform may have: a value of a field, or those of several fields together. */
interface Claim {
  readonly part: Part
  readonly fields: readonly string[]
  /** the same for two tenants: they cannot both be served */
  readonly key: string
}
interface Mark {
  readonly name: string
  readonly part: RegExp | undefined
}

/** Fields that are marked `unique`, grouped by what counts together; made once per schema. */
const marks = new WeakMap<z.ZodObject, readonly (readonly Mark[])[]>()
function marksOf(settings: z.ZodObject): readonly (readonly Mark[])[] {
  const known = marks.get(settings)
  if (known !== undefined) return known
  const marked = Object.entries(settings.shape as Record<string, z.ZodType>).flatMap(([name, field]) => {
    const { unique } = metaOf(field)
    if (unique === undefined) return []
    return [{ group: unique.together ?? `alone ${name}`, name, part: unique.part === undefined ? undefined : new RegExp(unique.part) }]
  })
  const made = [...Map.groupBy(marked, ({ group }) => group).values()]
  marks.set(settings, made)
  return made
}

/** What this tenant claims for itself. Fields that are not set claim nothing. Pure. */
export function claimsOf(tenant: Tenant, connectors: ReadonlyMap<string, Definition>): Claim[] {
  return parts.flatMap(part => {
    const { type, settings } = tenant[part]
    const definition = connectors.get(type)
    if (definition === undefined) return []
    return marksOf(definition.settings).flatMap(group => {
      const values = group.map(({ name, part: counted }) => countedPart(settings[name], counted))
      if (values.includes(undefined)) return []
      const fields = group.map(({ name }) => name)
      return [{ part, fields, key: JSON.stringify([part, type, fields, values]) }]
    })
  })
}
function countedPart(value: unknown, part: RegExp | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const text = String(value)
  return part?.exec(text)?.[1] ?? text
}

/** Throws ApiError `conflict` that names the tenants which have it already. */
export function assertUniqueSettings(tenant: Tenant, others: readonly Tenant[], connectors: ReadonlyMap<string, Definition>): void {
  const claims = claimsOf(tenant, connectors)
  if (claims.length === 0) return
  const taken = others
    .filter(other => other.id !== tenant.id)
    .flatMap(other => {
      const theirs = new Set(claimsOf(other, connectors).map(({ key }) => key))
      return claims.filter(({ key }) => theirs.has(key)).map(claim => ({ claim, by: other }))
    })
  const [first] = taken
  if (first === undefined) return
  throw new ApiError('conflict', `The tenant "${first.by.name}" has the same already, and the platform can serve only one of them.`, {
    fields: taken.flatMap(({ claim, by }) =>
      claim.fields.map(name => ({ pointer: `/${claim.part}/settings/${name}`, detail: `is used by the tenant "${by.name}"` })),
    ),
    members: { usedBy: [...new Map(taken.map(({ by }) => [by.id, { id: by.id, name: by.name }])).values()] },
  })
}

/** Tenants of one configuration that claim the same, as pairs. Pure. */
export function repeatedClaims(
  tenants: readonly Tenant[],
  connectors: ReadonlyMap<string, Definition>,
): { first: Tenant; second: Tenant; fields: readonly string[] }[] {
  const owners = new Map<string, Tenant>()
  return tenants.flatMap(tenant =>
    claimsOf(tenant, connectors).flatMap(({ key, fields }) => {
      const first = owners.get(key)
      if (first === undefined) owners.set(key, tenant)
      return first === undefined || first === tenant ? [] : [{ first, second: tenant, fields }]
    }),
  )
}
