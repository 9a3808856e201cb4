import { regions, type Settings } from './definition.ts'

/** `maps` is never called by this connector: Genesys Cloud fetches the picture, so only its address is made. */
export function bases(settings: Settings): { api: string; login: string; maps: string } {
  const api = settings.apiUrl ?? `https://api.${regions[settings.region].domain}`
  return { api, login: settings.loginUrl ?? api.replace('//api.', '//login.'), maps: settings.googleMapsUrl }
}

/** Hosts that may see the access token: those of the tenant's region, and the API that its settings name. */
export function mayHaveToken(url: string, settings: Settings): boolean {
  if (!URL.canParse(url)) return false
  const { origin, protocol, hostname } = new URL(url)
  if (origin === new URL(bases(settings).api).origin) return true
  const { domain } = regions[settings.region]
  return protocol === 'https:' && (hostname === domain || hostname.endsWith(`.${domain}`))
}
