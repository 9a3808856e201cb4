import { QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useApi } from '../app-context.tsx'
import type { ApiClient, Loaded } from './client.ts'
import { everyPage } from './every-page.ts'
import { SessionEnded, Unreachable } from './problems.ts'
import { readDocument } from './read-document.ts'
import type { FleetSettings, FleetStatus, NotifierStatus, Platform, SettingsType, Storage, Tenant } from './types.ts'

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // a lost connection is tried again for a while; a refusal is an answer
        retry: (failures, error) => error instanceof Unreachable && failures < 2,
        retryDelay: attempt => Math.min(1000 * 2 ** attempt, 8000),
        staleTime: 2000,
        throwOnError: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}

function useApiQuery<T>(
  key: readonly unknown[],
  ask: (api: ApiClient, signal: AbortSignal) => Promise<T>,
  options: { everySeconds?: number; forever?: boolean; enabled?: boolean } = {},
): UseQueryResult<T> {
  const api = useApi()
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ask(api, signal),
    enabled: options.enabled ?? true,
    staleTime: options.forever ? Number.POSITIVE_INFINITY : 2000,
    refetchInterval: query => (options.everySeconds === undefined || query.state.error instanceof SessionEnded ? false : options.everySeconds * 1000),
  })
}

export interface Catalog {
  platforms: readonly Platform[]
  storages: readonly SettingsType[]
  notifiers: readonly SettingsType[]
  commanders: readonly SettingsType[]
}
/** What can be configured; it does not change while the page is open. */
export function useCatalog(): UseQueryResult<Catalog> {
  return useApiQuery(
    ['catalog'],
    async (api, signal) => {
      const [platforms, storages, notifiers, commanders] = await Promise.all([
        api.get<Platform[]>('/platforms', signal),
        api.get<SettingsType[]>('/storage-types', signal),
        api.get<SettingsType[]>('/notifier-types', signal),
        api.get<SettingsType[]>('/commander-types', signal),
      ])
      return { platforms, storages, notifiers, commanders }
    },
    { forever: true },
  )
}
/** Made for this installation, so it does not change while the page is open either. */
export function usePlatformDocument(platform: string, name: string): UseQueryResult<string> {
  return useApiQuery(['catalog', platform, 'documents', name], (api, signal) => readDocument(api, platform, name, signal), { forever: true })
}
export function useTenants(): UseQueryResult<Tenant[]> {
  return useApiQuery(['tenants'], (api, signal) => everyPage<Tenant>(api, '/tenants', signal), { everySeconds: 10 })
}
export function useTenant(id: string): UseQueryResult<Loaded<Tenant>> {
  return useApiQuery(['tenants', id], (api, signal) => api.call<Tenant>('GET', `/tenants/${encodeURIComponent(id)}`, { signal }), { everySeconds: 4 })
}
export function useStorages(): UseQueryResult<Storage[]> {
  return useApiQuery(['storages'], (api, signal) => everyPage<Storage>(api, '/storages', signal), { everySeconds: 30 })
}
export function useStorage(id: string): UseQueryResult<Loaded<Storage>> {
  return useApiQuery(['storages', id], (api, signal) => api.call<Storage>('GET', `/storages/${encodeURIComponent(id)}`, { signal }), { everySeconds: 10 })
}
export function useSettings(): UseQueryResult<Loaded<FleetSettings>> {
  return useApiQuery(['settings'], (api, signal) => api.call<FleetSettings>('GET', '/settings', { signal }), { everySeconds: 30 })
}
export function useNotifierStatus(): UseQueryResult<NotifierStatus[]> {
  return useApiQuery(['settings', 'notifiers'], (api, signal) => api.get('/settings/notifiers/status', signal), { everySeconds: 10 })
}
export function useStatus(): UseQueryResult<FleetStatus> {
  return useApiQuery(['status'], (api, signal) => api.get('/status', signal), { everySeconds: 5 })
}
/** One of the site's own files. */
export function useSiteFile<T>(name: string): UseQueryResult<T> {
  return useQuery({
    queryKey: ['site', name],
    queryFn: async ({ signal }): Promise<T> => {
      const answer = await fetch(`/${name}`, { signal }).catch(error => {
        throw new Unreachable('no answer', { cause: error })
      })
      if (!answer.ok) throw new Unreachable(`HTTP ${answer.status}`)
      return answer.json()
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}
