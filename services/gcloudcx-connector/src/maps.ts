import { createHmac } from 'node:crypto'
import type { Settings } from './definition.ts'

/**
 * Address of a map picture; nothing without a key. https://developers.google.com/maps/documentation/maps-static/digital-signature : the signature covers path and
 * query as they are written, so their order and escapes are ours alone.
 */
export function staticMapUrl(latitude: number, longitude: number, settings: Settings): string | undefined {
  const { googleMapsKey: key, googleMapsSecret: secret, googleMapsLanguage: language } = settings
  if (key === undefined) return undefined
  const place = `${latitude.toFixed(6)}%2C${longitude.toFixed(6)}`
  const size = `${settings.googleMapsWidth}x${settings.googleMapsHeight}`
  const spoken = language === undefined ? '' : `&language=${encodeURIComponent(language)}`
  const path = `/maps/api/staticmap?center=${place}&zoom=${settings.googleMapsZoom}&size=${size}&markers=${place}${spoken}&key=${encodeURIComponent(key)}`
  return `${settings.googleMapsUrl}${path}${secret === undefined ? '' : `&signature=${signature(path, secret)}`}`
}

export function signature(pathAndQuery: string, secret: string): string {
  const digest = createHmac('sha1', Buffer.from(secret, 'base64url')).update(pathAndQuery).digest('base64')
  return digest.replaceAll('+', '-').replaceAll('/', '_')
}

export function mapsSearchUrl(latitude: number, longitude: number): string {
  return `https://www.google.com/maps/search/?api=1&query=${latitude},${longitude}`
}
