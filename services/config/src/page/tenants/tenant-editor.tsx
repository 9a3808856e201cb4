import { useCallback, useMemo, useRef, useState } from 'react'
import type { Loaded } from '../api/client.ts'
import { withoutStatus } from '../api/client.ts'
import { type Catalog, useStorages } from '../api/queries.ts'
import type { FieldError, Plain, Tenant } from '../api/types.ts'
import { useRoute } from '../app-context.tsx'
import { Icon } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import type { Version } from '../document/use-draft.ts'
import { useEditor } from '../document/use-editor.tsx'
import { FormProvider } from '../forms/form-context.tsx'
import { Page } from '../frame/page.tsx'
import { useLanguage, useText } from '../i18n/i18n.tsx'
import { Checklist } from './checklist.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { StateBadge } from './state-badge.tsx'
import { errorCounts, secretPlaces, sentTenant, type TenantTab, tabOf, tenantTabs } from './tenant-document.ts'
import { TenantMenu } from './tenant-menu.tsx'
import { stateOf } from './tenant-state.ts'
import { TenantTabs } from './tenant-tabs.tsx'
import { tenantWords } from './tenant-words.ts'

interface TenantEditorProps {
  catalog: Catalog
  /** absent: a new tenant */
  stored?: Loaded<Tenant>
  /** what a new tenant begins with */
  latest?: Plain
  /** a new tenant that has content already: a duplicate, a file */
  given?: Plain | undefined
}

export function TenantEditor({ catalog, stored, latest, given }: TenantEditorProps) {
  const t = useText()
  const { catalog: texts } = useLanguage()
  const { query, go, refine } = useRoute()
  const storages = useStorages()
  const [isDeleting, setDeleting] = useState(false)
  const tenant = stored?.data
  const version = useMemo<Version<Plain>>(
    () => (stored === undefined ? { document: latest ?? {}, etag: undefined } : { document: withoutStatus(stored.data), etag: stored.etag }),
    [stored, latest],
  )
  const tab = tenantTabs.find(each => each === query.get('tab')) ?? 'general'
  const choose = (next: TenantTab) => refine({ tab: next === 'general' ? undefined : next })

  const words = useMemo(() => tenantWords(t, texts, catalog), [t, texts, catalog])
  // what a place is called, and whether it is secret, depends on the platforms that are chosen at the moment
  const edited = useRef<Plain>({})
  const { draft, isLocked, buttons, notices, dialogs } = useEditor<Tenant>({
    key: `tenants/${tenant?.id ?? 'new'}`,
    collection: 'tenants',
    path: tenant === undefined ? '/tenants' : `/tenants/${tenant.id}`,
    isStored: tenant !== undefined,
    latest: version,
    given,
    documentOf: withoutStatus,
    bodyOf: sentTenant,
    words: useCallback((error: FieldError) => words.error(error, edited.current), [words]),
    labelOf: pointer => words.place(pointer, edited.current),
    isSecret: useCallback((pointer: string) => secretPlaces(edited.current, catalog)(pointer), [catalog]),
    onWrong(errors) {
      const wrong = tenantTabs.filter(each => errors.some(error => tabOf(error.pointer) === each))
      if (!wrong.includes(tab) && wrong[0] !== undefined) choose(wrong[0])
    },
    onSaved({ data }) {
      if (tenant === undefined) go(`/tenants/${data.id}${tab === 'general' ? '' : `?tab=${tab}`}`, { replace: true, force: true })
    },
    saved: { title: t('tenant.saved'), text: t('tenant.savedText') },
  })
  edited.current = draft.document
  const typed = draft.document.name

  return (
    <Page
      title={tenant?.name ?? (typeof typed === 'string' && typed !== '' ? typed : t('tenant.new'))}
      above={
        <Link to="/tenants" className="back-link">
          <Icon name="back" small />
          {t('tenant.all')}
        </Link>
      }
      state={tenant && <StateBadge state={stateOf(tenant)} />}
      actions={
        <>
          {tenant && <TenantMenu stored={draft.base.document} tenant={tenant} onDelete={() => setDeleting(true)} />}
          {buttons}
        </>
      }
    >
      {notices}
      <div className="editor" inert={isLocked}>
        <FormProvider form={draft.form}>
          <TenantTabs
            tab={tab}
            onChoose={choose}
            errors={errorCounts(draft.errors.map(({ pointer }) => pointer))}
            catalog={catalog}
            storages={storages.data ?? []}
            tenant={tenant}
          />
        </FormProvider>
        <Checklist tenant={tenant} storages={storages.data} />
      </div>
      {dialogs}
      {isDeleting && tenant && (
        <DeleteDialog tenant={tenant} etag={stored?.etag} catalog={catalog} onClose={() => setDeleting(false)} onDeleted={draft.discard} />
      )}
    </Page>
  )
}
