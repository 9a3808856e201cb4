import type { Tenant } from '@um/shared/settings'

export interface Use {
  id: string
  name: string
  /** the parts of the tenant whose attachments go there */
  parts: ('messaging' | 'cxPlatform')[]
}

/** The tenants that store with it: by name, or because it is the default. */
export function usesOf(storage: { id: string; isDefault: boolean }, tenants: readonly Tenant[]): Use[] {
  return tenants.flatMap(tenant => {
    const parts = (['messaging', 'cxPlatform'] as const).filter(part => {
      const { storageId } = tenant[part]
      return storageId === storage.id || (storageId === null && storage.isDefault)
    })
    return parts.length === 0 ? [] : [{ id: tenant.id, name: tenant.name, parts }]
  })
}
