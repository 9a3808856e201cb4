import type { Platform, PlatformDocument } from '../api/types.ts'
import { type CatalogTexts, fieldTexts } from '../i18n/catalog.ts'

/** The documents of a platform, with their words in the page's language where it has them. */
export function shownDocuments(texts: CatalogTexts, { id, documents }: Pick<Platform, 'id' | 'documents'>): PlatformDocument[] {
  return documents.map(document => {
    const { label = document.title, help = document.help } = fieldTexts(texts, `${id}.documents`, document.name)
    return { ...document, title: label, help }
  })
}
