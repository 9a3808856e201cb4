import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ApiClient } from '../api/client.ts'
import { everyPage } from '../api/every-page.ts'
import type { DeadLetter } from '../api/types.ts'
import { useApi } from '../app-context.tsx'

/** By service; one that is not named has none. */
export type DeadLetterCounts = ReadonlyMap<string, number>

/** The API tells their number in all only, so they are counted here. `total`: that number; they are counted again when it changes. Undefined: not known yet. */
export function useDeadLetterCounts(total: number): DeadLetterCounts | undefined {
  const api = useApi()
  const counts = useQuery({
    queryKey: ['dead-letters', 'counts', total],
    queryFn: ({ signal }) => countDeadLetters(api, signal),
    enabled: total > 0,
    placeholderData: keepPreviousData,
    // one may have come as another went
    refetchInterval: 30_000,
  })
  return total === 0 ? new Map() : counts.data
}

export async function countDeadLetters(api: Pick<ApiClient, 'call'>, signal: AbortSignal): Promise<DeadLetterCounts> {
  const counts = new Map<string, number>()
  for (const { service } of await everyPage<DeadLetter>(api, '/dead-letters', signal)) counts.set(service, (counts.get(service) ?? 0) + 1)
  return counts
}
