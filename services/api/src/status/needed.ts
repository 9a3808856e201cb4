import type { ConfigView } from '../config/mirror.ts'

/** The services without which something that is configured does not work. */
export function neededServices(view: Pick<ConfigView, 'tenants' | 'storages'>): Set<string> {
  const needed = new Set(['api'])
  for (const { document } of view.tenants()) {
    if (!document.enabled) continue
    needed.add(`${document.messaging.type}-connector`)
    needed.add(`${document.cxPlatform.type}-connector`)
  }
  for (const { document } of view.storages()) needed.add(`${document.type}-provider`)
  return needed
}
