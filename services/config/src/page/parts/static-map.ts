/** https://developers.google.com/maps/documentation/maps-static */
export interface StaticMap {
  url: string
  key: string
  /** URL signing secret, URL-safe base64 */
  secret: string | undefined
  language: string | undefined
  width: number
  height: number
  zoom: number
}
/** Tokyo Station: a place where a map shows something at every zoom. */
const place = '35.681236,139.767125'

/** The address of a map as agents will see it. */
export async function staticMapAddress(map: StaticMap): Promise<string> {
  const query = new URLSearchParams({
    center: place,
    zoom: String(map.zoom),
    size: `${map.width}x${map.height}`,
    markers: place,
    ...(map.language === undefined ? {} : { language: map.language }),
    key: map.key,
  })
  const path = `/maps/api/staticmap?${query}`
  const signature = map.secret === undefined ? '' : `&signature=${await signed(path, map.secret)}`
  return `${map.url.replace(/\/+$/, '')}${path}${signature}`
}

async function signed(path: string, secret: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(path)))
  return btoa(String.fromCharCode(...mac))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}
