import type { FieldSchema } from '../api/types.ts'
import { useForm } from '../forms/form-context.tsx'
import { joinPointer } from '../forms/pointer.ts'
import { useText } from '../i18n/i18n.tsx'
import { readGoogleKey } from './credentials-file.ts'
import { FileDrop } from './file-drop.tsx'
import type { PartProps } from './registry.tsx'

export function GoogleCredentials({ platform, root }: PartProps) {
  return platform === undefined ? null : <GoogleKeyDrop schema={platform.settings} root={root} />
}

/** A service account's key file fills the form. */
export function GoogleKeyDrop({ schema, root }: { schema: FieldSchema; root: string }) {
  const t = useText()
  const form = useForm()
  return (
    <FileDrop
      title={t('part.googleKey')}
      text={t('part.googleKeyText')}
      accept="application/json,.json"
      onText={text => {
        const values = readGoogleKey(text, schema)
        if (values === undefined) return t('part.googleKeyWrong')
        for (const [name, value] of Object.entries(values)) form.set(joinPointer(root, name), value)
        return undefined
      }}
    />
  )
}
