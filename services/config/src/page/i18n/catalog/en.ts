import type { CatalogTexts } from '../catalog.ts'

export const en: CatalogTexts = {}
