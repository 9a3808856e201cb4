import { ApiError } from '@um/shared/errors'
import type { Tenant } from '@um/shared/settings'
import { z } from 'zod'
import type { ConfigView } from '../config/mirror.ts'
import { sameName } from '../documents/checked.ts'

/** How IVRs name their tenant: one of the two. */
export const tenantFields = {
  tenantId: z.uuid().optional().meta({ description: 'The tenant by id; or' }),
  tenant: z.string().min(1).max(100).optional().meta({ description: 'by name.' }),
}
type Named = { readonly tenantId?: string | undefined; readonly tenant?: string | undefined }

export function assertOneName(request: Named, check: z.RefinementCtx): void {
  if ((request.tenantId === undefined) === (request.tenant === undefined))
    check.addIssue({ code: 'custom', path: ['tenantId'], message: 'give either tenantId or tenant' })
}

/** Throws ApiError `notFound`. */
export function namedTenant(view: ConfigView, { tenantId, tenant }: Named): Tenant {
  const found =
    tenantId === undefined
      ? view.tenants().find(({ document }) => tenant !== undefined && sameName(document.name, tenant.trim()))?.document
      : view.tenant(tenantId.toLowerCase())?.document
  if (found !== undefined) return found
  throw new ApiError('notFound', 'There is no such tenant.', {
    fields: [{ pointer: tenantId === undefined ? '/tenant' : '/tenantId', detail: 'is not a tenant' }],
  })
}
