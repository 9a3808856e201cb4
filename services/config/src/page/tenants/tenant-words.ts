import type { Catalog } from '../api/queries.ts'
import type { FieldError, FieldSchema, Plain } from '../api/types.ts'
import { errorWords } from '../forms/error-words.ts'
import { isRecord, parsePointer } from '../forms/pointer.ts'
import { type CatalogTexts, fieldTexts } from '../i18n/catalog.ts'
import type { TextKey } from '../i18n/en.ts'
import type { Translate } from '../i18n/i18n.tsx'
import { platformOf, tabOf } from './tenant-document.ts'

const places: Readonly<Record<string, TextKey>> = {
  '/name': 'tenant.name',
  '/subscriptionId': 'tenant.subscription',
  '/enabled': 'tenant.enabled',
  '/authentication/type': 'tenant.authenticationType',
  '/authentication/username': 'tenant.username',
  '/authentication/password': 'tenant.password',
  '/cxPlatform/type': 'tenant.platform',
  '/messaging/type': 'tenant.platform',
  '/cxPlatform/storageId': 'tenant.storage',
  '/messaging/storageId': 'tenant.storage',
  '/messaging/showSystemMessages': 'tenant.showSystemMessages',
  '/messaging/prefixAgentName': 'tenant.prefixAgentName',
  '/commander/enabled': 'tenant.useCommander',
  '/commander/useDefault': 'tenant.defaultCommander',
  '/commander/prefix': 'tenant.commanderPrefix',
}

/** How the places of a tenant are called, and what is wrong there. */
export function tenantWords(
  t: Translate,
  texts: CatalogTexts,
  catalog: Catalog,
): { error(error: FieldError, document: Plain): string; place(pointer: string, document: Plain): string } {
  const fieldAt = (pointer: string, document: Plain): { scope: string; name: string; schema: FieldSchema | undefined; rest: string[] } | undefined => {
    const [part, settings, name, ...rest] = parsePointer(pointer)
    if (settings !== 'settings' || name === undefined) return undefined
    if (part === 'commander') return { scope: 'commander', name, schema: catalog.commanders[0]?.settings.properties?.[name], rest }
    if (part !== 'messaging' && part !== 'cxPlatform') return undefined
    const own = document[part]
    const platform = platformOf(catalog, part, isRecord(own) ? own.type : undefined)
    return platform && { scope: platform.id, name, schema: platform.settings.properties?.[name], rest }
  }
  return {
    error({ pointer, detail }, document) {
      const field = fieldAt(pointer, document)
      return errorWords(t, detail, field && fieldTexts(texts, field.scope, field.name).hint)
    },
    place(pointer, document) {
      const field = fieldAt(pointer, document)
      const key = places[pointer]
      const label =
        field !== undefined
          ? [fieldTexts(texts, field.scope, field.name).label ?? field.schema?.title ?? field.name, ...field.rest].join(' › ')
          : key !== undefined
            ? t(key)
            : pointer
      return `${t(`tenant.tab.${tabOf(pointer)}`)} › ${label}`
    },
  }
}
