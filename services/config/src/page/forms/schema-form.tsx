import { type ReactNode, useState } from 'react'
import type { FieldSchema } from '../api/types.ts'
import { Icon } from '../controls/icon.tsx'
import { Notice } from '../controls/notice.tsx'
import { useText } from '../i18n/i18n.tsx'
import { useForm } from './form-context.tsx'
import { type FieldModel, fieldsOf } from './model.ts'
import { joinPointer, parsePointer } from './pointer.ts'
import { SchemaField } from './schema-field.tsx'

interface SchemaFormProps {
  /** whose settings they are, for words and hand-made parts: 'telegram', 'storage.aws', 'commander' */
  scope: string
  schema: FieldSchema
  /** where they are in the document, '/messaging/settings' */
  root: string
  /** hand-made parts that come after a field */
  after?: (field: string) => ReactNode
}

/** The form of a schema: its fields in their order, the advanced ones folded away. */
export function SchemaForm({ scope, schema, root, after }: SchemaFormProps) {
  const { errors } = useFormErrors(root, schema)
  const fields = fieldsOf(schema)
  const plain = fields.filter(field => !field.isAdvanced)
  const advanced = fields.filter(field => field.isAdvanced)
  const draw = (field: FieldModel) => (
    <div className="field-slot" key={field.name}>
      <SchemaField scope={scope} field={field} root={root} />
      {after?.(field.name)}
    </div>
  )
  return (
    <>
      {errors.length > 0 && (
        <Notice tone="bad">
          {errors.map(error => (
            <p key={error}>{error}</p>
          ))}
        </Notice>
      )}
      <div className="fields">{plain.map(draw)}</div>
      {advanced.length > 0 && (
        <Advanced root={root} names={advanced.map(({ name }) => name)}>
          <div className="fields">{advanced.map(draw)}</div>
        </Advanced>
      )}
    </>
  )
}

/** What is wrong below `root` but not with one of the fields that are drawn. */
function useFormErrors(root: string, schema: FieldSchema): { errors: string[] } {
  const form = useForm()
  const names = new Set(Object.keys(schema.properties ?? {}))
  const unplaced = form
    .errorPointers()
    .filter(pointer => pointer === root || (pointer.startsWith(`${root}/`) && !names.has(parsePointer(pointer.slice(root.length))[0] ?? '')))
  return {
    errors: unplaced.flatMap(pointer => {
      const name = parsePointer(pointer.slice(root.length)).join(' › ')
      return form.errorsAt(pointer).map(error => (name === '' ? error : `${name}: ${error}`))
    }),
  }
}

function Advanced({ root, names, children }: { root: string; names: readonly string[]; children: ReactNode }) {
  const t = useText()
  const form = useForm()
  const [isOpen, setOpen] = useState(false)
  const wrong = form
    .errorPointers()
    .filter(pointer => names.some(name => pointer === joinPointer(root, name) || pointer.startsWith(`${joinPointer(root, name)}/`))).length
  const open = isOpen || wrong > 0
  return (
    <section className="advanced">
      <button type="button" className="advanced-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'down' : 'open'} small />
        {t('form.advanced')}
        {wrong > 0 && <span className="count count-bad">{wrong}</span>}
      </button>
      {open && children}
    </section>
  )
}
