import type { Catalog } from '../api/queries.ts'
import type { Plain, Platform, SettingsType } from '../api/types.ts'
import { defaultsOf, fieldsOf } from '../forms/model.ts'
import { isRecord, parsePointer } from '../forms/pointer.ts'

export const tenantTabs = ['general', 'authentication', 'cxPlatform', 'commander', 'messaging'] as const
export type TenantTab = (typeof tenantTabs)[number]

/** The tab on which a place of the document is edited. */
export function tabOf(pointer: string): TenantTab {
  const [first] = parsePointer(pointer)
  return tenantTabs.find(tab => tab === first) ?? 'general'
}
export function errorCounts(pointers: readonly string[]): Record<TenantTab, number> {
  const counts: Record<TenantTab, number> = { general: 0, authentication: 0, cxPlatform: 0, commander: 0, messaging: 0 }
  for (const pointer of new Set(pointers)) counts[tabOf(pointer)] += 1
  return counts
}

export function platformOf(catalog: Catalog, part: 'messaging' | 'cxPlatform', type: unknown): Platform | undefined {
  return platformsOf(catalog, part).find(({ id }) => id === type)
}
export function platformsOf(catalog: Catalog, part: 'messaging' | 'cxPlatform'): readonly Platform[] {
  const role = part === 'messaging' ? 'messaging' : 'cx'
  return catalog.platforms.filter(platform => platform.role === role).toSorted((a, b) => a.label.localeCompare(b.label))
}

export function partWith(part: 'messaging' | 'cxPlatform', platform: Platform | undefined): Plain {
  const settings = platform === undefined ? {} : defaultsOf(platform.settings)
  const common = { type: platform?.id ?? '', storageId: null, settings }
  return part === 'messaging' ? { ...common, showSystemMessages: false, prefixAgentName: false } : common
}

/** A tenant that is not stored yet. The only CX platform there is needs no choosing. */
export function newTenant(catalog: Catalog): Plain {
  const cx = platformsOf(catalog, 'cxPlatform')
  return {
    name: '',
    subscriptionId: null,
    enabled: true,
    authentication: { type: 'basic', username: '' },
    cxPlatform: partWith('cxPlatform', cx[0]),
    commander: { enabled: false, useDefault: true, prefix: '>', settings: {} },
    messaging: partWith('messaging', undefined),
  }
}

/** What was handed over, completed: a file may hold a part of a tenant only. */
export function completed(document: Plain, catalog: Catalog): Plain {
  const fresh = newTenant(catalog)
  const { id: _own, status: _readOnly, ...given } = document
  const parts = Object.entries({ ...fresh, ...given }).map(([name, value]) => {
    const base = fresh[name]
    return [name, isRecord(value) && isRecord(base) && name !== 'authentication' ? { ...base, ...value } : value]
  })
  return Object.fromEntries(parts)
}

/** What is sent. An own commander that is not used must not be complete. */
export function sentTenant(document: Plain): Plain {
  const commander = isRecord(document.commander) ? document.commander : {}
  const usesOwn = commander.enabled === true && commander.useDefault === false
  return usesOwn || hasOwnCommander(commander) ? document : { ...document, commander: { ...commander, settings: {} } }
}
function hasOwnCommander({ settings }: Plain): boolean {
  return isRecord(settings) && typeof settings.projectId === 'string'
}

/** Places that hold secrets, by the schemas of the platforms that the document names. */
export function secretPlaces(document: Plain, catalog: Catalog): (pointer: string) => boolean {
  const roots = [
    ['/messaging/settings', platformOf(catalog, 'messaging', isRecord(document.messaging) ? document.messaging.type : undefined)],
    ['/cxPlatform/settings', platformOf(catalog, 'cxPlatform', isRecord(document.cxPlatform) ? document.cxPlatform.type : undefined)],
    ['/commander/settings', catalog.commanders[0]],
  ] as const satisfies readonly (readonly [string, SettingsType | undefined])[]
  const places = [
    '/authentication/password',
    ...roots.flatMap(([root, type]) =>
      type === undefined
        ? []
        : fieldsOf(type.settings)
            .filter(({ isSecret }) => isSecret)
            .map(({ name }) => `${root}/${name}`),
    ),
  ]
  return pointer => places.some(place => pointer === place || pointer.startsWith(`${place}/`))
}
