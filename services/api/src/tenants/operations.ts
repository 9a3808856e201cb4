import type { Definition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import type { Tenant } from '@um/shared/settings'
import { z } from 'zod'
import { changedPointers } from '../audit/changes.ts'
import type { AuditEntry } from '../audit/trail.ts'
import type { ConfigView, Entry } from '../config/mirror.ts'
import type { ConfigStore } from '../config/store.ts'
import { documentOf, isPlain, sameName } from '../documents/checked.ts'
import { newId } from '../documents/id.ts'
import { mergePatch } from '../documents/merge-patch.ts'
import { generate } from '../documents/new-values.ts'
import { assertUnchanged, etagOf } from '../http/etag.ts'
import { type Answer, type Call, type Operation, operation } from '../http/operation.ts'
import { pageOf, pagingFields, pagingHeaders } from '../http/paging.ts'
import type { FlowReports } from '../reports/flow.ts'
import { type States, statesKey } from '../reports/states.ts'
import { checkTenant } from './check.ts'
import { type Fares, presentTenant, tenantStatus } from './present.ts'
import { TenantAnswer, TenantStatusAnswer, tenantExample, tenantInput, tenantPatch } from './schema.ts'
import { assertUniqueSettings } from './unique.ts'

interface Parts {
  store: ConfigStore
  states: States
  flows: FlowReports
  connectors: ReadonlyMap<string, Definition>
  /** gives the fleet a moment to hear of what was stored */
  announced(): Promise<void>
}
type Doer = Pick<Call<unknown, unknown>, 'administrator' | 'address'>
const tag = 'Tenants'
const params = { id: 'The tenant.' }
const ifMatch = { 'If-Match': 'The ETag of what you read: 412 when somebody has saved the tenant since.' }
const etag = { ETag: 'The revision, for If-Match.' }

export function tenantOperations({ store, states, flows, connectors, announced }: Parts): Operation[] {
  const faresOf = async (ids: readonly string[]): Promise<(id: string) => Fares> => {
    const [reports, flow] = await Promise.all([states.find('tenants', ids), flows.all()])
    return id => ({ reports: reports.get(id), flows: flow })
  }
  const answer = async (status: number, { document, revision }: Entry<'tenants'>, headers: Record<string, string> = {}): Promise<Answer> => {
    const fares = await faresOf([document.id])
    return { status, headers: { ETag: etagOf(revision), ...headers }, body: presentTenant(document, fares(document.id), connectors) }
  }
  const surroundings = (view: ConfigView) => ({ connectors, storageIds: new Set(view.storages().map(({ document }) => document.id)), generate })

  /** Checks `body` (made of what is stored) and stores it. */
  const save = async (id: string, by: Doer, ifMatchHeader: string | undefined, body: (stored: Tenant) => unknown): Promise<Entry<'tenants'>> => {
    const saved = await store.transact(view => {
      const stored = existing(view, id)
      assertUnchanged(ifMatchHeader, stored.revision)
      const document = documentOf(checkTenant(id, body(stored.document), stored.document, surroundings(view)))
      assertFreeName(view, document)
      assertUniqueSettings(document, documentsOf(view), connectors)
      const changed = changedPointers(stored.document, document)
      if (changed.length === 0) return { changes: [], result: () => stored }
      return {
        changes: [{ op: 'put', collection: 'tenants', id, document }],
        audit: [auditOf(by, 'update', document, changed)],
        result: after => existing(after, id),
      }
    })
    await announced()
    return saved
  }

  return [
    operation({
      id: 'listTenants',
      method: 'GET',
      path: '/tenants',
      tag,
      summary: 'List the tenants',
      description: 'Sorted by name.',
      access: 'administrator',
      query: z.object({
        ...pagingFields,
        name: z.string().max(200).optional().meta({ description: 'Part of the name, in any letters.' }),
        messaging: z.string().max(50).optional().meta({ description: 'Messaging platform, e.g. telegram.' }),
        cxPlatform: z.string().max(50).optional().meta({ description: 'CX platform, e.g. gcloudcx.' }),
        enabled: z.stringbool().optional().meta({ description: 'Only those that are enabled, or only those that are not.' }),
      }),
      answers: { 200: { description: 'The tenants.', schema: z.array(TenantAnswer), headers: pagingHeaders } },
      problems: ['invalid'],
      async handle({ query, url }) {
        const view = await store.read()
        const wanted = query.name?.normalize('NFKC').toLowerCase()
        const found = view
          .tenants()
          .map(({ document }) => document)
          .filter(tenant => wanted === undefined || tenant.name.normalize('NFKC').toLowerCase().includes(wanted))
          .filter(tenant => query.messaging === undefined || tenant.messaging.type === query.messaging)
          .filter(tenant => query.cxPlatform === undefined || tenant.cxPlatform.type === query.cxPlatform)
          .filter(tenant => query.enabled === undefined || tenant.enabled === query.enabled)
          .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
        const { items, headers } = pageOf(found, query, url)
        const fares = await faresOf(items.map(({ id }) => id))
        return { status: 200, headers, body: items.map(tenant => presentTenant(tenant, fares(tenant.id), connectors)) }
      },
    }),
    operation({
      id: 'createTenant',
      method: 'POST',
      path: '/tenants',
      tag,
      summary: 'Add a tenant',
      description: 'The id may be given; otherwise it is made. Fields that are generated (a webhook secret) are made when they are left out.',
      access: 'administrator',
      body: z.unknown(),
      bodySchema: tenantInput(connectors),
      bodyExample: tenantExample,
      answers: { 201: { description: 'Stored; the services register it.', schema: TenantAnswer, headers: { ...etag, Location: 'Its address.' } } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'conflict'],
      async handle({ body, administrator, address }) {
        const id = newId(body)
        const created = await store.transact(view => {
          if (view.tenant(id) !== undefined)
            throw new ApiError('conflict', 'There is a tenant with this id.', { fields: [{ pointer: '/id', detail: 'exists already' }] })
          const document = documentOf(checkTenant(id, body, undefined, surroundings(view)))
          assertFreeName(view, document)
          assertUniqueSettings(document, documentsOf(view), connectors)
          return {
            changes: [{ op: 'put', collection: 'tenants', id, document }],
            audit: [auditOf({ administrator, address }, 'create', document)],
            result: after => existing(after, id),
          }
        })
        await announced()
        return answer(201, created, { Location: `/api/v1/tenants/${id}` })
      },
    }),
    operation({
      id: 'getTenant',
      method: 'GET',
      path: '/tenants/{id}',
      tag,
      summary: 'Read a tenant',
      access: 'administrator',
      params,
      answers: { 200: { description: 'The tenant; secrets read ***.', schema: TenantAnswer, headers: etag } },
      problems: ['notFound'],
      async handle(call) {
        return answer(200, existing(await store.read(), idOf(call)))
      },
    }),
    operation({
      id: 'replaceTenant',
      method: 'PUT',
      path: '/tenants/{id}',
      tag,
      summary: 'Replace a tenant',
      description: 'Secrets that are sent back as *** stay as they are.',
      access: 'administrator',
      params,
      headers: ifMatch,
      body: z.unknown(),
      bodySchema: tenantInput(connectors),
      bodyExample: tenantExample,
      answers: { 200: { description: 'Stored.', schema: TenantAnswer, headers: etag } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'notFound', 'conflict', 'changed'],
      async handle(call) {
        return answer(200, await save(idOf(call), call, call.header('if-match'), () => call.body))
      },
    }),
    operation({
      id: 'patchTenant',
      method: 'PATCH',
      path: '/tenants/{id}',
      tag,
      summary: 'Change some fields of a tenant',
      description: 'JSON Merge Patch (RFC 7396): members replace, null removes.',
      access: 'administrator',
      params,
      headers: ifMatch,
      body: z.unknown(),
      bodySchema: tenantPatch,
      bodyTypes: ['application/merge-patch+json', 'application/json'],
      bodyExample: { enabled: false },
      answers: { 200: { description: 'Stored.', schema: TenantAnswer, headers: etag } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'notFound', 'conflict', 'changed'],
      async handle(call) {
        if (!isPlain(call.body)) throw new ApiError('invalid', 'See errors.', { fields: [{ pointer: '', detail: 'must be an object' }] })
        return answer(200, await save(idOf(call), call, call.header('if-match'), stored => mergePatch(stored, call.body)))
      },
    }),
    operation({
      id: 'deleteTenant',
      method: 'DELETE',
      path: '/tenants/{id}',
      tag,
      summary: 'Remove a tenant',
      description: 'The services give back what they have registered at the platforms.',
      access: 'administrator',
      params,
      headers: ifMatch,
      answers: { 204: { description: 'Removed.' } },
      problems: ['notFound', 'changed'],
      async handle(call) {
        const id = idOf(call)
        await store.transact(view => {
          const { document, revision } = existing(view, id)
          assertUnchanged(call.header('if-match'), revision)
          return {
            changes: [{ op: 'delete', collection: 'tenants', id, document }],
            commands: [['DEL', statesKey('tenants', id)]],
            audit: [auditOf(call, 'delete', document)],
            result: () => undefined,
          }
        })
        await announced()
        return { status: 204 }
      },
    }),
    operation({
      id: 'getTenantStatus',
      method: 'GET',
      path: '/tenants/{id}/status',
      tag,
      summary: 'How a tenant fares',
      description: 'What the services say of it: registered or not, the last error, the webhook address, and each step of the registration.',
      access: 'administrator',
      params,
      answers: { 200: { description: 'The status of both parts.', schema: TenantStatusAnswer } },
      problems: ['notFound'],
      async handle(call) {
        const { document } = existing(await store.read(), idOf(call))
        const fares = await faresOf([document.id])
        return { status: 200, body: tenantStatus(document, fares(document.id)) }
      },
    }),
  ]
}

function idOf(call: { params: Readonly<Record<string, string>> }): string {
  return (call.params.id ?? '').toLowerCase()
}
function existing(view: ConfigView, id: string): Entry<'tenants'> {
  const found = view.tenant(id)
  if (found === undefined) throw new ApiError('notFound', 'There is no tenant with this id.')
  return found
}
function documentsOf(view: ConfigView): Tenant[] {
  return view.tenants().map(({ document }) => document)
}
function assertFreeName(view: ConfigView, tenant: Tenant): void {
  if (!documentsOf(view).some(other => other.id !== tenant.id && sameName(other.name, tenant.name))) return
  throw new ApiError('conflict', 'Another tenant has this name.', { fields: [{ pointer: '/name', detail: 'is the name of another tenant' }] })
}
function auditOf(by: Doer, action: AuditEntry['action'], { id, name }: Tenant, changed?: string[]): AuditEntry {
  return { who: by.administrator.user, address: by.address, action, target: { collection: 'tenants', id, name }, ...(changed === undefined ? {} : { changed }) }
}
