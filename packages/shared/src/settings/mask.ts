import type { z } from 'zod'
import type { FieldMeta } from '../contract/field.ts'

export const maskedValue = '***'

export function metaOf(field: z.ZodType): Partial<FieldMeta> {
  return (field.meta() ?? {}) as Partial<FieldMeta>
}
export function secretFields(schema: z.ZodObject): string[] {
  return Object.entries(schema.shape)
    .filter(([, field]) => metaOf(field as z.ZodType).secret)
    .map(([name]) => name)
}

/** Settings as the API shows them: secrets that are set read `***`. Maps keep their keys. */
export function mask(schema: z.ZodObject, settings: Record<string, unknown>): Record<string, unknown> {
  const secrets = new Set(secretFields(schema))
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, secrets.has(name) ? maskValue(value) : value]))
}
function maskValue(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return value
  if (typeof value === 'object') return Object.fromEntries(Object.keys(value).map(key => [key, maskedValue]))
  return maskedValue
}

/** A masked value that is sent back keeps the stored one. */
export function unmask(schema: z.ZodObject, incoming: Record<string, unknown>, stored: Record<string, unknown> | undefined): Record<string, unknown> {
  const secrets = new Set(secretFields(schema))
  return Object.fromEntries(Object.entries(incoming).map(([name, value]) => [name, secrets.has(name) ? unmaskValue(value, stored?.[name]) : value]))
}
function unmaskValue(value: unknown, stored: unknown): unknown {
  if (value === maskedValue) return stored
  if (value === null || typeof value !== 'object') return value
  const before = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {}
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, item === maskedValue ? before[key] : item]))
}

/** All secret strings of some settings: what logs must never show. */
export function secretValues(schema: z.ZodObject, settings: Record<string, unknown>): string[] {
  return secretFields(schema)
    .flatMap(name => {
      const value = settings[name]
      return typeof value === 'object' && value !== null ? Object.values(value) : [value]
    })
    .filter((value): value is string => typeof value === 'string' && value.length >= 6)
}
